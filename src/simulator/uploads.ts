// Clients that write: each workflow has so many workers; what none of them can start in time is late, and booked so.
import { draw } from '../core/law.ts';
import type { RandomStream } from '../core/random.ts';
import { CLIENT_RETRY_SECONDS, clientRetries } from '../plan/client-patience.ts';
import { datasetName, type Intent, type Process } from '../plan/plan.ts';
import { isRetryable } from '../transfers/errors.ts';
import { BOOK } from './books.ts';
import type { SimulatedCatalogue } from './catalogue.ts';
import type { Conditions } from './conditions.ts';
import { fileKey, type Dataset, type Datasets } from './datasets.ts';
import type { Engine } from './engine.ts';
import { Fifo } from './fifo.ts';
import type { Mover } from './mover.ts';
import type { Failure, Operations } from './operations.ts';
import type { TapeStaging } from './tape-staging.ts';
import type { Tokens } from './tokens.ts';
import type { World } from './world.ts';
import type { Shared } from './shared.ts';

type InjectIntent = Extract<Intent, { kind: 'inject' }>;

interface Clients {
  workers: number;
  busy: number;
  readonly waiting: Fifo;
  readonly retries: number;
}

export class Uploads {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #mover: Mover;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #datasets: Datasets;
  readonly #catalogue: SimulatedCatalogue;
  readonly #tokens: Tokens;
  readonly #staging: TapeStaging;
  readonly #processes: readonly Process[];
  readonly #experimentOf: readonly number[];
  readonly #setUps: RandomStream;
  readonly #clients: (Clients | undefined)[] = [];
  readonly #retryKind: number;
  /** Told of each file that can be read. */
  onWritten: (dataset: Dataset, file: number) => void = () => {};

  constructor(shared: Shared, mover: Mover, catalogue: SimulatedCatalogue, tokens: Tokens, staging: TapeStaging) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    this.#mover = mover;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#datasets = shared.datasets;
    this.#catalogue = catalogue;
    this.#tokens = tokens;
    this.#staging = staging;
    this.#processes = shared.processes;
    this.#experimentOf = shared.experimentOf;
    this.#setUps = shared.random('upload set-ups');
    const { operations } = shared;
    this.#retryKind = shared.engine.register((operation, stamp) => {
      if (operations.stamp[operation] !== stamp) return;
      operations.book(operation, operations.state[operation] === 0 ? BOOK.retryDelay : BOOK.fault);
      this.#begin(operation);
    });
    mover.handle('upload', {
      done: (operation) => this.#done(operation),
      failed: (operation, failure) => this.#failed(operation, failure),
    });
  }

  inject(intent: InjectIntent): void {
    const process = this.#processes[intent.process]!;
    const storage = this.#world.storage(intent.storage);
    let dataset = this.#datasets.find(intent.process, intent.dataset);
    if (dataset === undefined) {
      const name = datasetName(process, intent.dataset);
      dataset = this.#datasets.add(intent.process, intent.dataset, name, intent.files, storage.index);
    }
    dataset.sizesBytes[intent.file] = intent.sizeBytes;
    const operations = this.#operations;
    const operation = operations.open('upload', intent.process, intent.atSeconds);
    operations.dataset[operation] = dataset.slot;
    operations.datasetName[operation] = dataset.name;
    operations.file[operation] = intent.file;
    operations.destination[operation] = storage.index;
    const from = intent.injection === undefined ? storage.site : this.#world.site(intent.injection.from).index;
    operations.sourceSite[operation] = from;
    operations.sizeBytes[operation] = intent.sizeBytes;
    const near = from === storage.site ? 'write-lan' : 'write-wan';
    const asked = intent.injection?.protocol ?? '';
    operations.protocol[operation] = this.#world.protocolFor(storage.index, near, asked);
    const clients = this.#clientsOf(intent);
    if (clients.busy < clients.workers) {
      clients.busy++;
      this.#begin(operation);
    } else {
      clients.waiting.push(operation);
    }
  }

  /** Books the waiting for workers, at the end of the run. */
  closeBooks(): void {
    for (const clients of this.#clients) {
      while (clients !== undefined && clients.waiting.length > 0) {
        this.#operations.book(clients.waiting.shift(), BOOK.loadGenerator);
      }
    }
  }

  #clientsOf(intent: InjectIntent): Clients {
    let clients = this.#clients[intent.process];
    if (clients === undefined) {
      clients = {
        workers: intent.injection?.workers ?? Infinity,
        busy: 0,
        waiting: new Fifo(),
        retries: clientRetries(this.#processes[intent.process]!),
      };
      this.#clients[intent.process] = clients;
    }
    return clients;
  }

  /** A worker takes the file: token, registration in the catalogue, then the bytes. */
  #begin(operation: number): void {
    const operations = this.#operations;
    if (Number.isNaN(operations.submittedAt[operation]!)) {
      operations.book(operation, BOOK.loadGenerator);
      operations.submittedAt[operation] = this.#engine.now;
    }
    const experiment = this.#experimentOf[operations.process[operation]!]!;
    const storage = operations.destination[operation]!;
    if (this.#tokens.need(experiment, storage, operation, this.#onToken)) this.#register(operation);
  }

  readonly #onToken = (operation: number, granted: boolean): void => {
    const operations = this.#operations;
    operations.book(operation, granted ? BOOK.token : BOOK.fault);
    if (granted) {
      this.#register(operation);
      return;
    }
    operations.faultSubject[operation] = 'tokens';
    operations.attempts[operation]!++;
    this.#failed(operation, { errorClass: 'token-unavailable', scope: 'service' });
  };

  #register(operation: number): void {
    const operations = this.#operations;
    if (this.#conditions.requestFails('catalogue')) {
      operations.faultSubject[operation] = 'catalogue';
      operations.attempts[operation]!++;
      operations.service[operation] = 'catalogue';
      this.#failed(operation, { errorClass: 'service-unavailable', scope: 'service' });
      return;
    }
    const destination = operations.destination[operation]!;
    const entity = fileKey(this.#datasets.get(operations.dataset[operation]!), operations.file[operation]!);
    const latency = this.#catalogue.latencySeconds(entity);
    const storage = this.#world.storages[destination]!;
    const slow = this.#conditions.storages[destination]!.slowFactor;
    const setUp = draw(storage.definition.setUp, this.#setUps, entity, operations.attempts[operation]) * slow;
    const route = this.#world.uploadRoute(operations.sourceSite[operation]!, destination);
    this.#mover.begin(operation, route, operations.sizeBytes[operation]!, setUp, latency);
  }

  #done(operation: number): void {
    const operations = this.#operations;
    const dataset = this.#datasets.get(operations.dataset[operation]!);
    const file = operations.file[operation]!;
    const storage = operations.destination[operation]!;
    const replica = this.#datasets.replica(dataset, storage);
    replica.files[file] = 1;
    replica.available++;
    dataset.uploaded++;
    const clients = this.#clients[operations.process[operation]!]!;
    operations.end(operation, 'ok');
    if (this.#world.storages[storage]!.definition.tape !== undefined) {
      this.#staging.archive(storage, dataset, file, () => {});
    }
    this.onWritten(dataset, file);
    this.#catalogue.fileSettled(dataset);
    this.#next(clients);
  }

  #failed(operation: number, failure: Failure): void {
    const operations = this.#operations;
    const clients = this.#clients[operations.process[operation]!]!;
    const attempts = operations.attempts[operation]!;
    if (isRetryable(failure.errorClass) && attempts <= clients.retries) {
      operations.state[operation] = 0;
      this.#engine.schedule(
        this.#engine.now + CLIENT_RETRY_SECONDS * attempts,
        this.#retryKind,
        operation,
        operations.stamp[operation],
      );
      return;
    }
    if (operations.bookedTo[operation]! < this.#engine.now) operations.book(operation, BOOK.fault);
    const dataset = this.#datasets.get(operations.dataset[operation]!);
    dataset.lost++;
    operations.end(operation, 'failed', failure);
    this.#catalogue.fileSettled(dataset);
    this.#next(clients);
  }

  #next(clients: Clients): void {
    clients.busy--;
    if (clients.waiting.length === 0) return;
    clients.busy++;
    this.#begin(clients.waiting.shift());
  }
}
