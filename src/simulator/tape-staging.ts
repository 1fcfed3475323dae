// Files on tape storages: where they lie, which are in the buffer, and how they are brought online.
import { BOOK } from './books.ts';
import { fileKey, type Dataset } from './datasets.ts';
import type { Engine } from './engine.ts';
import type { Operations } from './operations.ts';
import { TapeLibrary } from './tape-library.ts';
import type { Shared } from './shared.ts';

/** FTS's staging: requests go out once a minute; the first poll after 300 s, then every 600 s (fts3 3.14, qos daemon). */
const STAGING_INTERVAL_SECONDS = 60;
const FIRST_POLL_SECONDS = 300;
const POLL_SECONDS = 600;

interface TapeStorage {
  readonly library: TapeLibrary;
  readonly bufferBytes: number;
  readonly places: Map<number, { cartridge: number; place: number }>;
  /** In the buffer, by size; the first is the one that was used longest ago. */
  readonly buffered: Map<number, number>;
  bufferedBytes: number;
}

interface Recall {
  readonly storage: number;
  readonly key: number;
  readonly sizeBytes: number;
  readonly operation: number;
  readonly polled: boolean;
  sentAt: number;
  readonly ready: () => void;
}

export class TapeStaging {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #tapes: (TapeStorage | undefined)[];
  readonly #recalls = new Map<number, Recall>();
  readonly #archives = new Map<number, () => void>();
  #tickets = 0;
  readonly #sendKind: number;
  readonly #readyKind: number;

  constructor(shared: Shared) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    const { engine, conditions, world } = shared;
    this.#tapes = world.storages.map(({ index, definition: { tape } }) =>
      tape === undefined
        ? undefined
        : {
            library: new TapeLibrary(engine, tape, () => conditions.storages[index]!.down === 'no'),
            bufferBytes: tape.bufferBytes,
            places: new Map(),
            buffered: new Map(),
            bufferedBytes: 0,
          },
    );
    this.#sendKind = engine.register((recall) => this.#send(recall));
    this.#readyKind = engine.register((recall) => this.#ready(recall));
  }

  library(storage: number): TapeLibrary | undefined {
    return this.#tapes[storage]?.library;
  }

  bufferedBytes(storage: number): number {
    return this.#tapes[storage]?.bufferedBytes ?? 0;
  }

  /** A file that was on tape before the day. */
  place(storage: number, dataset: Dataset, file: number): void {
    const tape = this.#tapes[storage];
    tape?.places.set(fileKey(dataset, file), tape.library.assign(dataset.sizesBytes[file]!));
  }

  /** Whether a file must be staged before it can be read; a file in the buffer counts as used now. */
  isOnTapeOnly(storage: number, dataset: Dataset, file: number): boolean {
    const tape = this.#tapes[storage];
    if (tape === undefined) return false;
    const key = fileKey(dataset, file);
    const size = tape.buffered.get(key);
    if (size === undefined) return true;
    tape.buffered.delete(key);
    tape.buffered.set(key, size);
    return false;
  }

  /** Writes a file that came into the buffer to tape; `done` is called when it is there. */
  archive(storage: number, dataset: Dataset, file: number, done: () => void): void {
    const tape = this.#tapes[storage]!;
    const key = fileKey(dataset, file);
    const size = dataset.sizesBytes[file]!;
    this.#keep(tape, key, size);
    const ticket = this.#tickets++;
    this.#archives.set(ticket, done);
    tape.places.set(
      key,
      tape.library.write(size, (archive) => this.#archived(archive), ticket),
    );
  }

  /**
   * Brings a file online for `asker` (an operation that waits and whose time is booked to tape); `ready` is called when
   * it can be read. A transfer learns of it by FTS's polls, a client at once.
   */
  stage(storage: number, dataset: Dataset, file: number, process: number, polled: boolean, ready: () => void): void {
    const operations = this.#operations;
    const operation = operations.open('stage', process, this.#engine.now);
    operations.dataset[operation] = dataset.slot;
    operations.datasetName[operation] = dataset.name;
    operations.file[operation] = file;
    operations.source[operation] = storage;
    operations.sizeBytes[operation] = dataset.sizesBytes[file]!;
    operations.submittedAt[operation] = this.#engine.now;
    operations.attempts[operation] = 1;
    const key = fileKey(dataset, file);
    const recall: Recall = { storage, key, sizeBytes: dataset.sizesBytes[file]!, operation, polled, sentAt: 0, ready };
    const ticket = this.#tickets++;
    this.#recalls.set(ticket, recall);
    const { now } = this.#engine;
    const send = polled ? Math.ceil(now / STAGING_INTERVAL_SECONDS) * STAGING_INTERVAL_SECONDS : now;
    this.#engine.schedule(send, this.#sendKind, ticket);
  }

  #archived(ticket: number): void {
    const done = this.#archives.get(ticket)!;
    this.#archives.delete(ticket);
    done();
  }

  #send(ticket: number): void {
    const recall = this.#recalls.get(ticket)!;
    const tape = this.#tapes[recall.storage]!;
    recall.sentAt = this.#engine.now;
    this.#operations.book(recall.operation, BOOK.scheduler);
    this.#operations.startedAt[recall.operation] = this.#engine.now;
    const at = tape.places.get(recall.key) ?? tape.library.assign(recall.sizeBytes);
    tape.library.read(at, recall.sizeBytes, (argument) => this.#recalled(argument), ticket);
  }

  #recalled(ticket: number): void {
    const recall = this.#recalls.get(ticket)!;
    this.#keep(this.#tapes[recall.storage]!, recall.key, recall.sizeBytes);
    this.#operations.book(recall.operation, BOOK.tape);
    this.#operations.end(recall.operation, 'ok');
    const { now } = this.#engine;
    if (!recall.polled) {
      this.#ready(ticket);
      return;
    }
    const waited = now - recall.sentAt;
    const polls = Math.max(0, Math.ceil((waited - FIRST_POLL_SECONDS) / POLL_SECONDS));
    this.#engine.schedule(
      Math.max(now, recall.sentAt + FIRST_POLL_SECONDS + polls * POLL_SECONDS),
      this.#readyKind,
      ticket,
    );
  }

  #ready(ticket: number): void {
    const { ready } = this.#recalls.get(ticket)!;
    this.#recalls.delete(ticket);
    ready();
  }

  /** Puts a file into the buffer; those used longest ago make room. */
  #keep(tape: TapeStorage, key: number, sizeBytes: number): void {
    if (!tape.buffered.has(key)) tape.bufferedBytes += sizeBytes;
    tape.buffered.delete(key);
    tape.buffered.set(key, sizeBytes);
    for (const [oldest, size] of tape.buffered) {
      if (tape.bufferedBytes <= tape.bufferBytes || oldest === key) break;
      tape.buffered.delete(oldest);
      tape.bufferedBytes -= size;
    }
  }
}
