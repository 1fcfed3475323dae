// The state of things under the scenario's faults: what is down, slow, full, failing, and since when.
import { assert } from '../core/errors.ts';
import type { RandomStream } from '../core/random.ts';
import { SERVICE_NAMES, type ServiceName } from '../lake/lake.ts';
import type { Fault } from '../scenario/scenario.ts';
import type { Engine } from './engine.ts';
import type { World } from './world.ts';

export type Down = 'no' | 'refused' | 'hanging';

interface Failing {
  readonly share: number;
  readonly protocol: string;
}

/** Of a storage, a cache or a service. */
export class Condition {
  down: Down = 'no';
  /** Down for one protocol only. */
  readonly downProtocols: { protocol: string; how: Down }[] = [];
  slowFactor = 1;
  readonly failing: Failing[] = [];
  corruptShare = 0;
  full = false;
  capacityShare = 1;
  expired = false;
  /** Seconds of the current minute in which it was down, and since when it is. */
  downSeconds = 0;
  downSince = NaN;

  reset(): void {
    this.down = 'no';
    this.downProtocols.length = 0;
    this.slowFactor = 1;
    this.failing.length = 0;
    this.corruptShare = 0;
    this.full = false;
    this.capacityShare = 1;
    this.expired = false;
  }

  downFor(protocol: string): Down {
    if (this.down !== 'no' || this.downProtocols.length === 0) return this.down;
    return this.downProtocols.find((one) => one.protocol === protocol)?.how ?? 'no';
  }

  /** Share of operations with this protocol that fail. */
  failingShare(protocol: string): number {
    let good = 1;
    for (const one of this.failing) {
      if (one.protocol === '' || one.protocol === protocol) good *= 1 - one.share;
    }
    return 1 - good;
  }
}

/** Longest time in a state of a flapping thing, beyond its minimum: exponential with half the minimum as its mean. */
const FLAP_EXTRA = 0.5;

export class Conditions {
  readonly storages: Condition[];
  readonly caches: Condition[];
  readonly services: Record<ServiceName, Condition>;
  /** By network path key (from x sites + to). */
  readonly #paths = new Map<number, Condition>();
  /** Share of a site's link that is left. */
  readonly #siteShare: number[];
  /** Of experiments that ever were at fault: their credentials, their clients. */
  readonly experiments = new Map<string, Condition>();
  /** What a refresh of the topology would say now: storages announced as down. */
  readonly declaredDown: boolean[];
  readonly #active = new Set<number>();
  readonly #flappedDown = new Set<number>();
  readonly #faults: readonly Fault[];
  readonly #world: World;
  readonly #engine: Engine;
  readonly #random: RandomStream;
  readonly #requests: RandomStream;
  #requestsMade = 0;
  readonly #flapKind: number;
  readonly #listeners: (() => void)[] = [];

  constructor(
    world: World,
    engine: Engine,
    faults: readonly Fault[],
    random: { readonly flapping: RandomStream; readonly requests: RandomStream },
  ) {
    this.#world = world;
    this.#engine = engine;
    this.#faults = faults;
    this.#random = random.flapping;
    this.#requests = random.requests;
    this.storages = world.storages.map(() => new Condition());
    this.caches = world.caches.map(() => new Condition());
    this.services = Object.fromEntries(SERVICE_NAMES.map((name) => [name, new Condition()])) as Record<
      ServiceName,
      Condition
    >;
    this.#siteShare = world.sites.map(() => 1);
    this.declaredDown = world.storages.map(() => false);
    this.#flapKind = engine.register((fault, times) => this.#flap(fault, times));
  }

  /** Called after each change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  start(fault: number): void {
    this.#active.add(fault);
    if (this.#faults[fault]!.effect.is === 'flapping') this.#flap(fault, 0);
    else this.#apply();
  }

  end(fault: number): void {
    this.#active.delete(fault);
    this.#flappedDown.delete(fault);
    this.#apply();
  }

  /** Whether a network path was ever at fault. */
  get anyPath(): boolean {
    return this.#paths.size > 0;
  }

  path(from: number, to: number): Condition | undefined {
    return this.#paths.get(from * this.#world.sites.length + to);
  }

  /** Whether a request to a service fails now: it is down, refuses who asks, or this is one of the share that fails. */
  requestFails(service: ServiceName): boolean {
    const condition = this.services[service];
    if (condition.down !== 'no' || condition.expired) return true;
    if (condition.failing.length === 0) return false;
    return this.#requests.uniform(this.#requestsMade++) < condition.failingShare('');
  }

  /** Seconds that a thing was down since the last call. */
  takeDownSeconds(condition: Condition): number {
    const now = this.#engine.now;
    if (!Number.isNaN(condition.downSince)) {
      condition.downSeconds += now - condition.downSince;
      condition.downSince = now;
    }
    const seconds = condition.downSeconds;
    condition.downSeconds = 0;
    return seconds;
  }

  #flap(index: number, times: number): void {
    if (!this.#active.has(index)) return;
    const { effect } = this.#faults[index]!;
    assert(effect.is === 'flapping', 'only flapping things flap');
    const goesDown = times % 2 === 0;
    if (goesDown) this.#flappedDown.add(index);
    else this.#flappedDown.delete(index);
    const least = goesDown ? effect.downSeconds : effect.upSeconds;
    const stay = least * (1 + FLAP_EXTRA * this.#random.exponential(index, times));
    this.#engine.schedule(this.#engine.now + stay, this.#flapKind, index, times + 1);
    this.#apply();
  }

  #all(): Condition[] {
    return [
      ...this.storages,
      ...this.caches,
      ...SERVICE_NAMES.map((name) => this.services[name]),
      ...this.#paths.values(),
      ...this.experiments.values(),
    ];
  }

  /** Works everything out anew from the faults that are active: they are few, and may overlap. */
  #apply(): void {
    const before = new Map(this.#all().map((condition) => [condition, condition.down !== 'no']));
    for (const condition of before.keys()) condition.reset();
    this.#siteShare.fill(1);
    this.declaredDown.fill(false);
    for (const index of [...this.#active].sort((one, other) => one - other)) this.#applyFault(index);
    this.#setCapacities();
    for (const condition of this.#all()) this.#noteDown(condition, before.get(condition) ?? false);
    for (const listener of this.#listeners) listener();
  }

  #noteDown(condition: Condition, wasDown: boolean): void {
    const isDown = condition.down !== 'no';
    if (isDown === wasDown) return;
    if (isDown) condition.downSince = this.#engine.now;
    else {
      condition.downSeconds += this.#engine.now - condition.downSince;
      condition.downSince = NaN;
    }
  }

  #applyFault(index: number): void {
    const fault = this.#faults[index]!;
    const { target } = fault;
    switch (target.kind) {
      case 'site': {
        const site = this.#world.site(target.name);
        if (fault.effect.is === 'capacity') {
          this.#siteShare[site.index]! *= fault.effect.share;
          return;
        }
        for (const storage of site.storages) this.#affectStorage(storage, index, '');
        for (const cache of this.#world.caches) {
          if (cache.site === site.index) this.#affect(this.caches[cache.index]!, index, '');
        }
        return;
      }
      case 'storage':
        this.#affectStorage(this.#world.storage(target.name).index, index, target.protocol);
        return;
      case 'cache':
        this.#affect(this.caches[this.#world.cache(target.name).index]!, index, '');
        return;
      case 'service':
        this.#affect(this.services[target.name], index, '');
        return;
      case 'link': {
        const path = this.#world.path(this.#world.site(target.from).index, this.#world.site(target.to).index);
        const key = path.from * this.#world.sites.length + path.to;
        this.#affect(conditionOf(this.#paths, key), index, '');
        return;
      }
      case 'experiment':
        this.#affect(conditionOf(this.experiments, target.name), index, '');
    }
  }

  #affectStorage(storage: number, index: number, protocol: string): void {
    const { effect, declared } = this.#faults[index]!;
    this.#affect(this.storages[storage]!, index, protocol);
    const down = effect.is === 'unreachable' || effect.is === 'flapping';
    if (declared && down && protocol === '') this.declaredDown[storage] = true;
  }

  #affect(condition: Condition, index: number, protocol: string): void {
    const { effect } = this.#faults[index]!;
    switch (effect.is) {
      case 'unreachable':
        goDown(condition, effect.how, protocol);
        return;
      case 'flapping':
        if (this.#flappedDown.has(index)) goDown(condition, effect.how, protocol);
        return;
      case 'slow':
        condition.slowFactor *= effect.factor;
        return;
      case 'failing':
        condition.failing.push({ share: effect.share, protocol });
        return;
      case 'corrupting':
        condition.corruptShare = 1 - (1 - condition.corruptShare) * (1 - effect.share);
        return;
      case 'full':
        condition.full = true;
        return;
      case 'capacity':
        condition.capacityShare *= effect.share;
        return;
      case 'expired':
        condition.expired = true;
    }
  }

  /** Bandwidth follows: nothing flows from or to what hangs, and a slow thing serves a fraction. */
  #setCapacities(): void {
    const { flows, storages, sites, caches, paths } = this.#world;
    const shareOf = (condition: Condition): number =>
      condition.down === 'hanging' ? 0 : condition.capacityShare / condition.slowFactor;
    const scaled = (capacityBps: number, share: number): number => (share === 0 ? 0 : capacityBps * share);
    for (const storage of storages) {
      const share = shareOf(this.storages[storage.index]!);
      flows.setCapacity(storage.readResource, scaled(storage.definition.readBps, share));
      flows.setCapacity(storage.writeResource, scaled(storage.definition.writeBps, share));
    }
    for (const cache of caches) {
      const share = shareOf(this.caches[cache.index]!);
      flows.setCapacity(cache.readResource, scaled(cache.definition.readBps, share));
      flows.setCapacity(cache.writeResource, scaled(cache.definition.writeBps, share));
    }
    for (const site of sites) {
      const share = this.#siteShare[site.index]!;
      if (site.uplinkResource >= 0) flows.setCapacity(site.uplinkResource, scaled(site.definition.uplinkBps, share));
      if (site.downlinkResource >= 0)
        flows.setCapacity(site.downlinkResource, scaled(site.definition.downlinkBps, share));
    }
    for (const path of paths) {
      const condition = this.#paths.get(path.from * sites.length + path.to);
      if (condition === undefined) continue;
      const share = condition.down === 'no' ? shareOf(condition) : 0;
      flows.setCapacity(path.resource, scaled(path.capacityBps, share));
    }
  }
}

/** The condition of a thing that has none until a fault meets it. */
function conditionOf<K>(conditions: Map<K, Condition>, key: K): Condition {
  let condition = conditions.get(key);
  if (condition === undefined) {
    condition = new Condition();
    conditions.set(key, condition);
  }
  return condition;
}

function goDown(condition: Condition, how: 'refused' | 'hanging', protocol: string): void {
  if (protocol !== '') condition.downProtocols.push({ protocol, how });
  // Hanging is the worse: who refuses at least says so.
  else if (condition.down !== 'hanging') condition.down = how;
}
