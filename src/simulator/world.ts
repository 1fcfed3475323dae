// The lake as the simulator sees it: numbered storages and sites, their resources, and the routes between them.
import type { Cache, Lake, ProtocolActivity, Site, Storage } from '../lake/lake.ts';
import { lossCapBps, networkPath, windowCapBps } from '../lake/path.ts';
import { BOOK } from './books.ts';
import type { FlowNetwork } from './flow-network.ts';

export interface SimulatedStorage {
  readonly index: number;
  readonly name: string;
  readonly site: number;
  readonly definition: Storage;
  readonly readResource: number;
  readonly writeResource: number;
  readonly capacityBytes: number;
  usedBytes: number;
  /** Promised to transfers that are under way. */
  reservedBytes: number;
}

export interface SimulatedSite {
  readonly index: number;
  readonly name: string;
  readonly definition: Site;
  readonly uplinkResource: number;
  readonly downlinkResource: number;
  readonly storages: number[];
}

export interface SimulatedCache {
  readonly index: number;
  readonly name: string;
  readonly site: number;
  readonly definition: Cache;
  readonly readResource: number;
  readonly writeResource: number;
}

/** A way for bytes: its flow class, what each place on it is booked to, and where its bytes are counted. -1: nowhere. */
export interface Route {
  readonly flowClass: number;
  readonly placeBooks: readonly number[];
  readonly capBook: number;
  readonly rttSeconds: number;
  readonly readStorage: number;
  readonly writeStorage: number;
  readonly fromSite: number;
  readonly toSite: number;
  readonly link: number;
  readonly cache: number;
}

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly source: number;
  readonly destination: number;
}

/** What each end of a third-party copy calls the protocol that it is done with. */
export interface TransferProtocols {
  readonly source: string;
  readonly destination: string;
}

/** One network path between two sites, in one direction. */
export interface NetworkPath {
  readonly from: number;
  readonly to: number;
  readonly resource: number;
  readonly capacityBps: number;
  readonly rttSeconds: number;
  readonly loss: number;
}

/** A number by name; a checked scenario names only what its lake has. */
function known(numbers: ReadonlyMap<string, number>, name: string): number {
  const number = numbers.get(name);
  if (number === undefined) throw new Error(`internal fault: the lake has no ${name}`);
  return number;
}

const NO_CAP = { capBps: Infinity, book: BOOK.client };

export class World {
  readonly lake: Lake;
  readonly flows: FlowNetwork;
  readonly sites: SimulatedSite[] = [];
  readonly storages: SimulatedStorage[] = [];
  readonly caches: SimulatedCache[] = [];
  readonly links: Link[] = [];
  /** One for each flow class. */
  readonly routes: Route[] = [];
  readonly paths: NetworkPath[] = [];
  readonly #siteByName = new Map<string, number>();
  readonly #storageByName = new Map<string, number>();
  readonly #cacheByName = new Map<string, number>();
  readonly #linkByPair = new Map<number, number>();
  readonly #pathByPair = new Map<number, NetworkPath>();
  /** The two kinds asked for most, by numbers alone. */
  readonly #transferRoutes: (Route | undefined)[] = [];
  readonly #uploadRoutes: (Route | undefined)[] = [];
  /** By link. */
  readonly #transferProtocols: (TransferProtocols | undefined)[] = [];
  readonly #routeByKey = new Map<string, Route>();
  readonly #countedClasses = new Set<number>();
  readonly #localRttSeconds: number;

  constructor(lake: Lake, flows: FlowNetwork) {
    this.lake = lake;
    this.flows = flows;
    this.#localRttSeconds = networkPath(lake, '', '').rttSeconds;
    for (const site of lake.sites.values()) this.#addSite(site);
    for (const storage of lake.storages.values()) this.#addStorage(storage);
    for (const cache of lake.caches.values()) this.#addCache(cache);
  }

  storage(name: string): SimulatedStorage {
    return this.storages[known(this.#storageByName, name)]!;
  }

  site(name: string): SimulatedSite {
    return this.sites[known(this.#siteByName, name)]!;
  }

  cache(name: string): SimulatedCache {
    return this.caches[known(this.#cacheByName, name)]!;
  }

  /** The link between two storages. */
  link(source: number, destination: number): Link {
    const key = source * this.storages.length + destination;
    const known = this.#linkByPair.get(key);
    if (known !== undefined) return this.links[known]!;
    const name = `${this.storages[source]!.name} -> ${this.storages[destination]!.name}`;
    const link: Link = { index: this.links.length, name, source, destination };
    this.links.push(link);
    this.#linkByPair.set(key, link.index);
    return link;
  }

  /** The network path from one site to another. */
  path(from: number, to: number): NetworkPath {
    const key = from * this.sites.length + to;
    const known = this.#pathByPair.get(key);
    if (known !== undefined) return known;
    const figures = networkPath(this.lake, this.sites[from]!.name, this.sites[to]!.name);
    const path: NetworkPath = { from, to, resource: this.flows.addResource(figures.capacityBps), ...figures };
    this.paths.push(path);
    this.#pathByPair.set(key, path);
    return path;
  }

  rttSeconds(from: number, to: number): number {
    return from === to ? this.#localRttSeconds : this.path(from, to).rttSeconds;
  }

  /** Rucio's distance between two storages; where the lake names none, the round-trip time in milliseconds. */
  distance(source: number, destination: number): number {
    const one = this.storages[source]!;
    const other = this.storages[destination]!;
    const named = this.lake.network.distances.get(`${one.name} -> ${other.name}`);
    return named ?? this.rttSeconds(one.site, other.site) * 1000;
  }

  /** Third-party copy between two storages, with the transfer service's streams. */
  transferRoute(source: number, destination: number): Route {
    const key = source * this.storages.length + destination;
    const known = this.#transferRoutes[key];
    if (known !== undefined) return known;
    return (this.#transferRoutes[key] = this.#route(`t${source}>${destination}`, () => {
      const from = this.storages[source]!;
      const to = this.storages[destination]!;
      const stream = Math.min(from.definition.perStreamBps, to.definition.perStreamBps);
      const streams = this.lake.services.transfers.streams;
      return {
        readStorage: source,
        writeStorage: destination,
        fromSite: from.site,
        toSite: to.site,
        link: this.link(source, destination).index,
        cache: -1,
        ...this.#wideArea(from.site, to.site, from.readResource, to.writeResource, {
          streams,
          streamBps: stream,
          ...NO_CAP,
        }),
      };
    }));
  }

  /** A client at a site writes to a storage. */
  uploadRoute(clientSite: number, destination: number): Route {
    const key = clientSite * this.storages.length + destination;
    const known = this.#uploadRoutes[key];
    if (known !== undefined) return known;
    return (this.#uploadRoutes[key] = this.#route(`u${clientSite}>${destination}`, () => {
      const to = this.storages[destination]!;
      const limits = { streams: 1, streamBps: to.definition.perStreamBps, ...NO_CAP };
      return {
        readStorage: -1,
        writeStorage: destination,
        fromSite: clientSite,
        toSite: to.site,
        link: -1,
        cache: -1,
        ...this.#wideArea(clientSite, to.site, -1, to.writeResource, limits),
      };
    }));
  }

  /** A client at a site reads from a storage, at no more than it can process. */
  readRoute(source: number, clientSite: number, processingBps: number): Route {
    return this.#route(`r${source}>${clientSite}/${processingBps}`, () => {
      const from = this.storages[source]!;
      const limits = { streams: 1, streamBps: from.definition.perStreamBps, capBps: processingBps, book: BOOK.client };
      return {
        readStorage: source,
        writeStorage: -1,
        fromSite: from.site,
        toSite: clientSite,
        link: -1,
        cache: -1,
        ...this.#wideArea(from.site, clientSite, from.readResource, -1, limits),
      };
    });
  }

  /** A cache fetches from a storage for a client that waits. */
  fillRoute(source: number, cache: number, processingBps: number): Route {
    return this.#route(`f${source}>${cache}/${processingBps}`, () => {
      const from = this.storages[source]!;
      const to = this.caches[cache]!;
      const limits = { streams: 1, streamBps: from.definition.perStreamBps, capBps: processingBps, book: BOOK.client };
      const route = this.#wideArea(from.site, to.site, from.readResource, to.writeResource, limits);
      const placeBooks = route.placeBooks.map((book) => (book === BOOK.destinationWrite ? BOOK.cache : book));
      return {
        readStorage: source,
        writeStorage: -1,
        fromSite: from.site,
        toSite: to.site,
        link: -1,
        cache: -1,
        ...route,
        placeBooks,
      };
    });
  }

  /** A client reads what a cache has. */
  hitRoute(cache: number, clientSite: number, processingBps: number): Route {
    return this.#route(`h${cache}>${clientSite}/${processingBps}`, () => {
      const from = this.caches[cache]!;
      const limits = { streams: 1, streamBps: Infinity, capBps: processingBps, book: BOOK.client };
      const route = this.#wideArea(from.site, clientSite, from.readResource, -1, limits);
      const placeBooks = route.placeBooks.map((book) => (book === BOOK.sourceRead ? BOOK.cache : book));
      return {
        readStorage: -1,
        writeStorage: -1,
        fromSite: from.site,
        toSite: clientSite,
        link: -1,
        cache,
        ...route,
        placeBooks,
      };
    });
  }

  /** The protocol that a client or the transfer service uses at a storage, by name: the one asked for, or the first choice. */
  protocolFor(storage: number, activity: ProtocolActivity, asked: string): string {
    let best = '';
    let bestRank = Infinity;
    for (const protocol of this.storages[storage]!.definition.protocols) {
      const rank = protocol.priorities.get(activity);
      if (rank === undefined) continue;
      if (asked !== '' && (protocol.name === asked || protocol.scheme === asked)) return protocol.name;
      if (rank < bestRank) {
        best = protocol.name;
        bestRank = rank;
      }
    }
    return best;
  }

  /** The protocols of a third-party copy, as either end names them. */
  transferProtocols(source: number, destination: number): TransferProtocols {
    const { index } = this.link(source, destination);
    return (this.#transferProtocols[index] ??= this.#chooseProtocols(source, destination));
  }

  /**
   * The scheme that both ends offer for third-party copy, best by the destination's rank, then by the source's; where
   * they share none, the first choice of each (the transfer service then streams).
   */
  #chooseProtocols(source: number, destination: number): TransferProtocols {
    const from = this.storages[source]!.definition.protocols;
    const to = this.storages[destination]!.definition.protocols;
    let best: TransferProtocols | undefined;
    let bestRank = Infinity;
    for (const { name, scheme, priorities } of to) {
      const rank = priorities.get('third-party-copy') ?? priorities.get('write-wan');
      for (const other of from) {
        const otherRank = other.priorities.get('third-party-copy') ?? other.priorities.get('read-wan');
        if (rank === undefined || otherRank === undefined || scheme !== other.scheme) continue;
        const both = rank * 100 + otherRank;
        if (both >= bestRank) continue;
        best = { source: other.name, destination: name };
        bestRank = both;
      }
    }
    return (
      best ?? {
        source: this.protocolFor(source, 'read-wan', ''),
        destination: this.protocolFor(destination, 'write-wan', ''),
      }
    );
  }

  /** Whether clients and services at another site can connect to a storage. */
  isOpen(storage: number): boolean {
    return this.sites[this.storages[storage]!.site]!.definition.inbound;
  }

  #route(key: string, make: () => Route): Route {
    const known = this.#routeByKey.get(key);
    if (known !== undefined) return known;
    const route = make();
    // Routes of one class differ only in what they are for: its bytes are counted by the first.
    if (!this.#countedClasses.has(route.flowClass)) {
      this.#countedClasses.add(route.flowClass);
      this.routes.push(route);
    }
    this.#routeByKey.set(key, route);
    return route;
  }

  /** Puts together the resources and the cap of a flow between two sites; -1 stands for an end without a resource. */
  #wideArea(
    fromSite: number,
    toSite: number,
    first: number,
    last: number,
    limits: { streams: number; streamBps: number; capBps: number; book: number },
  ): { flowClass: number; placeBooks: number[]; capBook: number; rttSeconds: number } {
    const path: number[] = [];
    const placeBooks: number[] = [];
    const add = (resource: number, book: number): void => {
      if (resource < 0) return;
      path.push(resource);
      placeBooks.push(book);
    };
    add(first, BOOK.sourceRead);
    const caps = [
      { capBps: limits.streams * limits.streamBps, book: BOOK.stream as number },
      { capBps: limits.capBps, book: limits.book },
    ];
    if (fromSite !== toSite) {
      const network = this.path(fromSite, toSite);
      const uplink = this.sites[fromSite]!.uplinkResource;
      const downlink = this.sites[toSite]!.downlinkResource;
      add(uplink, BOOK.sourceUplink);
      add(network.resource, BOOK.network);
      add(downlink, BOOK.destinationDownlink);
      const window = this.lake.network.default.windowBytes;
      caps.push({ capBps: windowCapBps(limits.streams, window, network.rttSeconds), book: BOOK.window });
      caps.push({ capBps: lossCapBps(limits.streams, network.loss, network.rttSeconds), book: BOOK.loss });
    }
    add(last, BOOK.destinationWrite);
    let tightest = caps[0]!;
    for (const cap of caps) if (cap.capBps < tightest.capBps) tightest = cap;
    return {
      flowClass: this.flows.classOf(path, tightest.capBps),
      placeBooks,
      capBook: tightest.book,
      rttSeconds: this.rttSeconds(fromSite, toSite),
    };
  }

  /** A resource for a link of a site, or -1 where it has no limit. */
  #limited(capacityBps: number): number {
    return capacityBps === Infinity ? -1 : this.flows.addResource(capacityBps);
  }

  #addSite(site: Site): void {
    const index = this.sites.length;
    this.#siteByName.set(site.name, index);
    this.sites.push({
      index,
      name: site.name,
      definition: site,
      uplinkResource: this.#limited(site.uplinkBps),
      downlinkResource: this.#limited(site.downlinkBps),
      storages: [],
    });
  }

  #addStorage(storage: Storage): void {
    const index = this.storages.length;
    const site = this.site(storage.site);
    this.#storageByName.set(storage.name, index);
    site.storages.push(index);
    this.storages.push({
      index,
      name: storage.name,
      site: site.index,
      definition: storage,
      readResource: this.flows.addResource(storage.readBps),
      writeResource: this.flows.addResource(storage.writeBps),
      capacityBytes: storage.capacityBytes,
      usedBytes: storage.usedBytes,
      reservedBytes: 0,
    });
  }

  #addCache(cache: Cache): void {
    const index = this.caches.length;
    this.#cacheByName.set(cache.name, index);
    this.caches.push({
      index,
      name: cache.name,
      site: this.site(cache.site).index,
      definition: cache,
      readResource: this.flows.addResource(cache.readBps),
      writeResource: this.flows.addResource(cache.writeBps),
    });
  }
}
