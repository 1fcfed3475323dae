// The page about one cache: hits, bytes saved, and how full it is.
import { formatBytes, formatCount, formatShare } from '../../core/units.ts';
import type { CacheSummary } from '../../record/summary.ts';
import { lastByBin } from '../bins.ts';
import * as cell from '../cells.ts';
import { bytesUnit, highest } from '../charts/axis-unit.ts';
import { linesOverTime } from '../charts/over-time.ts';
import type { ChartBlock, Page } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { expectationsOf, incidentsOf } from '../run-data.ts';
import { expectationsTable, facts, faultsTable, incidentsTable, paragraph, section } from './blocks.ts';
import { cacheTraffic } from './cache-traffic.ts';
import { faultsOfService, worstVerdict } from './service-judged.ts';

export function cachePage(name: string, context: ReportContext): Page {
  const cache = context.summary.caches[name] as CacheSummary;
  const expectations = expectationsOf(context, 'cache', [name]);
  const faults = faultsOfService(name, context);
  return {
    id: context.pageOf('service', name),
    kind: 'service',
    name,
    title: name,
    overline: `Cache (XCache) at ${cache.site}`,
    verdict: expectations.length === 0 ? undefined : worstVerdict(expectations.map((one) => one.verdict)),
    lead: leadOf(cache),
    sections: [
      section(
        'figures',
        'In short',
        facts(
          ['Sessions', cell.count(cache.sessions)],
          ['Hit rate', cell.share(cache.hitRate), 'of the bytes read'],
          ['Bytes saved', cell.bytes(cache.hitBytes), 'read without crossing the network'],
          ['From the origin', cell.bytes(cache.missBytes)],
          ['Used at the end', cell.bytes(cache.usedBytesEnd), `of ${formatBytes(cache.capacityBytes)}`],
        ),
        expectationsTable('expectations', 'What was expected of it', expectations, context),
      ),
      section('traffic', 'Hits and misses', ...cacheTraffic(name, context), fillChart(name, cache, context)),
      section(
        'faults',
        'Faults',
        faultsTable('faults', faults, context) ?? paragraph('No fault was planned for this cache.'),
        incidentsTable('incidents', incidentsOf(context, [name]), context),
      ),
    ].filter((one) => one.blocks.length > 0),
  };
}

function leadOf(cache: CacheSummary): string {
  if (cache.hitRate === null) return 'Nothing was read through it.';
  return (
    `${formatCount(cache.sessions)} sessions read ${formatBytes(cache.hitBytes + cache.missBytes)} through it; ` +
    `${formatShare(cache.hitRate)} came from its own disk.`
  );
}

function fillChart(name: string, cache: CacheSummary, context: ReportContext): ChartBlock | undefined {
  const { bins, clock, series } = context;
  const used = lastByBin(series.series('cache', name, 'used_bytes'), bins);
  const peak = highest(used);
  if (peak === 0) return undefined;
  const near = cache.capacityBytes <= peak * 3;
  return {
    kind: 'chart',
    id: 'fill',
    title: 'Space used',
    caption: `At most ${formatBytes(peak)} of ${formatBytes(cache.capacityBytes)} (${formatShare(peak / cache.capacityBytes)}).`,
    drawing: linesOverTime(
      [{ name: 'used', values: used }],
      bytesUnit(near ? cache.capacityBytes : peak),
      { clock, bins, faults: faultsOfService(name, context) },
      near ? { value: cache.capacityBytes, label: 'capacity' } : undefined,
    ),
  };
}
