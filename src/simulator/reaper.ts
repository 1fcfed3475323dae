// Rucio's reaper: deletes replicas that nothing protects any more, in cycles.
import { BOOK } from './books.ts';
import type { Conditions } from './conditions.ts';
import type { Dataset } from './datasets.ts';
import type { Engine } from './engine.ts';
import type { Operations } from './operations.ts';
import type { World } from './world.ts';
import type { Shared } from './shared.ts';

/** One bulk of deletions at a storage, seconds. */
const DELETE_SECONDS = 0.2;

interface Doomed {
  readonly dataset: Dataset;
  readonly storage: number;
  readonly sinceSeconds: number;
}

export class Reaper {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #onDeleted: (dataset: Dataset) => void;
  #waiting: Doomed[] = [];
  #deleting: Doomed[] = [];
  #ticking = false;
  readonly #tickKind: number;
  readonly #deleteKind: number;

  constructor(shared: Shared, onDeleted: (dataset: Dataset) => void) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#onDeleted = onDeleted;
    this.#tickKind = shared.engine.register(() => this.#tick());
    this.#deleteKind = shared.engine.register(() => this.#delete());
  }

  /** Deletes the dataset's replica at a storage in the next cycle that can reach it. */
  doom(dataset: Dataset, storage: number): void {
    dataset.holds++;
    this.#waiting.push({ dataset, storage, sinceSeconds: this.#engine.now });
    this.#wake();
  }

  #wake(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    const cycle = this.#world.lake.services.catalogue.reaperSeconds * this.#conditions.services.catalogue.slowFactor;
    this.#engine.schedule((Math.floor(this.#engine.now / cycle) + 1) * cycle, this.#tickKind);
  }

  #tick(): void {
    this.#ticking = false;
    if (this.#conditions.services.catalogue.down === 'no') {
      const later: Doomed[] = [];
      for (const doomed of this.#waiting) {
        (this.#conditions.storages[doomed.storage]!.down === 'no' ? this.#deleting : later).push(doomed);
      }
      this.#waiting = later;
      this.#engine.schedule(this.#engine.now + DELETE_SECONDS, this.#deleteKind);
    }
    if (this.#waiting.length > 0) this.#wake();
  }

  #delete(): void {
    for (const doomed of this.#deleting.splice(0)) {
      const { dataset, storage } = doomed;
      dataset.holds--;
      const replica = dataset.replicas.get(storage);
      // A new rule may have taken it under its protection meanwhile.
      if (replica !== undefined && replica.locks === 0) {
        for (let file = 0; file < replica.files.length; file++) {
          if (replica.files[file] === 1) this.#deleteFile(doomed, file);
        }
        dataset.replicas.delete(storage);
      }
      this.#onDeleted(dataset);
    }
  }

  #deleteFile({ dataset, storage, sinceSeconds }: Doomed, file: number): void {
    const operations = this.#operations;
    const size = dataset.sizesBytes[file]!;
    const operation = operations.open('delete', dataset.process, sinceSeconds);
    operations.dataset[operation] = dataset.slot;
    operations.datasetName[operation] = dataset.name;
    operations.file[operation] = file;
    operations.source[operation] = storage;
    operations.sizeBytes[operation] = size;
    operations.submittedAt[operation] = this.#engine.now - DELETE_SECONDS;
    operations.startedAt[operation] = this.#engine.now - DELETE_SECONDS;
    operations.attempts[operation] = 1;
    operations.book(operation, BOOK.catalogue);
    operations.end(operation, 'ok');
    this.#world.storages[storage]!.usedBytes -= size;
  }
}
