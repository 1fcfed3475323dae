// Once a minute: what moved, what waits, what is known, written to the sink as samples.
import type { RecordSink, SubjectKind } from '../core/sink.ts';
import { SERVICE_NAMES } from '../lake/lake.ts';
import type { SimulatedCatalogue } from './catalogue.ts';
import type { Condition, Conditions } from './conditions.ts';
import type { Conveyor } from './conveyor.ts';
import type { Engine } from './engine.ts';
import type { Knowledge } from './knowledge.ts';
import type { Reads } from './reads.ts';
import type { TapeStaging } from './tape-staging.ts';
import type { Tokens } from './tokens.ts';
import type { SimulatedTransferService } from './transfer-service.ts';
import type { Route, World } from './world.ts';

const MINUTE_SECONDS = 60;

/** The parts whose state is sampled. */
export interface Sampled {
  readonly world: World;
  readonly conditions: Conditions;
  readonly catalogue: SimulatedCatalogue;
  readonly conveyor: Conveyor;
  readonly transfers: SimulatedTransferService;
  readonly tokens: Tokens;
  readonly knowledge: Knowledge;
  readonly staging: TapeStaging;
  readonly reads: Reads;
}

export class Sampler {
  readonly #engine: Engine;
  readonly #sink: RecordSink;
  readonly #parts: Sampled;
  readonly #storageIn: Float64Array;
  readonly #storageOut: Float64Array;
  readonly #siteIn: Float64Array;
  readonly #siteOut: Float64Array;
  readonly #cacheHit: Float64Array;
  readonly #cacheMiss: Float64Array;
  readonly #storageUp: number[] = [];
  #linkBytes = new Float64Array(0);
  #pathBytes = new Map<number, number>();
  #from = 0;
  #minute = 0;

  constructor(engine: Engine, sink: RecordSink, parts: Sampled) {
    this.#engine = engine;
    this.#sink = sink;
    this.#parts = parts;
    const { storages, sites, caches } = parts.world;
    this.#storageIn = new Float64Array(storages.length);
    this.#storageOut = new Float64Array(storages.length);
    this.#siteIn = new Float64Array(sites.length);
    this.#siteOut = new Float64Array(sites.length);
    this.#cacheHit = new Float64Array(caches.length);
    this.#cacheMiss = new Float64Array(caches.length);
    const kind = engine.register(() => {
      this.sample();
      engine.schedule(engine.now + MINUTE_SECONDS, kind);
    });
    engine.schedule(MINUTE_SECONDS, kind);
    parts.transfers.beginMinute(0);
  }

  /** Writes the minute that ends now; at the end of a run, the part of a minute that is left. */
  sample(): void {
    const seconds = this.#engine.now - this.#from;
    if (seconds <= 0) return;
    this.#addUp();
    this.#sampleLinks();
    this.#sampleStorages(seconds);
    this.#sampleSites();
    this.#sampleNetwork();
    this.#sampleCaches(seconds);
    this.#sampleServices(seconds);
    this.#from = this.#engine.now;
    this.#minute++;
    this.#parts.transfers.beginMinute(this.#minute);
  }

  #put(kind: SubjectKind, subject: string, measure: string, value: number): void {
    if (value !== 0) this.#sink.sample(this.#minute, kind, subject, measure, value);
  }

  /** Adds what each route's class moved to all that the route passes. */
  #addUp(): void {
    const { world } = this.#parts;
    this.#storageIn.fill(0);
    this.#storageOut.fill(0);
    this.#siteIn.fill(0);
    this.#siteOut.fill(0);
    this.#pathBytes.clear();
    if (this.#linkBytes.length < world.links.length) this.#linkBytes = new Float64Array(world.links.length * 2);
    this.#linkBytes.fill(0);
    for (const route of world.routes) {
      const bytes = world.flows.takeBytes(route.flowClass);
      if (bytes > 0) this.#addRoute(route, bytes);
    }
  }

  #addRoute(route: Route, bytes: number): void {
    if (route.readStorage >= 0) this.#storageOut[route.readStorage]! += bytes;
    if (route.writeStorage >= 0) this.#storageIn[route.writeStorage]! += bytes;
    if (route.link >= 0) this.#linkBytes[route.link]! += bytes;
    if (route.fromSite === route.toSite) return;
    this.#siteOut[route.fromSite]! += bytes;
    this.#siteIn[route.toSite]! += bytes;
    const key = route.fromSite * this.#parts.world.sites.length + route.toSite;
    this.#pathBytes.set(key, (this.#pathBytes.get(key) ?? 0) + bytes);
  }

  #sampleLinks(): void {
    const { world, transfers } = this.#parts;
    for (const link of world.links) {
      const bytes = this.#linkBytes[link.index]!;
      if (bytes > 0) transfers.noteMoved(link.index, this.#minute, bytes);
      else if (transfers.isIdle(link.index)) continue;
      const state = transfers.linkState(link.index);
      this.#put('link', link.name, 'bytes', bytes);
      this.#put('link', link.name, 'active', state?.active ?? 0);
      this.#put('link', link.name, 'queued', state?.queued ?? 0);
      this.#put('link', link.name, 'limit', state?.limit ?? 0);
    }
  }

  #upShare(condition: Condition, seconds: number): number {
    return Math.max(0, 1 - this.#parts.conditions.takeDownSeconds(condition) / seconds);
  }

  #sampleStorages(seconds: number): void {
    const { world, conditions, staging } = this.#parts;
    for (const { index, name, usedBytes } of world.storages) {
      this.#put('storage', name, 'read_bytes', this.#storageOut[index]!);
      this.#put('storage', name, 'write_bytes', this.#storageIn[index]!);
      this.#put('storage', name, 'used_bytes', usedBytes);
      const up = this.#upShare(conditions.storages[index]!, seconds);
      this.#sink.sample(this.#minute, 'storage', name, 'up', up);
      this.#storageUp[index] = up;
      const library = staging.library(index);
      if (library === undefined) continue;
      this.#put('tape', name, 'drives_busy', library.takeBusySeconds() / seconds);
      this.#put('tape', name, 'recall_queue', library.queued);
      this.#put('tape', name, 'mounts', library.takeMounts());
      this.#put('tape', name, 'buffer_bytes', staging.bufferedBytes(index));
    }
  }

  /** A site is as much up as its storages are, on average. */
  #sampleSites(): void {
    for (const site of this.#parts.world.sites) {
      this.#put('site', site.name, 'in_bytes', this.#siteIn[site.index]!);
      this.#put('site', site.name, 'out_bytes', this.#siteOut[site.index]!);
      const cost = site.definition.egressCost;
      if (cost !== undefined) this.#put('site', site.name, 'egress_cost', this.#siteOut[site.index]! * cost.perByte);
      if (site.storages.length === 0) continue;
      const up = site.storages.reduce((sum, storage) => sum + this.#storageUp[storage]!, 0) / site.storages.length;
      this.#sink.sample(this.#minute, 'site', site.name, 'up', up);
    }
  }

  #sampleNetwork(): void {
    const { world } = this.#parts;
    for (const path of world.paths) {
      const bytes = this.#pathBytes.get(path.from * world.sites.length + path.to) ?? 0;
      if (bytes === 0) continue;
      const name = `${world.sites[path.from]!.name} -> ${world.sites[path.to]!.name}`;
      this.#put('network', name, 'bytes', bytes);
      const capacity = world.flows.capacityOf(path.resource);
      if (capacity !== Infinity) this.#put('network', name, 'capacity_bps', capacity);
    }
  }

  #sampleCaches(seconds: number): void {
    const { world, reads, conditions } = this.#parts;
    for (const { index, name } of world.caches) {
      const totals = reads.totals[index]!;
      this.#put('cache', name, 'hit_bytes', totals.hitBytes - (this.#cacheHit[index] ?? 0));
      this.#put('cache', name, 'miss_bytes', totals.missBytes - (this.#cacheMiss[index] ?? 0));
      this.#cacheHit[index] = totals.hitBytes;
      this.#cacheMiss[index] = totals.missBytes;
      this.#put('cache', name, 'used_bytes', reads.caches[index]!.usedBytes);
      this.#sink.sample(this.#minute, 'cache', name, 'up', this.#upShare(conditions.caches[index]!, seconds));
    }
  }

  #sampleServices(seconds: number): void {
    const { conditions, catalogue, transfers, tokens, knowledge, conveyor } = this.#parts;
    for (const name of SERVICE_NAMES) {
      this.#sink.sample(this.#minute, 'service', name, 'up', this.#upShare(conditions.services[name], seconds));
    }
    const rules = catalogue.state;
    this.#put('service', 'catalogue', 'rules_ok', rules.rulesOk);
    this.#put('service', 'catalogue', 'rules_replicating', rules.rulesReplicating);
    this.#put('service', 'catalogue', 'rules_stuck', rules.rulesStuck);
    this.#put('service', 'catalogue', 'locks_ok', rules.locksOk);
    this.#put('service', 'catalogue', 'locks_replicating', rules.locksReplicating);
    this.#put('service', 'catalogue', 'locks_stuck', rules.locksStuck);
    this.#put('service', 'catalogue', 'queued', conveyor.queued);
    this.#put('service', 'transfers', 'queued', transfers.queued);
    this.#put('service', 'transfers', 'active', transfers.active);
    this.#put('service', 'tokens', 'queued', tokens.queued);
    this.#put('service', 'tokens', 'busy', tokens.busy);
    for (const service of ['topology', 'network-monitor', 'monitoring'] as const) {
      this.#put('service', service, 'age_seconds', knowledge.ageSeconds(service));
    }
  }
}
