// Where datasets are while rules and transitions follow one another, and what each step has to copy from where to where.
//
// What a rule will choose is not known before the day: datasets are spread evenly over what its expression selects.
import type { Lake } from '../lake/lake.ts';
import { selectStorages } from '../lake/rse-expression.ts';
import type { ReplicationStep, TransitionStep } from '../scenario/scenario.ts';

/** A share of the datasets, 0..1, is to be copied from one storage to another. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly share: number;
  /** Bytes that the step frees at the source for each byte copied. */
  readonly freedPerByte: number;
}

/** Shares of the datasets by storage. */
type Shares = Map<string, number>;

const ALL = 1 - 1e-9;

/** The datasets of one holding, which all lie in one storage at first. */
export class Whereabouts {
  readonly #lake: Lake;
  /** Where copies are taken from. */
  #sources: Shares;
  /** Storages that hold every dataset for good: a copy there is not made again. */
  readonly #complete: Set<string>;

  constructor(lake: Lake, origin: string) {
    this.#lake = lake;
    this.#sources = new Map([[origin, 1]]);
    this.#complete = new Set([origin]);
  }

  /** Storages that hold every dataset, or will. */
  get complete(): ReadonlySet<string> {
    return this.#complete;
  }

  /** What a step copies. From then on its copies count as there. */
  take(step: ReplicationStep | TransitionStep): Move[] {
    const matches = selectStorages(step.to, this.#lake.storages.values());
    const copies = 'copies' in step ? step.copies : 1;
    const frees = 'copies' in step ? step.deleteSourceWhenDone : step.release;
    const moves: Move[] = [];
    const arrived: Shares = new Map();
    const stayed: Shares = new Map();
    for (const [source, sourceShare] of this.#sources) {
      const open = matches.filter((name) => name !== source && !this.#complete.has(name));
      const there = matches.filter((name) => name === source || this.#complete.has(name));
      const needed = Math.min(Math.max(0, copies - there.length), open.length);
      const share = open.length === 0 ? 0 : (sourceShare * needed) / open.length;
      for (const to of needed === 0 ? [] : open) {
        moves.push({ from: this.#sourceFor(step, source), to, share, freedPerByte: frees ? 1 / needed : 0 });
        arrived.set(to, (arrived.get(to) ?? 0) + share / needed);
      }
      // A dataset that is where it should be stays; so does one that no storage takes.
      if (needed === 0) stayed.set(there[0] ?? source, (stayed.get(there[0] ?? source) ?? 0) + sourceShare);
    }
    this.#settle(step, moves, frees, arrived, stayed);
    return moves;
  }

  #settle(
    step: ReplicationStep | TransitionStep,
    moves: readonly Move[],
    frees: boolean,
    arrived: Shares,
    stayed: Shares,
  ): void {
    if (step.lifetimeSeconds === undefined) {
      const shares: Shares = new Map();
      for (const { to, share } of moves) shares.set(to, (shares.get(to) ?? 0) + share);
      for (const [storage, share] of shares) if (share >= ALL) this.#complete.add(storage);
    }
    if (!frees || moves.length === 0) return;
    for (const { from } of moves) this.#complete.delete(from);
    this.#sources = arrived;
    for (const [storage, share] of stayed) this.#sources.set(storage, (this.#sources.get(storage) ?? 0) + share);
  }

  /** Where the dataset is, unless the rule names sources that leave it out: then the first of those. */
  #sourceFor(step: ReplicationStep | TransitionStep, source: string): string {
    if (!('sources' in step) || step.sources === '') return source;
    const allowed = selectStorages(step.sources, this.#lake.storages.values());
    return allowed.includes(source) ? source : (allowed[0] ?? source);
  }
}
