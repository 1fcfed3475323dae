// How strongly counts of successes and failures by time speak against one suspect, and during which time most.
//
// A scan statistic: the logarithm of the likelihood that the suspect's operations fail with a share of their own during
// some time, over the likelihood that they fail like all others then (Kulldorff 1997, Bernoulli model), in nats. The
// best time is found as a maximum-sum segment (Kadane) for each of a few shares.

/** Counts of one suspect in one cell of time. */
export interface SuspectCell {
  readonly bucket: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Share of failures to expect of operations that have nothing to do with the suspect. */
  readonly base: number;
}

export interface Suspicion {
  /** Nats: log of the likelihood ratio. */
  readonly strength: number;
  /** Cells of time, both included. */
  readonly fromBucket: number;
  readonly toBucket: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Shares that are tried: from a twentieth (data damaged now and then) to nearly all (down). */
const SHARES = [0.05, 0.15, 0.4, 0.8, 0.98];
/** Cells without any operation of the suspect after which what follows is another incident: one hour. */
const LONGEST_IDLE_CELLS = 12;

/** The time during which the cells (ascending) speak most against the suspect, or undefined where they do not at all. */
export function strongestSuspicion(cells: readonly SuspectCell[]): Suspicion | undefined {
  let best: { score: number; from: number; to: number } | undefined;
  for (const share of SHARES) {
    let score = 0;
    let from = 0;
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!;
      const idle = index === 0 ? 0 : cell.bucket - cells[index - 1]!.bucket;
      if (score <= 0 || idle > LONGEST_IDLE_CELLS) {
        score = 0;
        from = index;
      }
      score += cellScore(cell, share);
      if (score > 0 && score > (best?.score ?? 0)) best = { score, from, to: index };
    }
  }
  return best && suspicionOver(cells.slice(best.from, best.to + 1));
}

/** How strongly these cells together speak against the suspect. */
export function suspicionOver(cells: readonly SuspectCell[]): Suspicion | undefined {
  const succeeded = cells.reduce((sum, cell) => sum + cell.succeeded, 0);
  const failed = cells.reduce((sum, cell) => sum + cell.failed, 0);
  const [first, last] = [cells[0], cells.at(-1)];
  if (first === undefined || last === undefined || failed === 0) return undefined;
  // Not quite all, so that one success among a thousand failures is no proof of innocence.
  const share = Math.min(failed / (succeeded + failed), 0.999);
  const strength = cells.reduce((sum, cell) => sum + cellScore(cell, share), 0);
  return { strength, fromBucket: first.bucket, toBucket: last.bucket, succeeded, failed };
}

function cellScore(cell: SuspectCell, share: number): number {
  // Where the others fail more than the suspect would, its cell says nothing.
  if (share <= cell.base) return 0;
  return cell.failed * Math.log(share / cell.base) + cell.succeeded * Math.log((1 - share) / (1 - cell.base));
}
