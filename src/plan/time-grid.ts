// The equal parts of a day in which the plan is added up: small ones for the arithmetic, larger ones to show.

/** At most so many small parts: five minutes each over a day. */
const MOST_BINS = 720;
/** At most so many rows or columns to read: hours over a day and a half. */
const MOST_PERIODS = 36;
const STEPS_SECONDS = [1, 5, 10, 30, 60, 300, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

export interface TimeGrid {
  readonly durationSeconds: number;
  /** Part i is [i x stepSeconds, (i + 1) x stepSeconds), the last one cut at the day's end. */
  readonly stepSeconds: number;
  readonly count: number;
}

/** Parts for the arithmetic: five minutes where the clock runs a day. */
export function binsOf(durationSeconds: number): TimeGrid {
  return gridOf(durationSeconds, MOST_BINS);
}

/** Parts for people: hours where the clock runs a day. Each holds a whole number of bins. */
export function periodsOf(durationSeconds: number): TimeGrid {
  return gridOf(durationSeconds, MOST_PERIODS);
}

function gridOf(durationSeconds: number, most: number): TimeGrid {
  const stepSeconds =
    STEPS_SECONDS.find((step) => durationSeconds / step <= most) ?? Math.ceil(durationSeconds / most / 86_400) * 86_400;
  return { durationSeconds, stepSeconds, count: Math.max(1, Math.ceil(durationSeconds / stepSeconds)) };
}

/** The number of the part in which a time lies. */
export function partAt(grid: TimeGrid, atSeconds: number): number {
  return Math.min(grid.count - 1, Math.max(0, Math.floor(atSeconds / grid.stepSeconds)));
}

export function partStart(grid: TimeGrid, part: number): number {
  return part * grid.stepSeconds;
}

export function partSeconds(grid: TimeGrid, part: number): number {
  return Math.min(grid.stepSeconds, grid.durationSeconds - part * grid.stepSeconds);
}

/** Adds values of small parts up to the larger ones of another grid, whose step is a multiple. */
export function regrid(values: ArrayLike<number>, from: TimeGrid, to: TimeGrid): Float64Array {
  const sums = new Float64Array(to.count);
  for (let part = 0; part < from.count; part++) sums[partAt(to, partStart(from, part))]! += values[part] ?? 0;
  return sums;
}
