// What a cache served from its own disk and what it had to fetch, over the day.
import { formatBytes, formatShare } from '../../core/units.ts';
import { addSeries, rateByBin } from '../bins.ts';
import { highest, rateUnit } from '../charts/axis-unit.ts';
import { stackedOverTime } from '../charts/over-time.ts';
import type { ChartBlock } from '../document.ts';
import type { ReportContext } from '../report-context.ts';

/** One chart, or none where nothing was read. */
export function cacheTraffic(name: string, context: ReportContext): ChartBlock[] {
  const cache = context.summary.caches[name];
  if (cache === undefined || cache.hitRate === null) return [];
  const { bins, clock, series } = context;
  const hits = rateByBin(series.series('cache', name, 'hit_bytes'), bins);
  const misses = rateByBin(series.series('cache', name, 'miss_bytes'), bins);
  const faults = context.summary.faults.filter((fault) => fault.target.includes(name));
  return [
    {
      kind: 'chart',
      id: `cache-${name}`,
      title: `${name}: read from the cache and through it`,
      caption: `${formatBytes(cache.hitBytes)} came from the cache and never crossed the network: ${formatShare(cache.hitRate)} of what was read.`,
      drawing: stackedOverTime(
        [
          { name: 'from the cache', values: hits },
          { name: 'from the origin', values: misses },
        ],
        rateUnit(highest(addSeries([hits, misses]) ?? [])),
        { clock, bins, faults },
      ),
    },
  ];
}
