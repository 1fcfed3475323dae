// Rucio's conveyor: takes the transfers that rules ask for to the transfer service, and hears what became of them.
import { chooseSource, type Source } from '../catalogue/placement.ts';
import { BOOK } from './books.ts';
import type { Conditions } from './conditions.ts';
import type { Dataset, Rule } from './datasets.ts';
import type { Engine } from './engine.ts';
import type { Knowledge } from './knowledge.ts';
import type { Failure, Operations } from './operations.ts';
import type { TapeStaging } from './tape-staging.ts';
import type { Tokens } from './tokens.ts';
import type { SimulatedTransferService, TransferListener } from './transfer-service.ts';
import type { World } from './world.ts';
import type { Shared } from './shared.ts';

/** What the catalogue wants to hear. */
export interface ConveyorListener {
  /** The file is at the storage, and the catalogue knows; `limiter` held its transfer longest. */
  arrived(dataset: Dataset, file: number, storage: number, limiter: string): void;
  /** All tries failed: the lock is stuck. */
  gaveUp(dataset: Dataset, file: number, storage: number, failure: Failure): void;
  /** The rule that wanted it is gone. */
  dropped(dataset: Dataset, file: number, storage: number): void;
}

/** What a request carries through its tries. */
interface Request {
  readonly dataset: Dataset;
  readonly file: number;
  readonly storage: number;
  readonly priority: number;
  readonly activity: string;
  /** Storages that may be the source; undefined: all. */
  readonly sources: ReadonlySet<number> | undefined;
  tries: number;
  /** How often its lock was repaired. */
  readonly rounds: number;
  /** The source that failed last, or -1. */
  avoid: number;
  operation: number;
  limiter: string;
  failure: Failure | undefined;
}

const REACHABLE_RETRY_SECONDS = 30;
/** State of a transfer that the transfer service did not take. */
const REFUSED = 9;
/** More than a request has tries between two repairs. */
const ROUND = 256;

export class Conveyor implements TransferListener {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #knowledge: Knowledge;
  readonly #tokens: Tokens;
  readonly #staging: TapeStaging;
  readonly #experimentOf: readonly number[];
  readonly #selectStorages: (expression: string) => ReadonlySet<number>;
  transferService: SimulatedTransferService | undefined;
  listener: ConveyorListener | undefined;
  #queue: Request[] = [];
  #ticking = false;
  readonly #tickKind: number;
  readonly #heardKind: number;
  readonly #requests: (Request | undefined)[] = [];
  readonly #freeRequests: number[] = [];
  readonly #requestByOperation: (Request | undefined)[] = [];
  /** The last time that nothing could be submitted: its start and end. */
  #outage = { from: Infinity, to: -Infinity, subject: '' };

  constructor(shared: Shared, knowledge: Knowledge, tokens: Tokens, staging: TapeStaging) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#knowledge = knowledge;
    this.#tokens = tokens;
    this.#staging = staging;
    this.#experimentOf = shared.experimentOf;
    this.#selectStorages = shared.selectStorages;
    this.#tickKind = shared.engine.register(() => this.#tick());
    this.#heardKind = shared.engine.register((request) => this.#heard(request));
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Asks for one file of a rule's dataset at a storage. */
  request(rule: Rule, file: number, storage: number): void {
    rule.dataset.holds++;
    const sources = rule.sources === '' ? undefined : this.#selectStorages(rule.sources);
    this.#enqueue({
      dataset: rule.dataset,
      file,
      storage,
      priority: rule.priority,
      activity: rule.activity,
      sources,
      tries: 0,
      rounds: rule.repairs,
      avoid: -1,
      operation: -1,
      limiter: '',
      failure: undefined,
    });
  }

  transferred(operation: number): void {
    const request = this.#takeRequest(operation);
    request.limiter = this.#operations.longestLimiter(operation);
    request.failure = undefined;
    this.#operations.end(operation, 'ok');
    request.operation = -1;
    if (this.#world.storages[request.storage]!.definition.tape === undefined) this.#scheduleHeard(request);
    else this.#staging.archive(request.storage, request.dataset, request.file, () => this.#scheduleHeard(request));
  }

  transferFailed(operation: number, failure: Failure): void {
    const request = this.#takeRequest(operation);
    request.avoid = this.#operations.source[operation]!;
    request.failure = failure;
    this.#operations.end(operation, 'failed', failure);
    request.operation = -1;
    this.#scheduleHeard(request);
  }

  get #catalogue() {
    return this.#world.lake.services.catalogue;
  }

  #takeRequest(operation: number): Request {
    const request = this.#requestByOperation[operation]!;
    this.#requestByOperation[operation] = undefined;
    return request;
  }

  #enqueue(request: Request): void {
    const { dataset, file, storage } = request;
    const operations = this.#operations;
    const operation = operations.open('transfer', dataset.process, this.#engine.now);
    operations.dataset[operation] = dataset.slot;
    operations.datasetName[operation] = dataset.name;
    operations.file[operation] = file;
    operations.destination[operation] = storage;
    operations.sizeBytes[operation] = dataset.sizesBytes[file]!;
    operations.activity[operation] = request.activity;
    operations.luck[operation] = request.rounds * ROUND + request.tries;
    operations.ordinal[operation] = request.rounds * (this.#catalogue.requestRetries + 1) + request.tries;
    request.operation = operation;
    this.#requestByOperation[operation] = request;
    this.#queue.push(request);
    this.#wake();
  }

  #wake(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    const cycle = this.#catalogue.submitterSeconds * this.#conditions.services.catalogue.slowFactor;
    this.#engine.schedule((Math.floor(this.#engine.now / cycle) + 1) * cycle, this.#tickKind);
  }

  #tick(): void {
    this.#ticking = false;
    const blocked = this.#whatBlocks();
    if (blocked === '') {
      const bulk = this.#queue.splice(0, this.#catalogue.submitterBulk);
      const later = bulk.filter((request) => !this.#send(request));
      // To the end: what cannot go yet must not keep others from going.
      for (const request of later) this.#queue.push(request);
    } else {
      const fresh =
        this.#outage.subject !== blocked || this.#engine.now > this.#outage.to + 2 * REACHABLE_RETRY_SECONDS;
      this.#outage = { from: fresh ? this.#engine.now : this.#outage.from, to: this.#engine.now, subject: blocked };
    }
    if (this.#queue.length > 0) this.#wake();
  }

  /** The service without which nothing can be submitted now, or empty. */
  #whatBlocks(): string {
    if (this.#conditions.services.catalogue.down !== 'no') return 'catalogue';
    return this.transferService!.isReachable ? '' : 'transfers';
  }

  /** Sends one request on its way; false where it has to wait for a source. */
  #send(request: Request): boolean {
    const { dataset, file, storage, operation } = request;
    if (this.#operations.state[operation] === REFUSED) {
      this.#operations.state[operation] = 0;
      this.#operations.book(operation, BOOK.fault);
    }
    const replica = dataset.replicas.get(storage);
    if (replica === undefined || replica.locks === 0) {
      this.#bookCatalogue(operation);
      this.#requestByOperation[operation] = undefined;
      this.#operations.end(operation, 'cancelled');
      dataset.holds--;
      this.listener!.dropped(dataset, file, storage);
      return true;
    }
    const source = this.#sourceOf(request);
    if (source < 0) return this.#isOnItsWayToASource(request) ? false : this.#giveUpWithoutSource(request);
    if (this.#conditions.requestFails('transfers')) {
      this.#bookCatalogue(operation);
      this.#operations.state[operation] = REFUSED;
      this.#operations.faultSubject[operation] = 'transfers';
      return false;
    }
    this.#operations.source[operation] = source;
    this.#bookCatalogue(operation);
    if (this.#staging.isOnTapeOnly(source, dataset, file)) {
      const generation = this.#operations.generation[operation]!;
      this.#staging.stage(source, dataset, file, dataset.process, true, () => {
        if (!this.#operations.is(operation, generation)) return;
        this.#operations.book(operation, BOOK.tape);
        this.#withToken(request);
      });
    } else {
      this.#withToken(request);
    }
    return true;
  }

  #withToken(request: Request): void {
    const { operation, storage, dataset } = request;
    if (this.#tokens.need(this.#experimentOf[dataset.process]!, storage, operation, this.#onToken)) {
      this.transferService!.submit(operation, request.priority);
    }
  }

  readonly #onToken = (operation: number, granted: boolean): void => {
    const request = this.#requestByOperation[operation]!;
    this.#operations.book(operation, granted ? BOOK.token : BOOK.fault);
    if (granted) {
      this.transferService!.submit(operation, request.priority);
      return;
    }
    // The conveyor asks again in its next cycle: what it wants is not less wanted.
    this.#operations.faultSubject[operation] = 'tokens';
    this.#queue.push(request);
    this.#wake();
  };

  #sourceOf(request: Request): number {
    const { dataset, file, storage } = request;
    let only = -1;
    let count = 0;
    for (const [candidate, replica] of dataset.replicas) {
      if (!this.#canServe(request, candidate, replica.files[file]!)) continue;
      only = candidate;
      count++;
    }
    // Most datasets are at one place; ranking is for the others.
    if (count <= 1) return only;
    const sources: Source[] = [];
    for (const [candidate, replica] of dataset.replicas) {
      if (!this.#canServe(request, candidate, replica.files[file]!)) continue;
      sources.push({
        storage: candidate,
        distance: this.#knowledge.distance(candidate, storage),
        failures: candidate === request.avoid ? 1 : 0,
        tape: this.#world.storages[candidate]!.definition.tape !== undefined,
        knownDown: this.#knowledge.knownDown[candidate]!,
      });
    }
    return chooseSource(sources);
  }

  #canServe(request: Request, candidate: number, state: number): boolean {
    return state === 1 && this.#mayServe(request, candidate);
  }

  /** Whether a storage could be the source if it had the file. */
  #mayServe(request: Request, candidate: number): boolean {
    if (candidate === request.storage) return false;
    if (request.sources !== undefined && !request.sources.has(candidate)) return false;
    return this.#world.isOpen(candidate) && this.#world.isOpen(request.storage);
  }

  /** Whether the file is on its way to a storage that may be the source, from one that can be reached. */
  #isOnItsWayToASource(request: Request): boolean {
    let isComing = false;
    let isSomewhere = false;
    for (const [candidate, replica] of request.dataset.replicas) {
      const state = replica.files[request.file]!;
      if (state === 2 && this.#mayServe(request, candidate)) isComing = true;
      if (state === 1 && this.#world.isOpen(candidate)) isSomewhere = true;
    }
    return isComing && isSomewhere;
  }

  /** As Rucio does with a request without sources: the lock is stuck until the judge looks at it again. */
  #giveUpWithoutSource(request: Request): true {
    const { dataset, file, storage, operation } = request;
    this.#bookCatalogue(operation);
    this.#requestByOperation[operation] = undefined;
    // Nothing was tried, so nobody failed: it is the rule that cannot be kept.
    this.#operations.end(operation, 'cancelled');
    dataset.holds--;
    this.listener!.gaveUp(dataset, file, storage, { errorClass: 'no-such-file', scope: 'client' });
    return true;
  }

  /** Books the time up to now to the catalogue's cycles, less what an outage took of it. */
  #bookCatalogue(operation: number): void {
    const since = this.#operations.bookedTo[operation]!;
    const { from, to, subject } = this.#outage;
    const out = Math.min(this.#engine.now, to) - Math.max(since, from);
    if (out > 0) {
      this.#operations.addToBook(operation, BOOK.fault, out);
      this.#operations.addToBook(operation, BOOK.catalogue, -out);
      this.#operations.faultSubject[operation] = subject;
    }
    this.#operations.book(operation, BOOK.catalogue);
  }

  #scheduleHeard(request: Request): void {
    const at = this.#knowledge.heardAt(this.#catalogue.pollerSeconds);
    const slot = this.#freeRequests.pop() ?? this.#requests.length;
    this.#requests[slot] = request;
    this.#engine.schedule(at, this.#heardKind, slot);
  }

  #heard(slot: number): void {
    const request = this.#requests[slot]!;
    if (this.#conditions.services.catalogue.down !== 'no') {
      this.#engine.schedule(this.#engine.now + REACHABLE_RETRY_SECONDS, this.#heardKind, slot);
      return;
    }
    this.#requests[slot] = undefined;
    this.#freeRequests.push(slot);
    const { dataset, file, storage, failure } = request;
    if (failure === undefined) {
      dataset.holds--;
      this.listener!.arrived(dataset, file, storage, request.limiter);
    } else if (request.tries < this.#catalogue.requestRetries) {
      request.tries++;
      this.#enqueue(request);
    } else {
      dataset.holds--;
      this.listener!.gaveUp(dataset, file, storage, failure);
    }
  }

  /** Books the waiting of all that was not yet submitted, at the end of the run. */
  closeBooks(): void {
    for (const request of this.#queue) this.#bookCatalogue(request.operation);
  }
}
