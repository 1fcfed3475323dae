// A site's storages, tape and caches: space, drives and queues, hits.
import { formatBytes, formatCount } from '../../core/units.ts';
import { lastByBin, maxByBin, meanByBin } from '../bins.ts';
import * as cell from '../cells.ts';
import { bytesUnit, countUnit, highest } from '../charts/axis-unit.ts';
import { linesOverTime, type TimeFrame } from '../charts/over-time.ts';
import type { ChartBlock, Section, TableBlock } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { storagesAt } from '../run-data.ts';
import { cacheTraffic } from './cache-traffic.ts';
import { section, table } from './blocks.ts';
import { faultsOfSite } from './site-faults.ts';

const MOST_LINES = 6;

export function spaceSection(name: string, context: ReportContext): Section | undefined {
  const storages = storagesAt(context, name);
  if (storages.length === 0) return undefined;
  return section('space', 'Space', spaceChart(name, storages, context), storagesTable(storages, context));
}

function frameOf(name: string, context: ReportContext): TimeFrame {
  return { clock: context.clock, bins: context.bins, faults: faultsOfSite(name, context) };
}

/** What the day added: levels above the start, since a day moves little of what a storage holds. */
function spaceChart(name: string, storages: readonly string[], context: ReportContext): ChartBlock | undefined {
  const series = storages
    .map((storage) => {
      const used = context.series.series('storage', storage, 'used_bytes');
      const start = context.summary.storages[storage]?.usedBytesStart ?? 0;
      return { name: storage, values: lastByBin(used, context.bins).map((value) => Math.max(0, value - start)), used };
    })
    .filter((one) => one.used !== undefined && highest(one.values) > 0)
    .slice(0, MOST_LINES);
  if (series.length === 0) return undefined;
  const peak = highest(series.flatMap((one) => [...one.values]));
  const largest = series.reduce((best, one) => (highest(one.values) > highest(best.values) ? one : best));
  return {
    kind: 'chart',
    id: 'space',
    title: 'Space taken since the start',
    caption: `${largest.name} grew by at most ${formatBytes(highest(largest.values))}.`,
    drawing: linesOverTime(series, bytesUnit(peak), frameOf(name, context)),
  };
}

function storagesTable(storages: readonly string[], context: ReportContext): TableBlock {
  return table(
    'storages',
    'Storages of the site',
    [
      cell.column('storage', 'Storage', 'text'),
      cell.column('technology', 'Technology', 'text'),
      cell.column('class', 'Class', 'text'),
      cell.column('capacity_bytes', 'Capacity'),
      cell.column('used_start_bytes', 'Used at start'),
      cell.column('used_end_bytes', 'Used at end'),
      cell.column('used_share', 'Full'),
      cell.column('in_bytes', 'Got in'),
      cell.column('out_bytes', 'Gave out'),
      cell.column('success_share', 'Success'),
      cell.column('availability_share', 'Available'),
    ],
    storages.map((name) => {
      const one = context.summary.storages[name];
      if (one === undefined) return [cell.text(name)];
      const ended = { succeeded: one.in.succeeded + one.out.succeeded, failed: one.in.failed + one.out.failed };
      return [
        cell.text(name),
        cell.text(one.technology),
        cell.text(one.qosClass),
        cell.bytes(one.capacityBytes),
        cell.bytes(one.usedBytesStart),
        cell.bytes(one.usedBytesEnd),
        cell.share(cell.ratio(one.usedBytesEnd, one.capacityBytes)),
        cell.bytes(one.in.bytes),
        cell.bytes(one.out.bytes),
        cell.share(cell.successShare(ended)),
        cell.share(one.availability),
      ];
    }),
  );
}

export function tapeSection(name: string, context: ReportContext): Section | undefined {
  const tapes = storagesAt(context, name).filter(
    (storage) => (context.summary.storages[storage]?.tape ?? null) !== null,
  );
  if (tapes.length === 0) return undefined;
  return section(
    'tape',
    'Tape',
    ...tapes.flatMap((tape) => tapeCharts(name, tape, context)),
    tapeTable(tapes, context),
  );
}

function tapeCharts(name: string, tape: string, context: ReportContext): ChartBlock[] {
  const { bins, series } = context;
  const busy = meanByBin(series.series('tape', tape, 'drives_busy'), bins);
  const queue = maxByBin(series.series('tape', tape, 'recall_queue'), bins);
  const drives = context.lake.storages.get(tape)?.tape?.drives;
  const frame = frameOf(name, context);
  return [
    {
      kind: 'chart',
      id: `drives-${tape}`,
      title: `${tape}: drives busy`,
      caption: `At most ${highest(busy).toFixed(1)}${drives === undefined ? '' : ` of ${drives}`} on average over a step.`,
      drawing: linesOverTime(
        [{ name: 'drives busy (mean)', values: busy }],
        countUnit('drives'),
        frame,
        drives === undefined ? undefined : { value: drives, label: 'drives there are' },
      ),
    },
    {
      kind: 'chart',
      id: `recalls-${tape}`,
      title: `${tape}: recalls waiting`,
      caption: `At most ${formatCount(highest(queue))} recalls waited.`,
      drawing: linesOverTime([{ name: 'recalls waiting (most)', values: queue }], countUnit('recalls'), frame),
    },
  ];
}

function tapeTable(tapes: readonly string[], context: ReportContext): TableBlock {
  return table(
    'tapes',
    'Tape systems',
    [
      cell.column('storage', 'Storage', 'text'),
      cell.column('mounts', 'Mounts'),
      cell.column('drives', 'Drives'),
      cell.column('drives_busy_mean', 'Busy on average'),
      cell.column('recall_queue_most', 'Most recalls waiting'),
    ],
    tapes.map((tape) => {
      const figures = context.summary.storages[tape]?.tape;
      const busy = figures?.drivesBusyMean ?? null;
      return [
        cell.text(tape),
        cell.count(figures?.mounts),
        cell.count(context.lake.storages.get(tape)?.tape?.drives),
        busy === null ? cell.NO_CELL : { ...cell.count(busy), text: busy.toFixed(2) },
        cell.count(figures?.recallQueueMax),
      ];
    }),
  );
}

export function cachesSection(name: string, context: ReportContext): Section | undefined {
  const caches = Object.entries(context.summary.caches).filter(([, cache]) => cache.site === name);
  if (caches.length === 0) return undefined;
  return section(
    'caches',
    'Caches',
    ...caches.flatMap(([cache]) => cacheTraffic(cache, context)),
    table(
      'caches',
      'Caches of the site',
      [
        cell.column('cache', 'Cache', 'text'),
        cell.column('sessions', 'Sessions'),
        cell.column('hit_bytes', 'From the cache'),
        cell.column('miss_bytes', 'From the origin'),
        cell.column('hit_share', 'Hit rate'),
        cell.column('used_bytes', 'Used at end'),
        cell.column('capacity_bytes', 'Capacity'),
      ],
      caches.map(([cache, one]) => [
        cell.text(cache, context.pageOf('service', cache)),
        cell.count(one.sessions),
        cell.bytes(one.hitBytes),
        cell.bytes(one.missBytes),
        cell.share(one.hitRate),
        cell.bytes(one.usedBytesEnd),
        cell.bytes(one.capacityBytes),
      ]),
    ),
  );
}
