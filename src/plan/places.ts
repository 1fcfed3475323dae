// The places that a flow passes and the slots it holds: each is something that can hold it back.
import { meanOf } from '../core/law.ts';
import { linkName } from '../core/sink.ts';
import type { Lake, LinkLimit, Storage } from '../lake/lake.ts';
import { flowCapBps, networkPath } from '../lake/path.ts';
import type { Flow } from './flow.ts';

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

export interface Place {
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
export function slotsOf(flow: Flow, lake: Lake): Place[] {
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
