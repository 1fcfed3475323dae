// Clients that read: sessions go through their files one after another, straight from a storage or through a cache.
import { draw } from '../core/law.ts';
import type { RandomStream } from '../core/random.ts';
import type { Intent, Process } from '../plan/plan.ts';
import type { Access } from '../scenario/scenario.ts';
import { filesOfSession, ZipfRanks } from '../workload/popularity.ts';
import { BlockCache } from './block-cache.ts';
import { BOOK } from './books.ts';
import type { Conditions } from './conditions.ts';
import { fileKey, type Dataset, type Datasets } from './datasets.ts';
import type { Engine } from './engine.ts';
import type { Mover } from './mover.ts';
import type { Failure, Operations } from './operations.ts';
import type { TapeStaging } from './tape-staging.ts';
import type { Tokens } from './tokens.ts';
import type { World } from './world.ts';
import type { Shared } from './shared.ts';

type AccessIntent = Extract<Intent, { kind: 'access' }>;

/** A cache answers a hit sooner than a storage: no checksum, no door. */
const CACHE_SET_UP_SECONDS = 0.1;
/** More than a session reads. */
const FILES_PER_SESSION = 4096;
/** Sessions of one access, each with its own numbers. */
const SESSIONS = 2 ** 26;

/** The files of a process that can be read, in the order in which they came to be. */
interface Population {
  readonly datasets: Dataset[];
  readonly files: number[];
  ranks: ZipfRanks | undefined;
}

interface Session {
  readonly access: Access;
  readonly process: number;
  readonly number: number;
  readonly files: number;
  read: number;
  /** Of the read under way through a cache: bytes still to fetch, and bytes that the cache has, which follow. */
  missBytes: number;
  hitBytes: number;
  /** Bytes to fetch that the cache is going to keep. */
  keptBytes: number;
}

export interface CacheTotals {
  hitBytes: number;
  missBytes: number;
}

export class Reads {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #mover: Mover;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #datasets: Datasets;
  readonly #tokens: Tokens;
  readonly #staging: TapeStaging;
  readonly #processes: readonly Process[];
  readonly #experimentOf: readonly number[];
  readonly #popularity: RandomStream;
  readonly #setUps: RandomStream;
  readonly #populations: (Population | undefined)[] = [];
  readonly #sessions: (Session | undefined)[] = [];
  readonly #freeSessions: number[] = [];
  readonly caches: BlockCache[];
  readonly totals: CacheTotals[];
  #sessionSeeds = new Map<Access, number>();

  constructor(shared: Shared, mover: Mover, tokens: Tokens, staging: TapeStaging) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    this.#mover = mover;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#datasets = shared.datasets;
    this.#tokens = tokens;
    this.#staging = staging;
    this.#processes = shared.processes;
    this.#experimentOf = shared.experimentOf;
    this.#popularity = shared.random('popularity');
    this.#setUps = shared.random('read set-ups');
    this.caches = shared.world.caches.map((cache) => new BlockCache(cache.definition));
    this.totals = shared.world.caches.map(() => ({ hitBytes: 0, missBytes: 0 }));
    mover.handle('download', {
      done: (operation) => this.#partDone(operation),
      failed: (operation, failure) => this.#finish(operation, failure),
    });
  }

  /** A file that sessions of its process may read from now on. */
  offer(dataset: Dataset, file: number): void {
    if (!this.#processes[dataset.process]!.isRead) return;
    let population = this.#populations[dataset.process];
    if (population === undefined) {
      population = { datasets: [], files: [], ranks: undefined };
      this.#populations[dataset.process] = population;
    }
    population.datasets.push(dataset);
    population.files.push(file);
  }

  /** One session starts. */
  start(intent: AccessIntent): void {
    const { access, process } = intent;
    let seed = this.#sessionSeeds.get(access);
    if (seed === undefined) {
      seed = this.#sessionSeeds.size;
      this.#sessionSeeds.set(access, seed);
    }
    const number = seed * SESSIONS + intent.session;
    const files = filesOfSession(access.filesPerSession, this.#popularity, number);
    const slot = this.#freeSessions.pop() ?? this.#sessions.length;
    this.#sessions[slot] = { access, process, number, files, read: 0, missBytes: 0, hitBytes: 0, keptBytes: 0 };
    this.#readNext(slot, intent.atSeconds);
  }

  #readNext(slot: number, intendedAtSeconds: number): void {
    const session = this.#sessions[slot]!;
    const operations = this.#operations;
    const operation = operations.open('download', session.process, intendedAtSeconds);
    operations.extra[operation] = slot;
    operations.ordinal[operation] = session.read;
    operations.luck[operation] = session.number * FILES_PER_SESSION + session.read;
    operations.activity[operation] = session.access.name;
    operations.destinationSite[operation] = this.#world.site(session.access.at).index;
    operations.submittedAt[operation] = this.#engine.now;
    const picked = this.#pick(session);
    if (picked === undefined) {
      operations.book(operation, BOOK.dataNotReady);
      this.#finish(operation, { errorClass: 'no-such-file', scope: 'client' });
      return;
    }
    const { dataset, file, source } = picked;
    operations.dataset[operation] = dataset.slot;
    operations.datasetName[operation] = dataset.name;
    operations.file[operation] = file;
    operations.source[operation] = source;
    const near = this.#world.storages[source]!.site === operations.destinationSite[operation] ? 'read-lan' : 'read-wan';
    operations.protocol[operation] = this.#world.protocolFor(source, near, session.access.protocol);
    const size = dataset.sizesBytes[file]!;
    const { readShare, rangeBytes } = session.access;
    // Ranges are read whole, and at least one of them.
    operations.sizeBytes[operation] = Math.min(size, Math.ceil((size * readShare) / rangeBytes) * rangeBytes);
    const experiment = this.#experimentOf[session.process]!;
    if (this.#tokens.need(experiment, source, operation, this.#onToken)) this.#open(operation);
  }

  readonly #onToken = (operation: number, granted: boolean): void => {
    this.#operations.book(operation, granted ? BOOK.token : BOOK.fault);
    if (granted) {
      this.#open(operation);
      return;
    }
    this.#operations.faultSubject[operation] = 'tokens';
    this.#finish(operation, { errorClass: 'token-unavailable', scope: 'service' });
  };

  /** A file by its popularity, and the replica to read: the one named, or the nearest that is up as far as one knows. */
  #pick(session: Session): { dataset: Dataset; file: number; source: number } | undefined {
    const population = this.#populations[session.process];
    const count = population?.files.length ?? 0;
    if (population === undefined || count === 0) return undefined;
    const { zipf } = session.access;
    if (population.ranks?.count !== count || population.ranks.exponent !== zipf) {
      population.ranks = new ZipfRanks(count, zipf);
    }
    const rank = population.ranks.rank(this.#popularity, session.number, session.read + 1);
    // A file that was deleted meanwhile is passed over for the next in rank.
    for (let step = 0; step < count; step++) {
      const place = (rank + step) % count;
      const dataset = population.datasets[place]!;
      const file = population.files[place]!;
      const source = this.#replicaFor(session.access, dataset, file);
      if (source >= 0) return { dataset, file, source };
    }
    return undefined;
  }

  #replicaFor(access: Access, dataset: Dataset, file: number): number {
    const named = access.from === 'nearest' ? -1 : this.#world.storage(access.from).index;
    const reader = access.through === '' ? this.#world.site(access.at).index : this.#world.cache(access.through).site;
    let best = -1;
    let bestCost = Infinity;
    for (const [storage, replica] of dataset.replicas) {
      if (replica.files[file] !== 1) continue;
      const { site, definition } = this.#world.storages[storage]!;
      if (site !== reader && !this.#world.isOpen(storage)) continue;
      if (storage === named) return storage;
      const tape = definition.tape === undefined ? 0 : 1;
      // What refuses now is passed over at once; what hangs, the client finds out the hard way.
      const refuses = this.#conditions.storages[storage]!.down === 'refused' ? 1 : 0;
      const cost = refuses * 1e6 + tape * 1e3 + this.#world.rttSeconds(site, reader);
      if (cost < bestCost) {
        best = storage;
        bestCost = cost;
      }
    }
    return best;
  }

  #open(operation: number): void {
    const session = this.#sessions[this.#operations.extra[operation]!]!;
    const dataset = this.#datasets.get(this.#operations.dataset[operation]!);
    const file = this.#operations.file[operation]!;
    const source = this.#operations.source[operation]!;
    if (session.access.through !== '') {
      this.#openThroughCache(operation, session, dataset, file);
      return;
    }
    if (!this.#staging.isOnTapeOnly(source, dataset, file)) {
      this.#move(operation, session, source);
      return;
    }
    const generation = this.#operations.generation[operation]!;
    this.#staging.stage(source, dataset, file, session.process, false, () => {
      if (!this.#operations.is(operation, generation)) return;
      this.#operations.book(operation, BOOK.tape);
      this.#move(operation, session, source);
    });
  }

  #move(operation: number, session: Session, source: number): void {
    const site = this.#operations.destinationSite[operation]!;
    const route = this.#world.readRoute(source, site, session.access.processingBps);
    this.#mover.begin(operation, route, this.#operations.sizeBytes[operation]!, this.#setUpSeconds(operation, source));
  }

  #setUpSeconds(operation: number, source: number): number {
    const session = this.#sessions[this.#operations.extra[operation]!]!;
    const law = this.#world.storages[source]!.definition.setUp;
    return draw(law, this.#setUps, session.number, session.read) * this.#conditions.storages[source]!.slowFactor;
  }

  /** What the cache lacks is fetched first, then what it has is read: the sum is the same as if they took turns. */
  #openThroughCache(operation: number, session: Session, dataset: Dataset, file: number): void {
    const cache = this.#world.cache(session.access.through);
    const operations = this.#operations;
    operations.cache[operation] = cache.index;
    const processing = session.access.processingBps;
    const site = operations.destinationSite[operation]!;
    const slow = this.#conditions.caches[cache.index]!.slowFactor;
    const isUp = this.#conditions.caches[cache.index]!.down === 'no';
    const size = dataset.sizesBytes[file]!;
    const wanted = operations.sizeBytes[operation]!;
    const keeps = isUp && !this.#conditions.caches[cache.index]!.full;
    const found = isUp
      ? this.caches[cache.index]!.read(fileKey(dataset, file), size, wanted, keeps)
      : { hitBytes: 0, missBytes: wanted };
    operations.sizeBytes[operation] = found.hitBytes + found.missBytes;
    session.hitBytes = found.hitBytes;
    session.missBytes = found.missBytes;
    session.keptBytes = keeps ? found.missBytes : 0;
    const setUp = CACHE_SET_UP_SECONDS * slow;
    if (found.missBytes === 0) {
      // Served by the cache alone: the origin is not asked, and need not be up.
      operations.source[operation] = -1;
      operations.sourceSite[operation] = cache.site;
      this.#mover.begin(operation, this.#world.hitRoute(cache.index, site, processing), found.hitBytes, setUp);
      return;
    }
    const source = operations.source[operation]!;
    const route = this.#world.fillRoute(source, cache.index, processing);
    this.#mover.begin(operation, route, found.missBytes, setUp + this.#setUpSeconds(operation, source));
  }

  #partDone(operation: number): void {
    const session = this.#sessions[this.#operations.extra[operation]!]!;
    const cache = this.#operations.cache[operation]!;
    if (cache < 0) {
      this.#finish(operation, undefined);
      return;
    }
    const totals = this.totals[cache]!;
    if (session.missBytes === 0) {
      totals.hitBytes += session.hitBytes;
      this.#finish(operation, undefined);
      return;
    }
    totals.missBytes += session.missBytes;
    session.missBytes = 0;
    session.keptBytes = 0;
    if (session.hitBytes === 0) {
      this.#finish(operation, undefined);
      return;
    }
    const site = this.#operations.destinationSite[operation]!;
    const route = this.#world.hitRoute(cache, site, session.access.processingBps);
    this.#mover.continueWith(operation, route, session.hitBytes);
  }

  /** The cache has not got what a failed read was to fetch. */
  #giveBack(operation: number, session: Session): void {
    const dataset = this.#datasets.get(this.#operations.dataset[operation]!);
    const cache = this.caches[this.#operations.cache[operation]!]!;
    cache.lose(fileKey(dataset, this.#operations.file[operation]!), session.keptBytes);
    session.keptBytes = 0;
  }

  /** The read is over, one way or the other: the session goes on to its next file, or ends. */
  #finish(operation: number, failure: Failure | undefined): void {
    const slot = this.#operations.extra[operation]!;
    const session = this.#sessions[slot]!;
    if (this.#operations.attempts[operation] === 0) this.#operations.attempts[operation] = 1;
    if (session.keptBytes > 0) this.#giveBack(operation, session);
    this.#operations.end(operation, failure === undefined ? 'ok' : 'failed', failure);
    session.read++;
    session.missBytes = 0;
    session.hitBytes = 0;
    if (session.read < session.files) {
      this.#readNext(slot, this.#engine.now);
      return;
    }
    this.#sessions[slot] = undefined;
    this.#freeSessions.push(slot);
  }
}
