// The summary's sites, storages, links and network.
import { linkName } from '../core/sink.ts';
import type { Site, Storage } from '../lake/lake.ts';
import type { CheckedScenario, Fault } from '../scenario/scenario.ts';
import type { AggregateBuilder } from './aggregate-builder.ts';
import type { Route } from './route.ts';
import {
  availabilityOf,
  directionOf,
  lastOf,
  limiterBook,
  maximumOf,
  peakRate,
  sortedRecord,
  totalOf,
  verdictOf,
} from './summarise-common.ts';
import type {
  JudgedExpectation,
  LinkSummary,
  NetworkSummary,
  SiteSummary,
  StorageSummary,
  Summary,
} from './summary.ts';

/** Every site of the lake, whether or not anything happened there. */
export function summariseSites(
  checked: CheckedScenario,
  aggregate: AggregateBuilder,
  expectations: readonly JudgedExpectation[],
): Summary['sites'] {
  return sortedRecord(
    [...checked.lake.sites.values()].map((site) => [site.name, summariseSite(site, checked, aggregate, expectations)]),
  );
}

function summariseSite(
  site: Site,
  checked: CheckedScenario,
  aggregate: AggregateBuilder,
  expectations: readonly JudgedExpectation[],
): SiteSummary {
  const storages = [...checked.lake.storages.values()].filter((storage) => storage.site === site.name);
  const names = new Set(storages.map((storage) => storage.name));
  const routes = movingRoutes(aggregate).filter(
    ({ key }) => key.sourceSite === site.name || key.destinationSite === site.name,
  );
  const availabilities = storages.map((storage) => availabilityOf(aggregate, 'storage', storage.name));
  return {
    verdict: verdictOf(
      expectations.filter(
        ({ per, subject }) =>
          (per === 'site' && subject === site.name) ||
          (per === 'storage' && names.has(subject)) ||
          (per === 'cache' && checked.lake.caches.get(subject)?.site === site.name),
      ),
    ),
    country: site.country,
    in: directionOf(aggregate, 'site', site.name, 'in_', movedAtSite(aggregate, site.name, storages, 'in')),
    out: directionOf(aggregate, 'site', site.name, 'out_', movedAtSite(aggregate, site.name, storages, 'out')),
    limiters: limiterBook(routes),
    faults: checked.scenario.faults.filter((fault) => isAtSite(fault, site.name, names)).map((fault) => fault.text),
    availability:
      availabilities.length === 0 ? 1 : availabilities.reduce((sum, one) => sum + one, 0) / availabilities.length,
    egressCost:
      site.egressCost === undefined
        ? null
        : { amount: totalOf(aggregate, 'site', site.name, 'egress_cost'), currency: site.egressCost.currency },
    protocols: protocolsOf(routes),
  };
}

/** Bytes as they moved at a site's storages; its clients' by the minute they had ended, since nobody samples clients. */
function movedAtSite(
  aggregate: AggregateBuilder,
  site: string,
  storages: readonly Storage[],
  direction: 'in' | 'out',
): ReturnType<AggregateBuilder['minuteSeries']>[] {
  const measure = direction === 'in' ? 'write_bytes' : 'read_bytes';
  const sampled = storages.map((storage) => aggregate.minuteSeries('storage', storage.name, measure));
  if (sampled.some((series) => series !== undefined)) return sampled;
  return [aggregate.minuteSeries('site', site, `${direction}_bytes`)];
}

function isAtSite({ target }: Fault, site: string, storages: ReadonlySet<string>): boolean {
  if (target.kind === 'site') return target.name === site;
  return target.kind === 'storage' && storages.has(target.name);
}

function protocolsOf(routes: readonly Route[]): SiteSummary['protocols'] {
  const protocols = new Map<string, { succeeded: number; failed: number; bytes: number }>();
  for (const { key, counts } of routes) {
    if (key.protocol === '') continue;
    const sum = protocols.get(key.protocol) ?? { succeeded: 0, failed: 0, bytes: 0 };
    sum.succeeded += counts.succeeded;
    sum.failed += counts.failed;
    sum.bytes += counts.bytes;
    protocols.set(key.protocol, sum);
  }
  return sortedRecord(protocols);
}

/** Every storage of the lake. */
export function summariseStorages({ lake }: CheckedScenario, aggregate: AggregateBuilder): Summary['storages'] {
  return sortedRecord(
    [...lake.storages.values()].map((storage) => [storage.name, summariseStorage(storage, aggregate)]),
  );
}

function summariseStorage(storage: Storage, aggregate: AggregateBuilder): StorageSummary {
  const series = (measure: string) => aggregate.minuteSeries('storage', storage.name, measure);
  const used = series('used_bytes');
  return {
    site: storage.site,
    technology: storage.technology,
    qosClass: storage.qosClass,
    in: directionOf(aggregate, 'storage', storage.name, 'in_', [series('write_bytes')]),
    out: directionOf(aggregate, 'storage', storage.name, 'out_', [series('read_bytes')]),
    usedBytesStart: used?.at(0) ?? storage.usedBytes,
    usedBytesEnd: used === undefined ? storage.usedBytes : lastOf(aggregate, used),
    capacityBytes: storage.capacityBytes,
    availability: availabilityOf(aggregate, 'storage', storage.name),
    tape: storage.tape === undefined ? null : summariseTape(storage.name, aggregate),
  };
}

function summariseTape(name: string, aggregate: AggregateBuilder): StorageSummary['tape'] {
  const sampled = Math.max(1, aggregate.lastSampledMinute + 1);
  return {
    mounts: totalOf(aggregate, 'tape', name, 'mounts'),
    drivesBusyMean: totalOf(aggregate, 'tape', name, 'drives_busy') / sampled,
    recallQueueMax: maximumOf(aggregate.minuteSeries('tape', name, 'recall_queue')),
  };
}

/** Every link that a transfer was asked for. */
export function summariseLinks(aggregate: AggregateBuilder): Summary['links'] {
  const routes = Map.groupBy(
    aggregate.routes().filter(({ key }) => key.kind === 'transfer' && key.source !== '' && key.destination !== ''),
    ({ key }) => linkName(key.source, key.destination),
  );
  return sortedRecord([...routes].map(([name, ofLink]) => [name, summariseLink(name, ofLink, aggregate)]));
}

function summariseLink(name: string, routes: readonly Route[], aggregate: AggregateBuilder): LinkSummary {
  const series = (measure: string) => aggregate.minuteSeries('link', name, measure);
  const count = (field: 'bytes' | 'succeeded' | 'failed' | 'censored'): number =>
    routes.reduce((sum, { counts }) => sum + counts[field], 0);
  const bytes = count('bytes');
  const meanRateBps = bytes / aggregate.durationSeconds;
  const limiters = limiterBook(routes);
  return {
    requestedBytes: totalOf(aggregate, 'link', name, 'requested_bytes'),
    bytes,
    meanRateBps,
    peakRateBps: Math.max(meanRateBps, peakRate(aggregate.minutes, [series('bytes') ?? series('done_bytes')])),
    succeeded: count('succeeded'),
    failed: count('failed'),
    censored: count('censored'),
    limiter: Object.keys(limiters)[0] ?? '',
    limiters,
    slots: slotsOf(series('limit')),
    queuedMax: maximumOf(series('queued')),
  };
}

/** Minutes without a limit are those in which the link had nothing to do, so its limit did not change. */
function slotsOf(limit: ReturnType<AggregateBuilder['minuteSeries']>): LinkSummary['slots'] {
  if (limit === undefined) return null;
  let min = Infinity;
  let max = 0;
  let last = 0;
  limit.forEach((_minute, value) => {
    min = Math.min(min, value);
    max = Math.max(max, value);
    last = value;
  });
  return max === 0 ? null : { min, max, last };
}

/** Every pair of sites between which something moved. */
export function summariseNetwork(aggregate: AggregateBuilder): Summary['network'] {
  return sortedRecord(aggregate.subjects('network').map((name) => [name, summariseNetworkLink(name, aggregate)]));
}

function summariseNetworkLink(name: string, aggregate: AggregateBuilder): NetworkSummary {
  const moved = aggregate.minuteSeries('network', name, 'bytes');
  const bytes = moved?.total() ?? 0;
  return {
    bytes,
    meanRateBps: bytes / aggregate.durationSeconds,
    peakRateBps: peakRate(aggregate.minutes, [moved]),
    capacityBps: maximumOf(aggregate.minuteSeries('network', name, 'capacity_bps')),
  };
}

/** Routes whose operations move bytes. */
function movingRoutes(aggregate: AggregateBuilder): Route[] {
  return aggregate.routes().filter((route) => route.pair !== undefined);
}
