// What the services know of the lake, which is not what is: the topology's outages (CRIC), the network monitor's
// readings (perfSONAR), the monitoring's messages. Each is as old as its last successful refresh.
import type { RandomStream } from '../core/random.ts';
import type { ServiceName } from '../lake/lake.ts';
import { BOOK } from './books.ts';
import type { Conditions } from './conditions.ts';
import type { Engine } from './engine.ts';
import type { Operations } from './operations.ts';
import type { World } from './world.ts';
import type { Shared } from './shared.ts';

/** One request to any of these services, seconds. */
const REQUEST_SECONDS = 1;
/** A path that measures below this share of what it should carry counts as bad. */
const BAD_PATH_SHARE = 0.5;
/** A bad path makes a source as far away as if it were so many times its distance. */
const BAD_PATH_PENALTY = 4;

export class Knowledge {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #refreshedAt: Record<'topology' | 'network-monitor' | 'monitoring', number>;
  /** By storage: announced as down when the topology was last read. */
  readonly knownDown: boolean[];
  /** By site x sites: share of its capacity that a path measured at the last reading. */
  readonly #pathShare = new Map<number, number>();
  #readings = 0;

  constructor(shared: Shared) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#random = shared.random('readings');
    this.knownDown = shared.world.storages.map(() => false);
    this.#refreshedAt = { topology: 0, 'network-monitor': 0, monitoring: 0 };
    const { topology, networkMonitor, monitoring } = shared.world.lake.services;
    this.#every(topology.refreshSeconds, () => this.#refreshTopology());
    this.#every(networkMonitor.everySeconds, () => this.#measureNetwork());
    this.#every(monitoring.everySeconds, () => this.#publish());
  }

  /** Seconds since a service's last success. */
  ageSeconds(service: 'topology' | 'network-monitor' | 'monitoring'): number {
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

  #every(seconds: number, act: () => void): void {
    const kind = this.#engine.register(() => {
      act();
      this.#engine.schedule(this.#engine.now + seconds, kind);
    });
    this.#engine.schedule(Math.min(seconds, this.#engine.now + seconds), kind);
  }

  #refreshTopology(): void {
    if (!this.#ask('topology', -1)) return;
    this.#conditions.declaredDown.forEach((down, storage) => {
      this.knownDown[storage] = down;
    });
  }

  #measureNetwork(): void {
    const { noise } = this.#world.lake.services.networkMonitor;
    const readable = this.#world.sites.map((site) => {
      if (site.storages.length === 0) return false;
      return this.#ask('network-monitor', site.index);
    });
    for (const path of this.#world.paths) {
      if (!readable[path.from]! || path.capacityBps === Infinity) continue;
      const now = this.#world.flows.capacityOf(path.resource) / path.capacityBps;
      const read = now * (1 + noise * this.#random.normal(this.#readings++));
      this.#pathShare.set(path.from * this.#world.sites.length + path.to, Math.max(0, read));
    }
  }

  #publish(): void {
    this.#ask('monitoring', -1);
  }

  /** One request, written down as a probe; whether it was answered. */
  #ask(service: Exclude<ServiceName, 'catalogue' | 'transfers' | 'tokens'>, site: number): boolean {
    const operations = this.#operations;
    const condition = this.#conditions.services[service];
    const operation = operations.open('probe', -1, this.#engine.now);
    operations.service[operation] = service;
    operations.sourceSite[operation] = site;
    operations.name[operation] = service;
    operations.attempts[operation] = 1;
    operations.submittedAt[operation] = this.#engine.now;
    operations.startedAt[operation] = this.#engine.now;
    const answered = !this.#conditions.requestFails(service);
    if (answered) {
      this.#refreshedAt[service] = this.#engine.now;
      operations.intendedAt[operation] = this.#engine.now - REQUEST_SECONDS * condition.slowFactor;
      operations.bookedTo[operation] = operations.intendedAt[operation]!;
      operations.book(operation, BOOK.setUp);
      operations.end(operation, 'ok');
    } else {
      operations.faultSubject[operation] = service;
      operations.end(operation, 'failed', {
        errorClass: condition.down === 'hanging' ? 'timeout' : 'service-unavailable',
        scope: 'service',
      });
    }
    return answered;
  }
}
