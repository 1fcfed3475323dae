// What the services know of the lake, which is not what is: the topology's outages (CRIC), the network monitor's
// readings (perfSONAR), the monitoring's messages. Each is as old as its last successful refresh.
import type { RandomStream } from '../core/random.ts';
import { BOOK } from './books.ts';
import type { Conditions } from './conditions.ts';
import type { Engine } from './engine.ts';
import type { Operations } from './operations.ts';
import type { World } from './world.ts';
import type { Shared } from './shared.ts';

/** One request to any of these services, seconds. */
const REQUEST_SECONDS = 1;
/** How long one waits for a service that does not answer. */
const CLIENT_TIMEOUT_SECONDS = 30;
/** A path that measures below this share of what it should carry counts as bad. */
const BAD_PATH_SHARE = 0.5;
/** A bad path makes a source as far away as if it were so many times its distance. */
const BAD_PATH_PENALTY = 4;

type KnowingService = 'topology' | 'network-monitor' | 'monitoring';

export class Knowledge {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #untilSeconds: number;
  readonly #refreshedAt: Record<KnowingService, number>;
  /** By storage: announced as down when the topology was last read. */
  readonly knownDown: boolean[];
  /** By site x sites: share of its capacity that a path measured at the last reading. */
  readonly #pathShare = new Map<number, number>();
  /** Requests under way. */
  readonly #waiting = new Map<number, { readonly service: KnowingService; readonly read: () => void }>();
  readonly #answerKind: number;
  #readings = 0;

  constructor(shared: Shared) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#random = shared.random('readings');
    this.knownDown = shared.world.storages.map(() => false);
    this.#untilSeconds = shared.durationSeconds;
    this.#refreshedAt = { topology: 0, 'network-monitor': 0, monitoring: 0 };
    this.#answerKind = shared.engine.register((operation) => this.#answer(operation));
    const { topology, networkMonitor, monitoring } = shared.world.lake.services;
    this.#every(topology.refreshSeconds, () => this.#ask('topology', -1, () => this.#readTopology()));
    this.#every(networkMonitor.everySeconds, () => this.#measureNetwork());
    this.#every(monitoring.everySeconds, () => this.#ask('monitoring', -1, () => {}));
  }

  /** Seconds since a service's last success. */
  ageSeconds(service: KnowingService): number {
    return this.#engine.now - this.#refreshedAt[service];
  }

  /** Rucio's distance, made larger where the network monitor measured a path to be bad. */
  distance(source: number, destination: number): number {
    const distance = this.#world.distance(source, destination);
    if (this.#pathShare.size === 0) return distance;
    const { storages, sites } = this.#world;
    const share = this.#pathShare.get(storages[source]!.site * sites.length + storages[destination]!.site);
    return share !== undefined && share < BAD_PATH_SHARE ? (distance + 1) * BAD_PATH_PENALTY : distance;
  }

  /** When the catalogue hears of a transfer that ends now: by message, or by its next poll where none comes. */
  heardAt(pollerSeconds: number): number {
    const { now } = this.#engine;
    const poll = (Math.floor(now / pollerSeconds) + 1) * pollerSeconds;
    const monitoring = this.#conditions.services.monitoring;
    if (monitoring.down !== 'no') return poll;
    return Math.min(poll, now + this.#world.lake.services.monitoring.lagSeconds * monitoring.slowFactor);
  }

  /** At each multiple of `seconds` within the day; what would begin at its end could not be answered. */
  #every(seconds: number, act: () => void): void {
    const again = (): void => {
      const next = this.#engine.now + seconds;
      if (next < this.#untilSeconds) this.#engine.schedule(next, kind);
    };
    const kind = this.#engine.register(() => {
      act();
      again();
    });
    again();
  }

  #readTopology(): void {
    this.#conditions.declaredDown.forEach((down, storage) => {
      this.knownDown[storage] = down;
    });
  }

  /** Every site with storages measures the paths that leave it. */
  #measureNetwork(): void {
    for (const site of this.#world.sites) {
      if (site.storages.length > 0) this.#ask('network-monitor', site.index, () => this.#readPaths(site.index));
    }
  }

  #readPaths(site: number): void {
    const { noise } = this.#world.lake.services.networkMonitor;
    for (const path of this.#world.paths) {
      if (path.from !== site || path.capacityBps === Infinity) continue;
      const now = this.#world.flows.capacityOf(path.resource) / path.capacityBps;
      const read = now * (1 + noise * this.#random.normal(this.#readings++));
      this.#pathShare.set(path.from * this.#world.sites.length + path.to, Math.max(0, read));
    }
  }

  /** One request, written down as a probe when it is answered or has failed; `read` is what an answer is good for. */
  #ask(service: KnowingService, site: number, read: () => void): void {
    const operations = this.#operations;
    const condition = this.#conditions.services[service];
    const operation = operations.open('probe', -1, this.#engine.now);
    operations.service[operation] = service;
    operations.sourceSite[operation] = site;
    operations.name[operation] = service;
    operations.attempts[operation] = 1;
    operations.submittedAt[operation] = this.#engine.now;
    operations.startedAt[operation] = this.#engine.now;
    this.#waiting.set(operation, { service, read });
    const seconds = condition.down === 'hanging' ? CLIENT_TIMEOUT_SECONDS : REQUEST_SECONDS * condition.slowFactor;
    this.#engine.schedule(this.#engine.now + seconds, this.#answerKind, operation);
  }

  #answer(operation: number): void {
    const operations = this.#operations;
    const { service, read } = this.#waiting.get(operation)!;
    this.#waiting.delete(operation);
    if (!this.#conditions.requestFails(service)) {
      this.#refreshedAt[service] = this.#engine.now;
      read();
      operations.book(operation, BOOK.setUp);
      operations.end(operation, 'ok');
      return;
    }
    const hung = this.#engine.now - operations.submittedAt[operation]! >= CLIENT_TIMEOUT_SECONDS;
    operations.faultSubject[operation] = service;
    operations.book(operation, BOOK.fault);
    operations.end(operation, 'failed', { errorClass: hung ? 'timeout' : 'service-unavailable', scope: 'service' });
  }
}
