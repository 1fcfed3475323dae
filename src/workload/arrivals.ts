// When the items of a schedule arrive: lazily, in rising order, the same for the same stream.
import type { RandomStream } from '../core/random.ts';
import { Intensity } from './intensity.ts';

/** When items may arrive: a window in seconds, how they arrive in it, and the relative intensity of its equal parts. */
export interface ArrivalSchedule {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly arrivals: 'steady' | 'poisson' | 'burst';
  readonly shape: readonly number[];
}

/** How many items arrive: a number of them, or so many a second while the intensity is 1. */
export type Amount = { readonly count: number } | { readonly perSecond: number };

/**
 * The arrival times of a schedule's items, in seconds, rising.
 *
 * - `steady`: item k of N arrives when the integral of the intensity reaches (k + 1/2) / N of its total, so that the
 *   items are evenly spaced in intensity and none arrives on the window's edge.
 * - `poisson` of a count: N independent times with the shape as density, in order, without sorting. The gaps between
 *   order statistics of N unit exponentials are independent exponentials of mean 1 / (N - k) (Rényi 1953); their
 *   distribution function makes them order statistics of N uniforms.
 * - `poisson` at a rate: a Poisson process of that intensity, by inversion (Çinlar 1975): unit exponentials added up
 *   are its arrivals on the scale of expected counts.
 * - `burst`: all at the window's start. At a rate: as many as are expected over the window, rounded.
 */
export function* arrivalTimes(
  schedule: ArrivalSchedule,
  amount: Amount,
  stream: RandomStream,
): Generator<number, void> {
  const intensity = new Intensity(schedule.fromSeconds, schedule.toSeconds, schedule.shape);
  const expected = 'count' in amount ? amount.count : amount.perSecond * intensity.total;
  switch (schedule.arrivals) {
    case 'steady':
      // A tiny excess of a rounded product is not one item more.
      for (let item = 0; item + 0.5 < expected - 1e-9; item++) {
        yield intensity.timeAt((intensity.total * (item + 0.5)) / expected);
      }
      return;
    case 'poisson':
      if ('count' in amount) yield* orderedUniformTimes(intensity, amount.count, stream);
      else yield* poissonProcessTimes(intensity, expected, stream);
      return;
    case 'burst':
      for (let item = 0, items = Math.round(expected); item < items; item++) yield schedule.fromSeconds;
      return;
  }
}

function* orderedUniformTimes(intensity: Intensity, count: number, stream: RandomStream): Generator<number, void> {
  let exponential = 0;
  for (let item = 0; item < count; item++) {
    exponential += stream.exponential(item) / (count - item);
    yield intensity.timeAt(-Math.expm1(-exponential) * intensity.total);
  }
}

function* poissonProcessTimes(intensity: Intensity, expected: number, stream: RandomStream): Generator<number, void> {
  let counted = stream.exponential(0);
  for (let item = 1; counted < expected; item++) {
    yield intensity.timeAt((counted / expected) * intensity.total);
    counted += stream.exponential(item);
  }
}
