import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../core/random.ts';
import { arrivalTimes, type ArrivalSchedule } from './arrivals.ts';

const DAY = 86_400;
const SHAPE = [0.2, 1, 1, 0.6];

function schedule(parts: Partial<ArrivalSchedule>): ArrivalSchedule {
  return { fromSeconds: 0, toSeconds: 100, arrivals: 'steady', shape: [1], ...parts };
}

function times(of: ArrivalSchedule, amount: Parameters<typeof arrivalTimes>[1], seed = 1): number[] {
  return [...arrivalTimes(of, amount, new RandomStream(seed, 'arrivals'))];
}

/** The share of a shape's arrivals expected before a time, over a window from 0. */
function expectedShare(atSeconds: number, shape: readonly number[], windowSeconds: number): number {
  const part = windowSeconds / shape.length;
  const total = shape.reduce((sum, intensity) => sum + intensity, 0);
  return shape.reduce(
    (sum, intensity, index) => sum + (intensity / total) * Math.min(1, Math.max(0, (atSeconds - index * part) / part)),
    0,
  );
}

/** Kolmogorov's distance between values, which must be sorted, and a distribution function. */
function kolmogorovDistance(values: readonly number[], distribution: (value: number) => number): number {
  return values.reduce((worst, value, index) => {
    const expected = distribution(value);
    return Math.max(
      worst,
      Math.abs(expected - index / values.length),
      Math.abs(expected - (index + 1) / values.length),
    );
  }, 0);
}

/** Kolmogorov's distance that only one sample in ten thousand exceeds: sqrt(ln(2 / 0.0001) / 2 n). */
function kolmogorovBound(count: number): number {
  return Math.sqrt(Math.log(2 / 0.0001) / (2 * count));
}

describe('steady arrivals', () => {
  test('stand evenly in a flat window, half a gap from its edges', () => {
    expect(times(schedule({ fromSeconds: 1000, toSeconds: 1100 }), { count: 4 })).toEqual([
      1012.5, 1037.5, 1062.5, 1087.5,
    ]);
  });

  test('are three times as dense in a part of three times the intensity', () => {
    // The integral is 50 + 150 = 200 over 8 items: items at 12.5 + 25 k of it, those above 50 three times as fast.
    const expected = [12.5, 37.5, ...[12.5, 37.5, 62.5, 87.5, 112.5, 137.5].map((area) => 50 + area / 3)];
    const arrivals = times(schedule({ shape: [1, 3] }), { count: 8 });
    expect(arrivals).toHaveLength(8);
    arrivals.forEach((time, item) => expect(time).toBeCloseTo(expected[item]!, 9));
  });

  test('leave out a part of no intensity', () => {
    const arrivals = times(schedule({ shape: [1, 0, 1] }), { count: 100 });
    expect(arrivals).toHaveLength(100);
    expect(arrivals.filter((time) => time > 100 / 3 && time < 200 / 3)).toEqual([]);
  });

  test('at a rate come rate times the time at full intensity', () => {
    expect(times(schedule({ shape: [0.5, 1], toSeconds: 3600 }), { perSecond: 120 / 3600 })).toHaveLength(90);
  });
});

describe('Poisson arrivals', () => {
  test('of a count are so many, in order, inside the window, with the shape as density', () => {
    const arrivals = times(schedule({ arrivals: 'poisson', shape: SHAPE, toSeconds: DAY }), { count: 20_000 });
    expect(arrivals).toHaveLength(20_000);
    expect(arrivals).toEqual(arrivals.toSorted((one, other) => one - other));
    expect(arrivals[0]).toBeGreaterThanOrEqual(0);
    expect(arrivals.at(-1)).toBeLessThan(DAY);
    const distance = kolmogorovDistance(arrivals, (time) => expectedShare(time, SHAPE, DAY));
    expect(distance).toBeLessThan(kolmogorovBound(20_000));
  });

  test('of a count of one are uniform over the window', () => {
    const firsts = Array.from(
      { length: 5000 },
      (_, seed) => times(schedule({ arrivals: 'poisson' }), { count: 1 }, seed)[0]!,
    );
    const distance = kolmogorovDistance(
      firsts.toSorted((one, other) => one - other),
      (time) => time / 100,
    );
    expect(distance).toBeLessThan(kolmogorovBound(5000));
  });

  test('at a rate have the mean and the variance of a Poisson count', () => {
    const counts = Array.from(
      { length: 4000 },
      (_, seed) => times(schedule({ arrivals: 'poisson', shape: [0.5, 1] }), { perSecond: 0.4 }, seed).length,
    );
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
    // 0.4/s x 75 s at full intensity = 30; the standard error of the mean is sqrt(30 / 4000) = 0.087, of the variance 0.68.
    expect(Math.abs(mean - 30)).toBeLessThan(4 * 0.087);
    expect(Math.abs(variance - 30)).toBeLessThan(4 * 0.68);
  });

  test('at a rate have exponential gaps', () => {
    const arrivals = times(schedule({ arrivals: 'poisson', toSeconds: DAY }), { perSecond: 0.2 });
    const gaps = arrivals.slice(1).map((time, index) => time - arrivals[index]!);
    const distance = kolmogorovDistance(
      gaps.toSorted((one, other) => one - other),
      (gap) => -Math.expm1(-0.2 * gap),
    );
    expect(distance).toBeLessThan(kolmogorovBound(gaps.length));
  });

  test('are the same for the same seed, and others for another', () => {
    const random = schedule({ arrivals: 'poisson' });
    expect(times(random, { count: 50 }, 7)).toEqual(times(random, { count: 50 }, 7));
    expect(times(random, { count: 50 }, 7)).not.toEqual(times(random, { count: 50 }, 8));
  });
});

describe('a burst', () => {
  test('has all items at the start', () => {
    expect(times(schedule({ arrivals: 'burst', fromSeconds: 30 }), { count: 3 })).toEqual([30, 30, 30]);
  });

  test('at a rate has as many as are expected over the window', () => {
    expect(times(schedule({ arrivals: 'burst', shape: [0.5, 1] }), { perSecond: 0.4 })).toHaveLength(30);
  });
});

test('any schedule of a count gives that many arrivals, in order and inside its window', () => {
  const shapes = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      shapes.filter((shape) => shape.some((intensity) => intensity > 0.001)),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: DAY }),
      fc.integer({ min: 1, max: DAY }),
      fc.constantFrom('steady' as const, 'poisson' as const, 'burst' as const),
      (shape, count, fromSeconds, length, arrivals) => {
        const toSeconds = fromSeconds + length;
        const found = times({ fromSeconds, toSeconds, shape, arrivals }, { count });
        expect(found).toHaveLength(count);
        found.forEach((time, index) => {
          expect(time).toBeGreaterThanOrEqual(index === 0 ? fromSeconds : found[index - 1]!);
          expect(time).toBeLessThanOrEqual(toSeconds);
        });
      },
    ),
    { seed: 20201124 },
  );
});
