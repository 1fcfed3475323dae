// What the catalogue knows: datasets, their files, and where the replicas are.
import { assert } from '../core/errors.ts';
import type { Failure } from './operations.ts';
import type { World } from './world.ts';

/** A dataset's files at one storage. */
export interface Replica {
  /** By file: 0 not there, 1 there, 2 on its way. */
  readonly files: number[];
  available: number;
  /** Rules that protect it, and one more while it is the dataset's home. */
  locks: number;
  /** On tape only, and not in the buffer: it must be staged before it can be read. */
  readonly onTape: boolean;
}

/** A rule at work on a dataset. */
export interface Rule {
  readonly slot: number;
  readonly dataset: Dataset;
  readonly to: string;
  readonly copies: number;
  readonly lifetimeSeconds: number | undefined;
  readonly activity: string;
  readonly priority: number;
  readonly asynchronous: boolean;
  /** RSE expression for sources, or empty. */
  readonly sources: string;
  /** What its being done sets free: nothing, the copy at the origin, or the dataset's former home. */
  readonly frees: 'nothing' | 'origin' | 'home';
  readonly kind: 'rule' | 'transition';
  /** A number of its own, for its luck in placement. */
  readonly number: number;
  /** Its record in the making; -1 once written. */
  operation: number;
  state: 'waiting' | 'replicating' | 'stuck' | 'done' | 'expired';
  destinations: number[];
  /** By destination: files still to come. */
  left: number[];
  remaining: number;
  /** Locks on files that are there. */
  locksOk: number;
  /** Locks given up for now: to be tried again by the judge's repair. */
  stuck: { readonly file: number; readonly storage: number }[];
  /** How often the judge has repaired it. */
  repairs: number;
  /** A repair is on its way. */
  repairing: boolean;
  /** Events to come that name the rule. */
  events: number;
  lastFailure: Failure | undefined;
}

export interface Dataset {
  readonly slot: number;
  readonly process: number;
  readonly number: number;
  readonly name: string;
  readonly sizesBytes: number[];
  /** Where it was written, or -1 before it is known. */
  readonly origin: number;
  /** Where it lives now, under a lock of its own: its origin, or where its last transition took it; -1 once that is freed. */
  home: number;
  /** The transition that took it there, whose lock is the home's. */
  movedBy: Rule | undefined;
  uploaded: number;
  /** Files that could not be written. */
  lost: number;
  readonly replicas: Map<number, Replica>;
  /** When the plan wanted it complete. */
  intendedCompleteAt: number;
  /** Called when the last file is written or lost. */
  readonly onComplete: (() => void)[];
  /** Rules and transitions of the plan that have come, and those still at work. */
  stepsSeen: number;
  /** Rules that wait, replicate or are stuck. */
  readonly rules: Rule[];
  /** Events to come that name it: expiries and deletions. */
  holds: number;
}

export class Datasets {
  readonly #world: World;
  readonly #slots: (Dataset | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #byKey = new Map<number, Dataset>();

  constructor(world: World) {
    this.#world = world;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(slot: number): Dataset {
    const dataset = this.#slots[slot];
    assert(dataset !== undefined, 'a dataset was forgotten too early');
    return dataset;
  }

  find(process: number, number: number): Dataset | undefined {
    return this.#byKey.get(key(process, number));
  }

  add(process: number, number: number, name: string, files: number, origin: number): Dataset {
    const slot = this.#free.pop() ?? this.#slots.length;
    const dataset: Dataset = {
      slot,
      process,
      number,
      name,
      sizesBytes: new Array<number>(files).fill(0),
      origin,
      home: origin,
      movedBy: undefined,
      uploaded: 0,
      lost: 0,
      replicas: new Map(),
      intendedCompleteAt: 0,
      onComplete: [],
      stepsSeen: 0,
      rules: [],
      holds: 0,
    };
    this.#slots[slot] = dataset;
    this.#byKey.set(key(process, number), dataset);
    this.replica(dataset, origin).locks = 1;
    return dataset;
  }

  forget(dataset: Dataset): void {
    if (this.#slots[dataset.slot] !== dataset) return;
    this.#slots[dataset.slot] = undefined;
    this.#byKey.delete(key(dataset.process, dataset.number));
    this.#free.push(dataset.slot);
  }

  /** The dataset's replica at a storage, made if there is none. */
  replica(dataset: Dataset, storage: number): Replica {
    let replica = dataset.replicas.get(storage);
    if (replica === undefined) {
      const onTape = this.#world.storages[storage]!.definition.tape !== undefined;
      replica = { files: new Array<number>(dataset.sizesBytes.length).fill(0), available: 0, locks: 0, onTape };
      dataset.replicas.set(storage, replica);
    }
    return replica;
  }
}

export function isComplete(dataset: Dataset): boolean {
  return dataset.uploaded + dataset.lost === dataset.sizesBytes.length;
}

/** A number for a file that no other file of the run has (2^11 processes, 2^22 datasets each, 2^20 files each). */
export function fileKey(dataset: Dataset, file: number): number {
  return (dataset.process * 2 ** 22 + (dataset.number % 2 ** 22)) * 2 ** 20 + (file % 2 ** 20);
}

function key(process: number, number: number): number {
  return process * 2 ** 32 + number;
}
