// Bands of success, for colours: how good a share is at a glance.

export type SuccessBand = 'bad' | 'poor' | 'fair' | 'good';

/**
 * Lowest share of each band, best first: 50, 66 and 95 %. Source: SKA's daily report (ska-rucio-task-manager,
 * etc/tasks/skao-dev/reports/daily.yml), red, orange, orange and green there.
 */
export const SUCCESS_BANDS: readonly { readonly band: SuccessBand; readonly from: number }[] = [
  { band: 'good', from: 0.95 },
  { band: 'fair', from: 0.66 },
  { band: 'poor', from: 0.5 },
  { band: 'bad', from: 0 },
];

/** The band of a share 0..1, or undefined where there is no share (NaN, nothing counted). */
export function successBand(share: number): SuccessBand | undefined {
  if (Number.isNaN(share)) return undefined;
  return SUCCESS_BANDS.find((entry) => share >= entry.from)?.band ?? 'bad';
}

/** The band of counts; undefined where nothing ended. */
export function bandOfCounts(succeeded: number, failed: number): SuccessBand | undefined {
  return successBand(succeeded / (succeeded + failed));
}
