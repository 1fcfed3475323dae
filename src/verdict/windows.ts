// Sliding windows over values by minute: pure arithmetic, without knowledge of what the values mean.
//
// A window is `length` (at least 1) minutes of those given. Where minutes were left out, the others stand next to each other.

/** A window and what was found in it: minutes `from` (included) to `to` (excluded), as indexes of the minutes given. */
export interface WindowValue {
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

/** `lowest`: a small value is a bad one. */
export type Worst = 'lowest' | 'highest';

/** Whether `a` is worse than `b`. */
export function isWorse(a: number, b: number, worst: Worst): boolean {
  return worst === 'lowest' ? a < b : a > b;
}

/** Running sums: element i is the sum of the first i values. */
export function cumulative(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let index = 0; index < values.length; index++) sums[index + 1] = sums[index]! + values[index]!;
  return sums;
}

/** The length of a window in minutes: at least one, at most all there are. */
export function windowMinutes(overSeconds: number | undefined, minutes: number): number {
  if (overSeconds === undefined) return minutes;
  return Math.min(minutes, Math.max(1, Math.round(overSeconds / 60)));
}

/**
 * The worst of sum(numerator) / sum(denominator) over all windows, or undefined where every window's denominator is 0.
 * Of equal ones the earliest.
 */
export function worstRatio(
  numerator: Float64Array,
  denominator: Float64Array,
  length: number,
  worst: Worst,
): WindowValue | undefined {
  const above = cumulative(numerator);
  const below = cumulative(denominator);
  let found: WindowValue | undefined;
  for (let from = 0; from + length <= numerator.length; from++) {
    const divisor = below[from + length]! - below[from]!;
    // What is left of a sum after subtraction is rounding, not data.
    if (divisor <= below[from + length]! * 1e-12) continue;
    const value = Math.max(0, above[from + length]! - above[from]!) / divisor;
    if (found === undefined || isWorse(value, found.value, worst)) found = { value, from, to: from + length };
  }
  return found;
}

/** The worst sum over all windows; undefined where there are no minutes. Of equal ones the earliest. */
export function worstSum(values: Float64Array, length: number, worst: Worst): WindowValue | undefined {
  const sums = cumulative(values);
  let found: WindowValue | undefined;
  for (let from = 0; from + length <= values.length; from++) {
    const value = sums[from + length]! - sums[from]!;
    if (found === undefined || isWorse(value, found.value, worst)) found = { value, from, to: from + length };
  }
  return found;
}

/**
 * How much of what was requested was held, with time to catch up: from each minute in which something was requested, the
 * best share `done / requested` reached by some later moment within `length` minutes; of these the lowest. At most 1.
 *
 * So a stall that is made up for inside the window costs nothing, a hole that is not costs its share of the window, and
 * one that serves 90 % all the time comes out at 90 %. Where the last minute cuts a window short, what is missing counts
 * for the part of the window there is; with less than half of it left it is not judged, since what it asked for was not
 * yet due. Undefined where nothing was requested early enough.
 */
export function heldShare(requested: Float64Array, done: Float64Array, length: number): WindowValue | undefined {
  const minutes = requested.length;
  const asked = cumulative(requested);
  const served = cumulative(done);
  let found: WindowValue | undefined;
  for (let start = 0; start < minutes && (minutes - start) * 2 >= length; start++) {
    if (requested[start]! <= 0) continue;
    const enough = found?.value ?? 1;
    const end = Math.min(minutes, start + length);
    const partThere = (end - start) / length;
    let held = -Infinity;
    for (let moment = start + 1; moment <= end && (held < enough || moment === start + 1); moment++) {
      const share = (served[moment]! - served[start]!) / (asked[moment]! - asked[start]!);
      held = Math.max(held, 1 - (1 - Math.min(1, share)) * partThere);
    }
    if (found === undefined || held < found.value) found = { value: held, from: start, to: end };
  }
  return found;
}

/**
 * The rate held while something was asked for: for each minute in which something was requested, the best mean over the
 * windows it lies in; of these the lowest. So the edges of a working day do not count against it. In units of `done` a
 * minute; undefined where nothing was requested.
 */
export function heldMean(requested: Float64Array, done: Float64Array, length: number): WindowValue | undefined {
  const minutes = requested.length;
  const served = cumulative(done);
  const sumFrom = (from: number): number => served[from + length]! - served[from]!;
  /** Starts of windows that contain the minute at hand, those that cannot be the best left out: sums fall along it. */
  const candidates: number[] = [];
  let first = 0;
  let next = 0;
  let found: WindowValue | undefined;
  for (let minute = 0; minute < minutes; minute++) {
    for (; next <= Math.min(minute, minutes - length); next++) {
      while (candidates.length > first && sumFrom(candidates.at(-1)!) < sumFrom(next)) candidates.pop();
      candidates.push(next);
    }
    while (candidates[first]! + length <= minute) first++;
    if (requested[minute]! <= 0) continue;
    const from = candidates[first]!;
    const value = sumFrom(from) / length;
    if (found === undefined || value < found.value) found = { value, from, to: from + length };
  }
  return found;
}
