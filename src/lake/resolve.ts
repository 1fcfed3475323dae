// From a lake as written to the model: units to base units, names looked up, sense checked.
import { parseMoneyPerByte } from '../core/units.ts';
import { checkLaw } from '../language/law-mistakes.ts';
import { child } from '../language/pointer.ts';
import { bytes, lawOf, rate, seconds, share } from '../language/quantities.ts';
import { checkReference, type Names } from '../language/references.ts';
import type { ProblemReport } from '../language/report.ts';
import {
  type Cache,
  type Lake,
  type Network,
  type NetworkLink,
  PROTOCOL_ACTIVITIES,
  type Protocol,
  type Site,
  type Storage,
  type Tape,
} from './lake.ts';
import { resolveServices } from './resolve-services.ts';
import type { WrittenCache, WrittenLake, WrittenProtocol, WrittenSite, WrittenStorage } from './schema.ts';

/** All names that a lake declares, also those whose declaration is wrong. */
export interface LakeNames {
  readonly sites: Names;
  readonly storages: Names;
  readonly caches: Names;
}

/** Makes the model of a validated lake. Mistakes go to the report; the model is then not to be used. */
export function resolveLake(written: WrittenLake, names: LakeNames, report: ProblemReport): Lake {
  const sites = new Map<string, Site>();
  for (const [name, site] of Object.entries(written.sites)) {
    sites.set(name, resolveSite(name, site, child('/sites', name), report));
  }
  const storages = new Map<string, Storage>();
  for (const [name, storage] of Object.entries(written.storages)) {
    const at = child('/storages', name);
    checkReference(report, child(at, 'site'), storage.site, names.sites);
    storages.set(name, resolveStorage(name, storage, sites.get(storage.site), at, report));
  }
  const caches = new Map<string, Cache>();
  for (const [name, cache] of Object.entries(written.caches)) {
    const at = child('/caches', name);
    checkReference(report, child(at, 'site'), cache.site, names.sites);
    caches.set(name, resolveCache(name, cache, at, report));
  }
  return {
    name: written.name,
    sites,
    storages,
    caches,
    network: resolveNetwork(written.network, names, report),
    services: resolveServices(written.services, names, report),
  };
}

function resolveSite(name: string, written: WrittenSite, at: string, report: ProblemReport): Site {
  const cost = written['egress-cost'];
  const [latitude, longitude] = written.at ?? [];
  if (latitude !== undefined && Math.abs(latitude) > 90) {
    report.error(child(at, 'at'), 'the first number is degrees north, at most 90', 'write [north, east]');
  } else if (latitude === 0 && longitude === 0) {
    report.warning(child(at, 'at'), '0, 0 lies in the Gulf of Guinea', 'leave `at` out where it is not known');
  }
  return {
    name,
    kind: written.kind,
    country: written.country,
    position: latitude === undefined || longitude === undefined ? undefined : { latitude, longitude },
    uplinkBps: rate(written.uplink),
    downlinkBps: rate(written.downlink),
    egressCost: cost === undefined ? undefined : parseMoneyPerByte(cost),
    inbound: written.inbound,
  };
}

function resolveStorage(
  name: string,
  written: WrittenStorage,
  site: Site | undefined,
  at: string,
  report: ProblemReport,
): Storage {
  const capacityBytes = bytes(written.capacity);
  const usedBytes = bytes(written.used);
  if (usedBytes > capacityBytes) report.mismatch(at, 'used', 'more is used than the capacity');
  else if (usedBytes === capacityBytes) report.warning(child(at, 'used'), 'the storage is full from the start');
  checkLaw(report, child(at, 'set-up'), written['set-up'], 'duration');
  const isTape = written.technology === 'tape';
  if (isTape && written.tape === undefined) {
    report.mismatch(at, '', '`tape` is missing', 'technology is tape: say its drives and their speed');
  } else if (!isTape && written.tape !== undefined) {
    report.mismatch(at, 'tape', `the technology is ${written.technology}`, 'only `technology: tape` has drives', 'key');
  }
  return {
    name,
    site: written.site,
    technology: written.technology,
    qosClass: written.class,
    attributes: attributesOf(name, written, site, at, report),
    capacityBytes,
    usedBytes,
    readBps: rate(written.read),
    writeBps: rate(written.write),
    perStreamBps: rate(written['per-stream']),
    setUp: lawOf(written['set-up'], 'duration'),
    deterministic: written.deterministic,
    verifyChecksum: written['verify-checksum'],
    protocols: Object.entries(written.protocols).map(([scheme, protocol]) =>
      resolveProtocol(scheme, protocol, child(child(at, 'protocols'), scheme), report),
    ),
    tape: isTape && written.tape !== undefined ? resolveTape(written.tape) : undefined,
  };
}

/** What RSE expressions can ask: what is written goes before what follows from the rest. */
function attributesOf(
  name: string,
  written: WrittenStorage,
  site: Site | undefined,
  at: string,
  report: ProblemReport,
): Map<string, string> {
  const attributes = new Map<string, string>();
  const implied: [string, string][] = [
    ['site', written.site],
    ['country', site?.country ?? ''],
    ['technology', written.technology],
    ['class', written.class],
    ['QOS', written.class],
    ['type', written.technology === 'tape' ? 'TAPE' : 'DISK'],
    [name, 'true'],
  ];
  for (const [key, value] of implied) if (value !== '') attributes.set(key, value);
  for (const [key, value] of Object.entries(written.attributes)) {
    const follows = attributes.get(key);
    if (follows !== undefined && follows !== String(value) && key !== 'type') {
      report.warning(
        child(child(at, 'attributes'), key),
        `differs from what the storage says elsewhere ("${follows}")`,
      );
    }
    attributes.set(key, String(value));
  }
  return attributes;
}

function resolveProtocol(name: string, written: WrittenProtocol, at: string, report: ProblemReport): Protocol {
  const url = written.url ?? '';
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^\s/]/i.exec(url)?.[1];
  if (url !== '' && scheme === undefined) {
    report.error(child(at, 'url'), 'must be an address such as davs://host:443/path');
  }
  const activities = written.activities;
  const priorities = new Map<
    Protocol['priorities'] extends ReadonlyMap<infer Activity, number> ? Activity : never,
    number
  >();
  for (const activity of PROTOCOL_ACTIVITIES) {
    const rank = activities === undefined ? 1 : activities[activity];
    if (rank !== undefined) priorities.set(activity, rank);
  }
  if (activities !== undefined && priorities.size === 0) {
    report.warning(child(at, 'activities'), 'allows nothing: the protocol is never used');
  }
  const modes = written['third-party'];
  const allowed = priorities.has('third-party-copy');
  if (modes !== undefined && modes.length > 0 && !allowed) {
    report.warning(child(at, 'third-party'), 'the activities do not allow `third-party-copy`: this has no effect');
  }
  const thirdParty = new Set<'pull' | 'push'>(allowed ? (modes ?? ['pull', 'push']) : []);
  return { name, scheme: scheme ?? name, url, priorities, thirdParty };
}

function resolveTape(written: NonNullable<WrittenStorage['tape']>): Tape {
  return {
    drives: written.drives,
    mountSeconds: seconds(written.mount),
    positionSeconds: seconds(written.position),
    unmountSeconds: seconds(written.unmount),
    speedBps: rate(written.speed),
    bufferBytes: bytes(written.buffer),
    cartridgeBytes: bytes(written.cartridge),
  };
}

function resolveCache(name: string, written: WrittenCache, at: string, report: ProblemReport): Cache {
  const cache: Cache = {
    name,
    site: written.site,
    capacityBytes: bytes(written.capacity),
    blockBytes: bytes(written.block),
    highWatermark: share(written['high-watermark']),
    lowWatermark: share(written['low-watermark']),
    readBps: rate(written.read),
    writeBps: rate(written.write),
  };
  if (cache.blockBytes > cache.capacityBytes) report.mismatch(at, 'block', 'a block is larger than the cache');
  if (cache.lowWatermark >= cache.highWatermark) {
    report.mismatch(at, 'low-watermark', 'must be below `high-watermark`');
  }
  return cache;
}

function resolveNetwork(written: WrittenLake['network'], names: LakeNames, report: ProblemReport): Network {
  const fallback = {
    rttSeconds: roundTripSeconds(written.default.rtt),
    capacityBps: rate(written.default.capacity),
    loss: share(written.default.loss),
    windowBytes: bytes(written.default.window),
  };
  checkLoss(written.default.loss, '/network/default/loss', report);
  const links: NetworkLink[] = [];
  const seen = new Set<string>();
  for (const { item, at } of report.entries(written.links, '/network/links')) {
    const known = [item.from, item.to].map((site, index) =>
      checkReference(report, child(at, index === 0 ? 'from' : 'to'), site, names.sites),
    );
    if (item.from === item.to && !known.includes(false)) {
      report.mismatch(at, 'to', 'a link leads to another site');
      continue;
    }
    if (item.loss !== undefined) checkLoss(item.loss, child(at, 'loss'), report);
    const background = share(item.background);
    if (background === 1) report.error(child(at, 'background'), 'nothing of the link is left', 'write less than 100%');
    const ends = item['one-way']
      ? [[item.from, item.to]]
      : [
          [item.from, item.to],
          [item.to, item.from],
        ];
    for (const [from = '', to = ''] of ends) {
      if (seen.has(`${from} -> ${to}`)) {
        report.mismatch(at, '', `a second link ${from} -> ${to}`, 'links are both ways unless `one-way: true`');
        break;
      }
      seen.add(`${from} -> ${to}`);
      links.push({
        from,
        to,
        capacityBps: rate(item.capacity),
        rttSeconds: item.rtt === undefined ? fallback.rttSeconds : roundTripSeconds(item.rtt),
        loss: item.loss === undefined ? fallback.loss : share(item.loss),
        background,
      });
    }
  }
  return { default: fallback, links, distances: resolveDistances(written.distances, names, report) };
}

function checkLoss(text: string, at: string, report: ProblemReport): void {
  const loss = share(text);
  if (loss === 1) report.error(at, 'every packet is lost', 'write less than 100%');
  else if (loss > 0.05) report.warning(at, 'hardly anything moves at such a loss', 'losses are usually below 0.1%');
}

function resolveDistances(
  written: WrittenLake['network']['distances'],
  names: LakeNames,
  report: ProblemReport,
): Map<string, number> {
  const distances = new Map<string, number>();
  for (const { item, at } of report.entries(written, '/network/distances')) {
    checkReference(report, child(at, 'from'), item.from, names.storages);
    checkReference(report, child(at, 'to'), item.to, names.storages);
    const ends = item['one-way']
      ? [[item.from, item.to]]
      : [
          [item.from, item.to],
          [item.to, item.from],
        ];
    for (const [from = '', to = ''] of ends) {
      const link = `${from} -> ${to}`;
      if (distances.has(link) && item.from !== item.to) {
        report.mismatch(at, '', `a second distance ${link}`, 'distances are both ways unless `one-way: true`');
        break;
      }
      distances.set(link, item.distance);
    }
  }
  return distances;
}

/** Undefined: by distance. */
function roundTripSeconds(text: string): number | undefined {
  return text === 'by-distance' ? undefined : seconds(text);
}
