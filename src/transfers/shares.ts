// Activity shares: which activity gets the next free slot of a link.

/** Activity that stands for those without a share of their own. */
export const DEFAULT_ACTIVITY = 'default';

/**
 * FTS draws the activity of each slot with probability share / sum of shares among the activities with queued files;
 * an activity that runs dry leaves the sum. `uniform` in [0, 1) is the draw; returns an index into `queued`, or -1.
 * Without shares all weights are equal to the numbers queued, which is first in, first out on average.
 */
export function drawActivity(queued: readonly number[], shares: readonly number[], uniform: number): number {
  let sum = 0;
  for (let index = 0; index < queued.length; index++) {
    if (queued[index]! > 0) sum += shares[index]!;
  }
  let left = uniform * sum;
  let last = -1;
  for (let index = 0; index < queued.length; index++) {
    if (queued[index]! === 0 || shares[index]! <= 0) continue;
    last = index;
    left -= shares[index]!;
    if (left < 0) return index;
  }
  return last;
}

/** The share of an activity, or of the default. Zero where neither has one: its files never start. */
export function shareOf(shares: ReadonlyMap<string, number>, activity: string): number {
  return shares.get(activity) ?? shares.get(DEFAULT_ACTIVITY) ?? 0;
}
