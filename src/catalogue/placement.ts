// Where a rule's copies go, and where a copy comes from: Rucio's choices as pure code.

/** What a rule may choose among. */
export interface Candidate {
  readonly storage: number;
  /** Share of the dataset's files that are there or on their way by another rule, 0..1. */
  readonly present: number;
  /** Not known to be down, and with room for the dataset. */
  readonly available: boolean;
}

/**
 * Chooses `copies` storages: those that hold most of the dataset first (Rucio counts existing replicas towards a rule),
 * the rest at random with equal weight among the available. `uniform(n)` gives the n-th random number in [0, 1).
 * Fewer than `copies` come back where the candidates do not suffice (Rucio: InsufficientTargetRSEs).
 */
export function placeCopies(
  candidates: readonly Candidate[],
  copies: number,
  uniform: (draw: number) => number,
): number[] {
  const chosen = candidates
    .filter((candidate) => candidate.present > 0)
    .sort((one, other) => other.present - one.present || one.storage - other.storage)
    .slice(0, copies)
    .map((candidate) => candidate.storage);
  const rest = candidates.filter((candidate) => candidate.available && !chosen.includes(candidate.storage));
  for (let draw = 0; chosen.length < copies && rest.length > 0; draw++) {
    const [taken] = rest.splice(Math.floor(uniform(draw) * rest.length), 1);
    chosen.push(taken!.storage);
  }
  return chosen;
}

/** What a copy may come from. */
export interface Source {
  readonly storage: number;
  /** Rucio's distance; smaller is nearer. */
  readonly distance: number;
  /** Failures of this request from there so far. */
  readonly failures: number;
  /** Tape comes last among equals: it must be staged. */
  readonly tape: boolean;
  readonly knownDown: boolean;
}

/**
 * Ranks sources: those not known to be down first, then those with the fewest failures for this request, disk before
 * tape, then the nearest, then the lowest number. Returns the best storage, or -1.
 */
export function chooseSource(sources: readonly Source[]): number {
  let best: Source | undefined;
  for (const source of sources) {
    if (best === undefined || compareSources(source, best) < 0) best = source;
  }
  return best?.storage ?? -1;
}

function compareSources(one: Source, other: Source): number {
  return (
    Number(one.knownDown) - Number(other.knownDown) ||
    one.failures - other.failures ||
    Number(one.tape) - Number(other.tape) ||
    one.distance - other.distance ||
    one.storage - other.storage
  );
}
