// Operations under way, as columns with recycled numbers, and the records they end as.
import { assert } from '../core/errors.ts';
import {
  limiterText,
  type BookEntry,
  type ErrorScope,
  type OperationKind,
  type OperationRecord,
  type Outcome,
} from '../core/operation.ts';
import type { RecordSink } from '../core/sink.ts';
import { fileName, type Process } from '../plan/plan.ts';
import type { ErrorClass } from '../transfers/errors.ts';
import { BOOK, BOOK_NAMES, BOOKS } from './books.ts';
import type { Engine } from './engine.ts';
import { BOOK_CAP, BOOK_STALLED, type FlowNetwork } from './flow-network.ts';
import type { Route, World } from './world.ts';

export interface Failure {
  readonly errorClass: ErrorClass;
  readonly scope: ErrorScope;
}

/** Books shorter than this are rounding. */
const NEGLIGIBLE_SECONDS = 1e-6;

/** Columns of what is under way. An operation's number is used again after it ended, with the next generation. */
export class Operations {
  readonly #engine: Engine;
  readonly #flows: FlowNetwork;
  readonly #world: World;
  readonly #sink: RecordSink;
  readonly #processes: readonly Process[];
  readonly #free: number[] = [];
  #count = 0;
  #ended = 0;
  #size = 1024;

  readonly kind: OperationKind[] = [];
  process = new Int32Array(1024);
  generation = new Int32Array(1024);
  alive = new Uint8Array(1024);
  /** The dataset's slot in the catalogue, and the file's number; -1: none. */
  dataset = new Int32Array(1024);
  file = new Int32Array(1024);
  source = new Int32Array(1024);
  destination = new Int32Array(1024);
  sourceSite = new Int32Array(1024);
  destinationSite = new Int32Array(1024);
  cache = new Int32Array(1024);
  /** Handle of its flow, or -1. */
  flow = new Int32Array(1024);
  attempts = new Int32Array(1024);
  ordinal = new Int32Array(1024);
  /** Counts an operation's attempts and ends, over all that used the number: tells an event that came too late. */
  stamp = new Int32Array(1024);
  /** Free for the service that owns the operation. */
  state = new Uint8Array(1024);
  extra = new Int32Array(1024);
  extra2 = new Int32Array(1024);
  /** Tells operations on one file apart where chance decides: the read's session, the try of a request. */
  luck = new Int32Array(1024);
  sizeBytes = new Float64Array(1024);
  intendedAt = new Float64Array(1024);
  submittedAt = new Float64Array(1024);
  startedAt = new Float64Array(1024);
  firstByteAt = new Float64Array(1024);
  /** Up to when its time is booked. */
  bookedTo = new Float64Array(1024);
  books = new Float64Array(1024 * BOOKS);
  readonly route: (Route | undefined)[] = [];
  readonly protocol: string[] = [];
  readonly service: string[] = [];
  readonly activity: string[] = [];
  readonly datasetName: string[] = [];
  readonly name: string[] = [];
  /** What a fault that held it was at. */
  readonly faultSubject: string[] = [];
  /** A limiter that another operation's records name (a rule's last transfer), and its seconds. */
  readonly borrowedLimiter: string[] = [];
  borrowedSeconds = new Float64Array(1024);

  readonly #record: OperationRecord;
  readonly #entries: BookEntry[] = [];
  readonly #spareEntries: { limiter: string; seconds: number }[] = [];
  readonly #limiters = new Map<number, string>();

  constructor(engine: Engine, flows: FlowNetwork, world: World, processes: readonly Process[], sink: RecordSink) {
    this.#engine = engine;
    this.#flows = flows;
    this.#world = world;
    this.#processes = processes;
    this.#sink = sink;
    this.#record = emptyRecord();
  }

  get underWay(): number {
    return this.#count - this.#free.length;
  }

  /** Starts an operation: everything that is not given is empty, and its time is booked from the time it was intended. */
  open(kind: OperationKind, process: number, intendedAtSeconds: number): number {
    const operation = this.#free.pop() ?? this.#add();
    const now = this.#engine.now;
    this.kind[operation] = kind;
    this.process[operation] = process;
    this.alive[operation] = 1;
    this.dataset[operation] = -1;
    this.file[operation] = -1;
    this.source[operation] = -1;
    this.destination[operation] = -1;
    this.sourceSite[operation] = -1;
    this.destinationSite[operation] = -1;
    this.cache[operation] = -1;
    this.flow[operation] = -1;
    this.attempts[operation] = 0;
    this.ordinal[operation] = 0;
    this.state[operation] = 0;
    this.extra[operation] = 0;
    this.extra2[operation] = -1;
    this.luck[operation] = 0;
    this.sizeBytes[operation] = 0;
    this.intendedAt[operation] = intendedAtSeconds;
    this.submittedAt[operation] = NaN;
    this.startedAt[operation] = NaN;
    this.firstByteAt[operation] = NaN;
    this.bookedTo[operation] = Math.min(intendedAtSeconds, now);
    this.books.fill(0, operation * BOOKS, (operation + 1) * BOOKS);
    this.route[operation] = undefined;
    this.protocol[operation] = '';
    this.service[operation] = '';
    this.activity[operation] = process < 0 ? '' : this.#processes[process]!.activity;
    this.datasetName[operation] = '';
    this.name[operation] = '';
    this.faultSubject[operation] = '';
    this.borrowedLimiter[operation] = '';
    this.borrowedSeconds[operation] = 0;
    return operation;
  }

  is(operation: number, generation: number): boolean {
    return this.alive[operation] === 1 && this.generation[operation] === generation;
  }

  /** Books the time since the last booking. */
  book(operation: number, book: number): void {
    const now = this.#engine.now;
    const slot = operation * BOOKS + book;
    this.books[slot] = this.books[slot]! + (now - this.bookedTo[operation]!);
    this.bookedTo[operation] = now;
  }

  /** Adds to a book what was counted elsewhere. */
  addToBook(operation: number, book: number, seconds: number): void {
    const slot = operation * BOOKS + book;
    this.books[slot] = this.books[slot]! + seconds;
  }

  /** Books the time since the last booking to a limiter named by another operation. */
  borrow(operation: number, limiter: string): void {
    const { now } = this.#engine;
    this.borrowedLimiter[operation] = limiter;
    this.borrowedSeconds[operation] = now - this.bookedTo[operation]!;
    this.bookedTo[operation] = now;
  }

  /** The limiter that held an operation longest so far. */
  longestLimiter(operation: number): string {
    let longest = -1;
    let seconds = NEGLIGIBLE_SECONDS;
    for (let book = 0; book < BOOKS; book++) {
      if (this.books[operation * BOOKS + book]! > seconds) {
        seconds = this.books[operation * BOOKS + book]!;
        longest = book;
      }
    }
    return longest < 0 ? '' : this.#limiter(operation, longest);
  }

  /** Lets an operation's bytes flow. */
  startFlow(operation: number, route: Route, sizeBytes: number): void {
    const { flowClass } = route;
    this.#bookFlow(operation, route, -1);
    this.route[operation] = route;
    this.flow[operation] = this.#flows.start(flowClass, sizeBytes, operation);
  }

  /** Books the time of a flow that has ended or is to be ended; returns the bytes it had left. */
  endFlow(operation: number, ended: boolean): number {
    const route = this.route[operation];
    assert(route !== undefined && this.flow[operation]! >= 0, 'an operation without a flow ends one');
    this.#bookFlow(operation, route, 1);
    const left = ended ? 0 : this.#flows.cancel(this.flow[operation]!);
    this.flow[operation] = -1;
    this.route[operation] = undefined;
    this.bookedTo[operation] = this.#engine.now;
    return left;
  }

  /** A class's time books count up; what passes between two readings is this flow's. */
  #bookFlow(operation: number, route: Route, sign: 1 | -1): void {
    const { placeBooks, flowClass } = route;
    for (let place = 0; place < placeBooks.length; place++) {
      this.addToBook(operation, placeBooks[place]!, sign * this.#flows.bookOf(flowClass, place));
    }
    this.addToBook(operation, route.capBook, sign * this.#flows.bookOf(flowClass, BOOK_CAP));
    this.addToBook(operation, BOOK.fault, sign * this.#flows.bookOf(flowClass, BOOK_STALLED));
  }

  /** Writes the record of an operation and frees its number. Its time must be booked up to now. */
  end(operation: number, outcome: Outcome, failure?: Failure): void {
    assert(this.alive[operation] === 1, 'an operation ends twice');
    const record = this.#record;
    record.id = this.#ended++;
    record.kind = this.kind[operation]!;
    this.#nameWhoAndWhat(operation, record);
    record.sizeBytes = this.sizeBytes[operation]!;
    record.intendedAtSeconds = this.intendedAt[operation]!;
    record.submittedAtSeconds = this.submittedAt[operation]!;
    record.startedAtSeconds = this.startedAt[operation]!;
    record.firstByteAtSeconds = this.firstByteAt[operation]!;
    record.endedAtSeconds = this.#engine.now;
    record.attempts = this.attempts[operation]!;
    record.ordinal = this.ordinal[operation]!;
    record.outcome = outcome;
    record.errorClass = failure?.errorClass ?? '';
    record.errorScope = failure?.scope ?? '';
    this.#sumBooks(operation, record);
    this.#sink.operation(record);
    this.alive[operation] = 0;
    this.generation[operation] = this.generation[operation]! + 1;
    this.stamp[operation] = this.stamp[operation]! + 1;
    this.#free.push(operation);
  }

  /** Those under way, in the order of their numbers. */
  *all(): Generator<number> {
    for (let operation = 0; operation < this.#count; operation++) {
      if (this.alive[operation] === 1) yield operation;
    }
  }

  #nameWhoAndWhat(operation: number, record: OperationRecord): void {
    const process = this.process[operation]! < 0 ? undefined : this.#processes[this.process[operation]!]!;
    record.experiment = process?.experiment ?? '';
    record.workflow = process?.workflow ?? '';
    record.scope = process?.scope ?? '';
    record.activity = this.activity[operation]!;
    record.dataset = this.datasetName[operation]!;
    const file = this.file[operation]!;
    record.name = file >= 0 ? fileName(record.dataset, file) : this.name[operation]!;
    const { storages, sites, caches } = this.#world;
    const source = this.source[operation]!;
    const destination = this.destination[operation]!;
    record.source = source < 0 ? '' : storages[source]!.name;
    record.destination = destination < 0 ? '' : storages[destination]!.name;
    record.sourceSite = source < 0 ? siteName(sites, this.sourceSite[operation]!) : sites[storages[source]!.site]!.name;
    record.destinationSite =
      destination < 0 ? siteName(sites, this.destinationSite[operation]!) : sites[storages[destination]!.site]!.name;
    record.cache = this.cache[operation]! < 0 ? '' : caches[this.cache[operation]!]!.name;
    record.protocol = this.protocol[operation]!;
    record.service = this.service[operation]!;
  }

  #sumBooks(operation: number, record: OperationRecord): void {
    const entries = this.#entries;
    entries.length = 0;
    let longest: BookEntry | undefined;
    if (this.borrowedSeconds[operation]! > NEGLIGIBLE_SECONDS) {
      longest = this.#entry(0, this.borrowedLimiter[operation]!, this.borrowedSeconds[operation]!);
      entries.push(longest);
    }
    for (let book = 0; book < BOOKS; book++) {
      const seconds = this.books[operation * BOOKS + book]!;
      if (seconds <= NEGLIGIBLE_SECONDS) continue;
      const entry = this.#entry(entries.length, this.#limiter(operation, book), seconds);
      entries.push(entry);
      if (longest === undefined || seconds > longest.seconds) longest = entry;
    }
    record.books = entries;
    record.limiter = longest?.limiter ?? '';
  }

  /** Entries are valid as long as their record is, so each place has one that is used again. */
  #entry(place: number, limiter: string, seconds: number): BookEntry {
    const entry = (this.#spareEntries[place] ??= { limiter: '', seconds: 0 });
    entry.limiter = limiter;
    entry.seconds = seconds;
    return entry;
  }

  /** A book's limiter as text; kept, since a handful of texts serve all operations. */
  #limiter(operation: number, book: number): string {
    const { kind, subject } = BOOK_NAMES[book]!;
    if (subject === 'none') return kind;
    if (subject === 'fault') return limiterText(kind, this.faultSubject[operation]);
    const number = this.#subjectNumber(operation, subject);
    const key = number * BOOKS + book;
    let text = this.#limiters.get(key);
    if (text === undefined) {
      text = limiterText(kind, this.#subjectName(subject, number));
      this.#limiters.set(key, text);
    }
    return text;
  }

  #subjectNumber(operation: number, subject: string): number {
    const storages = this.#world.storages;
    const source = this.source[operation]!;
    const destination = this.destination[operation]!;
    const from = source < 0 ? this.sourceSite[operation]! : storages[source]!.site;
    const to = destination < 0 ? this.destinationSite[operation]! : storages[destination]!.site;
    switch (subject) {
      case 'link':
        return this.#world.link(source, destination).index;
      case 'source':
        return source;
      case 'destination':
        return destination;
      case 'source site':
        return from;
      case 'destination site':
        return to;
      case 'sites':
        return from * this.#world.sites.length + to;
      default:
        return this.cache[operation]!;
    }
  }

  #subjectName(subject: string, number: number): string {
    const { sites, storages, links, caches } = this.#world;
    switch (subject) {
      case 'link':
        return links[number]!.name;
      case 'source':
      case 'destination':
        return storages[number]?.name ?? '';
      case 'source site':
      case 'destination site':
        return siteName(sites, number);
      case 'sites': {
        const from = Math.floor(number / sites.length);
        return `${siteName(sites, from)} -> ${siteName(sites, number - from * sites.length)}`;
      }
      default:
        return caches[number]?.name ?? '';
    }
  }

  #add(): number {
    if (this.#count === this.#size) this.#enlarge();
    return this.#count++;
  }

  #enlarge(): void {
    const size = this.#size * 2;
    const wide = (array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => copyInto(new Int32Array(size), array);
    const real = (array: Float64Array<ArrayBuffer>, per = 1): Float64Array<ArrayBuffer> =>
      copyInto(new Float64Array(size * per), array);
    this.process = wide(this.process);
    this.generation = wide(this.generation);
    this.alive = copyInto(new Uint8Array(size), this.alive);
    this.dataset = wide(this.dataset);
    this.file = wide(this.file);
    this.source = wide(this.source);
    this.destination = wide(this.destination);
    this.sourceSite = wide(this.sourceSite);
    this.destinationSite = wide(this.destinationSite);
    this.cache = wide(this.cache);
    this.flow = wide(this.flow);
    this.attempts = wide(this.attempts);
    this.ordinal = wide(this.ordinal);
    this.stamp = wide(this.stamp);
    this.state = copyInto(new Uint8Array(size), this.state);
    this.extra = wide(this.extra);
    this.extra2 = wide(this.extra2);
    this.luck = wide(this.luck);
    this.sizeBytes = real(this.sizeBytes);
    this.intendedAt = real(this.intendedAt);
    this.submittedAt = real(this.submittedAt);
    this.startedAt = real(this.startedAt);
    this.firstByteAt = real(this.firstByteAt);
    this.bookedTo = real(this.bookedTo);
    this.borrowedSeconds = real(this.borrowedSeconds);
    this.books = real(this.books, BOOKS);
    this.#size = size;
  }
}

function copyInto<A extends { set(from: ArrayLike<number>): void }>(into: A, from: ArrayLike<number>): A {
  into.set(from);
  return into;
}

function siteName(sites: readonly { readonly name: string }[], site: number): string {
  return site < 0 ? '' : (sites[site]?.name ?? '');
}

function emptyRecord(): OperationRecord {
  return {
    id: 0,
    kind: 'upload',
    experiment: '',
    workflow: '',
    activity: '',
    scope: '',
    dataset: '',
    name: '',
    source: '',
    sourceSite: '',
    destination: '',
    destinationSite: '',
    cache: '',
    protocol: '',
    service: '',
    sizeBytes: 0,
    intendedAtSeconds: NaN,
    submittedAtSeconds: NaN,
    startedAtSeconds: NaN,
    firstByteAtSeconds: NaN,
    endedAtSeconds: NaN,
    attempts: 0,
    ordinal: 0,
    outcome: 'ok',
    errorClass: '',
    errorScope: '',
    limiter: '',
    books: [],
  };
}
