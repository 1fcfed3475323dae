// Everything that can hold a flow back, with what is asked of it and what it can give, part by part of the day.
import { meanOf } from '../core/law.ts';
import { linkName } from '../core/sink.ts';
import type { Lake, LinkLimit, Storage } from '../lake/lake.ts';
import { flowCapBps, networkPath } from '../lake/path.ts';
import type { CheckedScenario, Fault } from '../scenario/scenario.ts';
import type { Demand, Flow } from './demand.ts';
import { faultsOn } from './fault-share.ts';
import { partSeconds, partStart, type TimeGrid } from './time-grid.ts';

export const RESOURCE_KINDS = [
  'network',
  'site downlink',
  'site uplink',
  'storage read',
  'storage write',
  'tape drives',
  'cache read',
  'link slots',
  'storage slots in',
  'storage slots out',
  'transfer service slots',
  'upload workers',
] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** A resource gives bytes, or seconds in which one of its slots or workers is held. */
export type ResourceUnit = 'bytes' | 'slot-seconds';

export interface Resource {
  readonly kind: ResourceKind;
  /** `EULAKE-1`, `CERN`, `CERN -> DESY`, `EULAKE-1 -> DESY-DCACHE`, `SKA/pulsar-search`; empty for the whole service. */
  readonly name: string;
  readonly unit: ResourceUnit;
  /** Without faults: bytes per second, or slots. Infinity where the lake sets no limit. */
  readonly perSecond: number;
  readonly asked: Float64Array;
  /** With faults; filled with Infinity where there is no limit. */
  readonly available: Float64Array;
  readonly flows: readonly Flow[];
  /** Those that reduce it. */
  readonly faults: readonly Fault[];
}

/** What a flow takes from a resource for each of its files: bytes, or seconds of a slot. */
export function costPerFile(resource: { readonly unit: ResourceUnit }, flow: Flow, lake: Lake): number {
  const bytes = flow.totalFiles === 0 ? 0 : flow.totalBytes / flow.totalFiles;
  return resource.unit === 'bytes' ? bytes : fileSeconds(flow, bytes, lake);
}

/**
 * Seconds that one file of a flow takes where nothing else is in the way: set-up at its slower end, and its bytes at the
 * most that one transfer can have.
 */
export function fileSeconds(flow: Flow, fileBytes: number, lake: Lake): number {
  return setUpSeconds(flow, lake) + fileBytes / bestRateBps(flow, lake);
}

function setUpSeconds(flow: Flow, lake: Lake): number {
  const setUp = (name: string): number => (name === '' ? 0 : meanOf(lake.storages.get(name)!.setUp));
  return Math.max(setUp(flow.from.storage), setUp(flow.to.storage));
}

/** The most one transfer of this flow can have: window and loss on its path, single streams, and each place it passes. */
export function bestRateBps(flow: Flow, lake: Lake): number {
  const streams = flow.kind === 'copy' ? lake.services.transfers.streams : 1;
  const stream = (name: string): number => (name === '' ? Infinity : lake.storages.get(name)!.perStreamBps * streams);
  const path = networkPath(lake, flow.from.site, flow.to.site);
  const caps = [stream(flow.from.storage), stream(flow.to.storage)];
  if (flow.from.site !== flow.to.site) caps.push(flowCapBps(lake, path, streams));
  return Math.min(...caps, ...placesOf(flow, lake).map((place) => place.perSecond));
}

interface Place {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly unit: ResourceUnit;
  readonly perSecond: number;
}

/** The places whose bandwidth a flow's bytes pass. */
export function placesOf(flow: Flow, lake: Lake): Place[] {
  const places: Place[] = [];
  const add = (kind: ResourceKind, name: string, perSecond: number): void => {
    places.push({ kind, name, unit: 'bytes', perSecond });
  };
  const { from, to } = flow;
  if (from.storage !== '') {
    const storage = lake.storages.get(from.storage)!;
    add('storage read', storage.name, storage.readBps);
    addTape(add, storage);
  }
  if (from.cache !== '') add('cache read', from.cache, lake.caches.get(from.cache)!.readBps);
  if (from.site !== to.site) {
    add('site uplink', from.site, lake.sites.get(from.site)!.uplinkBps);
    add('network', linkName(from.site, to.site), networkPath(lake, from.site, to.site).capacityBps);
    add('site downlink', to.site, lake.sites.get(to.site)!.downlinkBps);
  }
  if (to.storage !== '') {
    const storage = lake.storages.get(to.storage)!;
    add('storage write', storage.name, storage.writeBps);
    addTape(add, storage);
  }
  return places;
}

/** All drives at full speed, with no time for mounting: what is above it cannot be done, what is below it may not be. */
function addTape(add: (kind: ResourceKind, name: string, perSecond: number) => void, storage: Storage): void {
  if (storage.tape !== undefined) add('tape drives', storage.name, storage.tape.drives * storage.tape.speedBps);
}

/** The slots and workers that a flow's transfers hold. */
function slotsOf(flow: Flow, lake: Lake): Place[] {
  const places: Place[] = [];
  const add = (kind: ResourceKind, name: string, perSecond: number): void => {
    places.push({ kind, name, unit: 'slot-seconds', perSecond });
  };
  if (flow.kind === 'copy') {
    const { transfers } = lake.services;
    const limits = (name: string) => transfers.storageLimits.get(name) ?? transfers.defaultStorageLimit;
    add(
      'link slots',
      linkName(flow.from.storage, flow.to.storage),
      linkLimitOf(lake, flow.from.storage, flow.to.storage).max,
    );
    add('storage slots out', flow.from.storage, limits(flow.from.storage).outbound);
    add('storage slots in', flow.to.storage, limits(flow.to.storage).inbound);
    add('transfer service slots', '', transfers.maxActive);
  }
  const { definition } = flow.process;
  if (flow.kind === 'upload' && definition.kind === 'workflow' && definition.workflow.inject !== undefined) {
    const name = `${flow.process.experiment}/${flow.process.workflow}`;
    add('upload workers', name, definition.workflow.inject.workers);
  }
  return places;
}

/** A link's own limit, else its source's, else its destination's, else the default. */
function linkLimitOf(lake: Lake, source: string, destination: string): LinkLimit {
  const { linkLimits, defaultLinkLimit } = lake.services.transfers;
  return (
    linkLimits.get(linkName(source, destination)) ??
    linkLimits.get(linkName(source, '*')) ??
    linkLimits.get(linkName('*', destination)) ??
    defaultLinkLimit
  );
}

/** All resources that some flow uses, in the order of RESOURCE_KINDS and then by name. */
export function resourcesOf(checked: CheckedScenario, demand: Demand): Resource[] {
  const { lake, scenario } = checked;
  const found = new Map<string, { place: Place; asked: Float64Array; flows: Flow[] }>();
  for (const flow of demand.flows) {
    if (flow.totalFiles === 0) continue;
    for (const place of [...placesOf(flow, lake), ...slotsOf(flow, lake)]) {
      const key = `${place.kind} ${place.name}`;
      let entry = found.get(key);
      if (entry === undefined) {
        entry = { place, asked: new Float64Array(demand.grid.count), flows: [] };
        found.set(key, entry);
      }
      entry.flows.push(flow);
      addDemand(entry.asked, place, flow, lake);
    }
  }
  return [...found.values()]
    .map(({ place, asked, flows }) => ({
      ...place,
      asked,
      flows,
      ...capacityOf(place, demand.grid, lake, scenario.faults),
    }))
    .sort(
      (one, other) =>
        RESOURCE_KINDS.indexOf(one.kind) - RESOURCE_KINDS.indexOf(other.kind) ||
        (one.name < other.name ? -1 : one.name > other.name ? 1 : 0),
    );
}

function addDemand(asked: Float64Array, place: Place, flow: Flow, lake: Lake): void {
  const values = place.unit === 'bytes' ? flow.bytes : flow.files;
  const factor = place.unit === 'bytes' ? 1 : costPerFile(place, flow, lake);
  for (let bin = 0; bin < asked.length; bin++) asked[bin]! += values[bin]! * factor;
}

/** What a resource gives by bin where nothing is wrong with it. */
export function withoutFaults(resource: { readonly perSecond: number }, grid: TimeGrid): Float64Array {
  const available = new Float64Array(grid.count);
  for (let bin = 0; bin < grid.count; bin++) available[bin] = resource.perSecond * partSeconds(grid, bin);
  return available;
}

function capacityOf(
  place: Place,
  grid: TimeGrid,
  lake: Lake,
  faults: readonly Fault[],
): { available: Float64Array; faults: Fault[] } {
  const available = withoutFaults(place, grid);
  const touching = faultsOn(place.kind, place.name, lake, faults);
  if (place.perSecond === Infinity) return { available, faults: touching.map(({ fault }) => fault) };
  for (const { fault, share } of touching) {
    for (let bin = 0; bin < grid.count; bin++) {
      const start = partStart(grid, bin);
      const length = partSeconds(grid, bin);
      const overlap = Math.min(start + length, fault.atSeconds + fault.forSeconds) - Math.max(start, fault.atSeconds);
      if (overlap > 0) available[bin]! *= 1 - (1 - share) * (overlap / length);
    }
  }
  return { available, faults: touching.map(({ fault }) => fault) };
}
