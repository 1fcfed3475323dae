// Bytes as a fluid before one limit: what waits, for how long, and what cannot be in time. A bound, not a simulation.

export interface FluidQueue {
  /** What waits at the end of each part. */
  readonly waiting: Float64Array;
  /** How long what comes last in each part waits, from that part's start, in seconds; 0 where it is gone within its part. */
  readonly waitSeconds: Float64Array;
  /** The longest that anything waits, in seconds (Infinity where it is not done by the day's end), and when it came. */
  readonly longestWaitSeconds: number;
  readonly longestWaitPart: number;
  /** What is left at the end. */
  readonly left: number;
}

/**
 * First in, first out, part by part: `asked[i]` comes at the start of part i, of which at most `available[i]` can be
 * moved. No order of service moves more by any time, so what is left is left whatever the order.
 */
export function queueFluid(asked: ArrayLike<number>, available: ArrayLike<number>, stepSeconds: number): FluidQueue {
  const parts = asked.length;
  const waiting = new Float64Array(parts);
  /** Moved in parts [0, i). */
  const moved = new Float64Array(parts + 1);
  let backlog = 0;
  for (let part = 0; part < parts; part++) {
    const served = Math.min(backlog + asked[part]!, available[part]!);
    backlog += asked[part]! - served;
    waiting[part] = backlog;
    moved[part + 1] = moved[part]! + served;
  }
  const waitSeconds = waitsOf(asked, available, waiting, moved, stepSeconds);
  const longestWaitSeconds = waitSeconds.reduce((most, wait) => Math.max(most, wait), 0);
  const longestWaitPart = longestWaitSeconds === 0 ? -1 : waitSeconds.indexOf(longestWaitSeconds);
  return { waiting, waitSeconds, left: backlog, longestWaitSeconds, longestWaitPart };
}

/** What came last in a part is gone when all that came by then is. */
function waitsOf(
  asked: ArrayLike<number>,
  available: ArrayLike<number>,
  waiting: Float64Array,
  moved: Float64Array,
  stepSeconds: number,
): Float64Array {
  const waits = new Float64Array(asked.length);
  let later = 0;
  for (let part = 0; part < asked.length; part++) {
    if (asked[part]! === 0 || waiting[part]! === 0) continue;
    const cameByThen = moved[part + 1]! + waiting[part]!;
    later = Math.max(later, part + 1);
    while (later < asked.length && moved[later + 1]! < cameByThen) later++;
    const share = later < asked.length ? (cameByThen - moved[later]!) / available[later]! : Infinity;
    waits[part] = (later - part + share) * stepSeconds;
  }
  return waits;
}

/**
 * The least that must be late where everything is to be done within `limitParts` parts after the one it came in: what
 * finds more before it than can be moved in that time is given up at once, which no other choice betters. What comes in
 * the last `limitParts` parts is taken as in time where the day ends before it could be late.
 */
export function leastLate(asked: ArrayLike<number>, available: ArrayLike<number>, limitParts: number): number {
  const parts = asked.length;
  /** Moved at most in parts [0, i). */
  const moved = new Float64Array(parts + 1);
  for (let part = 0; part < parts; part++) moved[part + 1] = moved[part]! + available[part]!;
  let backlog = 0;
  let late = 0;
  for (let part = 0; part < parts; part++) {
    backlog += asked[part]!;
    const until = part + 1 + limitParts;
    if (until <= parts) {
      const room = moved[until]! - moved[part]!;
      if (backlog > room) {
        late += backlog - room;
        backlog = room;
      }
    }
    backlog = Math.max(0, backlog - available[part]!);
  }
  return late;
}

/**
 * The most of what is asked that can be held, with time to catch up: from each part in which something is asked, the best
 * share of (can be moved / is asked) by some later moment within `lengthParts` parts; of these the lowest, at most 1. The
 * verdict on `rate ... of requested` measures the same of what was done (docs/verdicts.md). A start with less than half a
 * window left is not judged.
 */
export function bestHeldShare(
  asked: ArrayLike<number>,
  available: ArrayLike<number>,
  lengthParts: number,
): { share: number; part: number } {
  const parts = asked.length;
  let found = { share: 1, part: -1 };
  for (let start = 0; start < parts && (parts - start) * 2 >= lengthParts; start++) {
    if (asked[start]! <= 0) continue;
    let wanted = 0;
    let movable = 0;
    let best = 0;
    for (let part = start; part < Math.min(parts, start + lengthParts) && best < found.share; part++) {
      wanted += asked[part]!;
      movable += available[part]!;
      best = Math.max(best, Math.min(1, movable / wanted));
    }
    if (best < found.share) found = { share: best, part: start };
  }
  return found;
}
