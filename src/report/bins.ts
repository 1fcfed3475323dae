// Bins of time for charts and tables: minutes added up into few enough steps to draw.

const STEP_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440] as const;
const MOST_BINS = 96;

export interface Bins {
  readonly count: number;
  readonly seconds: number;
  readonly durationSeconds: number;
}

/** Bins of a round length, at most 96 of them (15 min in a day). */
export function chooseBins(durationSeconds: number): Bins {
  const minutes = Math.max(1, durationSeconds / 60);
  const step = STEP_MINUTES.find((one) => minutes / one <= MOST_BINS) ?? Math.ceil(minutes / MOST_BINS / 1440) * 1440;
  return { count: Math.max(1, Math.ceil(minutes / step)), seconds: step * 60, durationSeconds };
}

/** Rows of the hour-by-hour tables: hours in a day, more where the run is longer, less where it is shorter. */
export function tableBins(durationSeconds: number): Bins {
  const minutes = Math.max(1, durationSeconds / 60);
  const step = STEP_MINUTES.find((one) => minutes / one <= 31) ?? Math.ceil(minutes / 31 / 1440) * 1440;
  return { count: Math.max(1, Math.ceil(minutes / step)), seconds: step * 60, durationSeconds };
}

/** Length of one bin in seconds; the last may be cut off by the end of the run. */
export function binSeconds(bins: Bins, bin: number): number {
  const left = bins.durationSeconds - bin * bins.seconds;
  return Math.min(bins.seconds, Math.max(left, 1));
}

/** The sum of a series of minutes in each bin. */
export function sumByBin(series: Float64Array | undefined, bins: Bins): Float64Array {
  const sums = new Float64Array(bins.count);
  if (series === undefined) return sums;
  const minutesPerBin = bins.seconds / 60;
  for (let minute = 0; minute < series.length; minute++) {
    // A sample at the very end of the run belongs to its last bin.
    const bin = Math.min(Math.floor(minute / minutesPerBin), bins.count - 1);
    sums[bin] = (sums[bin] ?? 0) + finite(series[minute]);
  }
  return sums;
}

/** Sums divided by the bin's length: bytes by minute become bytes per second. */
export function rateByBin(series: Float64Array | undefined, bins: Bins): Float64Array {
  return sumByBin(series, bins).map((sum, bin) => sum / binSeconds(bins, bin));
}

/** The mean of a gauge (a queue, a state's count) in each bin; a minute without a value counts as zero. */
export function meanByBin(series: Float64Array | undefined, bins: Bins): Float64Array {
  const minutesPerBin = bins.seconds / 60;
  return sumByBin(series, bins).map((sum, bin) => {
    const minutes = Math.min(minutesPerBin, Math.max((series?.length ?? 0) - bin * minutesPerBin, 1));
    return sum / minutes;
  });
}

/** The highest value of a gauge in each bin. */
export function maxByBin(series: Float64Array | undefined, bins: Bins): Float64Array {
  const highest = new Float64Array(bins.count);
  if (series === undefined) return highest;
  const minutesPerBin = bins.seconds / 60;
  for (let minute = 0; minute < series.length; minute++) {
    const bin = Math.min(Math.floor(minute / minutesPerBin), bins.count - 1);
    highest[bin] = Math.max(highest[bin] ?? 0, finite(series[minute]));
  }
  return highest;
}

/** The last value of a gauge in each bin. */
export function lastByBin(series: Float64Array | undefined, bins: Bins): Float64Array {
  const last = new Float64Array(bins.count);
  if (series === undefined) return last;
  const minutesPerBin = bins.seconds / 60;
  for (let minute = 0; minute < series.length; minute++) {
    last[Math.min(Math.floor(minute / minutesPerBin), bins.count - 1)] = finite(series[minute]);
  }
  return last;
}

/** The last value of a gauge up to each bin: a minute without a value keeps the one before. */
export function heldByBin(series: Float64Array | undefined, bins: Bins): Float64Array {
  let before = 0;
  return lastByBin(
    series?.map((value) => (before = value > 0 ? value : before)),
    bins,
  );
}

/** Series of minutes added up, minute by minute; undefined where none of them is there. */
export function addSeries(all: readonly (Float64Array | undefined)[]): Float64Array | undefined {
  const present = all.filter((one) => one !== undefined);
  if (present.length === 0) return undefined;
  const total = new Float64Array(Math.max(...present.map((one) => one.length)));
  for (const one of present) {
    for (let minute = 0; minute < one.length; minute++) total[minute] = (total[minute] ?? 0) + finite(one[minute]);
  }
  return total;
}

function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0;
}
