// Units for axes: one unit for a whole chart, chosen so that its numbers stay short.

export interface AxisUnit {
  /** What a base value is divided by. */
  readonly divisor: number;
  readonly label: string;
}

const SI = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;

/** Bytes per second, shown in bits as networks are. */
export function rateUnit(highestBps: number): AxisUnit {
  const prefix = prefixOf(highestBps * 8);
  return { divisor: 1000 ** prefix / 8, label: `${SI[prefix] ?? ''}bit/s` };
}

export function bytesUnit(highest: number): AxisUnit {
  const prefix = prefixOf(highest);
  return { divisor: 1000 ** prefix, label: `${SI[prefix] ?? ''}B` };
}

export function durationUnit(highestSeconds: number): AxisUnit {
  if (highestSeconds >= 2 * 86400) return { divisor: 86400, label: 'days' };
  if (highestSeconds >= 2 * 3600) return { divisor: 3600, label: 'hours' };
  if (highestSeconds >= 120) return { divisor: 60, label: 'minutes' };
  return { divisor: 1, label: 'seconds' };
}

export function countUnit(label: string): AxisUnit {
  return { divisor: 1, label };
}

function prefixOf(value: number): number {
  if (!(value >= 1000)) return 0;
  return Math.min(Math.floor(Math.log10(value) / 3 + 1e-9), SI.length - 1);
}

/** The largest of many numbers, 0 where there are none. */
export function highest(all: Iterable<number>): number {
  let largest = 0;
  for (const value of all) largest = Math.max(largest, value);
  return largest;
}
