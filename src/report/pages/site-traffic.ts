// A site's traffic: rates against request and capacity, hour by hour, by protocol, by peer, and what limited it when.
import { formatCount, formatDuration, formatRate, formatShare } from '../../core/units.ts';
import type { SiteSummary } from '../../record/summary.ts';
import { addSeries, binSeconds, rateByBin, sumByBin, tableBins, type Bins } from '../bins.ts';
import * as cell from '../cells.ts';
import { highest, rateUnit } from '../charts/axis-unit.ts';
import { givenAgainstAsked, stackedOverTime, type TimeSeries } from '../charts/over-time.ts';
import type { Block, Cell, ChartBlock, TableBlock } from '../document.ts';
import { limiterSide, LIMITER_SIDES, sidesOfBook, type LimiterSide } from '../limiter-sides.ts';
import type { ReportContext } from '../report-context.ts';
import { largestPairs, type SitePair } from '../site-pairs.ts';
import { paragraph, table } from './blocks.ts';
import { faultsOfSite } from './site-faults.ts';

type Way = 'in' | 'out';

const WAYS = [
  { way: 'in', asked: 'Asked in', got: 'Got in' },
  { way: 'out', asked: 'Asked out', got: 'Gave out' },
] as const;

const MOST_PEER_ROWS = 40;

/** A capacity so far above the traffic that drawing it would flatten everything else is told in words. */
const DRAWN_CAPACITY = 3;

export function rateCharts(name: string, site: SiteSummary, context: ReportContext): ChartBlock[] {
  return (['in', 'out'] as const)
    .filter((way) => site[way].requestedBytes > 0 || site[way].bytes > 0)
    .map((way) => rateChart(name, way, context));
}

function rateChart(name: string, way: Way, context: ReportContext): ChartBlock {
  const { bins, clock } = context;
  const asked = rateByBin(context.series.series('site', name, `${way}_requested_bytes`), bins);
  const given = rateByBin(movedByMinute(name, way, context), bins);
  const described = context.lake.sites.get(name);
  const capacity = way === 'in' ? described?.downlinkBps : described?.uplinkBps;
  const peak = Math.max(highest(asked), highest(given));
  const limited = capacity !== undefined && Number.isFinite(capacity);
  const overLink = linkPeakBps(name, way, context);
  const limit =
    limited && capacity <= (overLink ?? peak) * DRAWN_CAPACITY
      ? { value: capacity, label: 'capacity of the link' }
      : undefined;
  const busiest = highest(given);
  const words =
    `At most ${formatRate(busiest)} (over ${formatDuration(bins.seconds)}), at ${clock.format(given.indexOf(busiest) * bins.seconds)}` +
    (limited ? linkClause(overLink, busiest, capacity) : '; the link is not limited.');
  return {
    kind: 'chart',
    id: `rate-${way}`,
    title: way === 'in' ? 'In: asked of the site and received' : 'Out: asked of the site and given',
    caption: words,
    drawing: givenAgainstAsked(
      { name: way === 'in' ? 'received' : 'given', values: given },
      { name: 'asked', values: asked },
      rateUnit(peak),
      { clock, bins, faults: faultsOfSite(name, context) },
      limit,
    ),
  };
}

/** What stays within the site is no load of its link, where that is sampled. */
function linkClause(overLink: number | undefined, busiest: number, capacity: number): string {
  if (overLink === undefined) return `: ${formatShare(busiest / capacity)} of the link's ${formatRate(capacity)}.`;
  if (overLink === 0) return '. Nothing of it went over the link to other sites.';
  return `. Over the link to other sites went at most ${formatRate(overLink)} in a minute: ${formatShare(overLink / capacity)} of its ${formatRate(capacity)}.`;
}

/** Bytes per second in the busiest minute of the site's wide-area link; undefined where a back end does not sample it. */
export function linkPeakBps(name: string, way: Way, context: ReportContext): number | undefined {
  const sampled = (['in', 'out'] as const).some((one) => context.series.series('site', name, `${one}_bytes`));
  return sampled ? highest(addSeries([context.series.series('site', name, `${way}_bytes`)]) ?? []) / 60 : undefined;
}

/** Bytes of operations by the minute they ended in, or, where a back end tells none, those over the site's link. */
function movedByMinute(name: string, way: Way, context: ReportContext): Float64Array | undefined {
  return (
    context.series.series('site', name, `${way}_done_bytes`) ?? context.series.series('site', name, `${way}_bytes`)
  );
}

/** Only the ways in which anything was asked or moved. */
export function hourlyTable(name: string, context: ReportContext): Block {
  const bins = tableBins(context.summary.clock.durationSeconds);
  const sums = (measure: string): Float64Array => sumByBin(context.series.series('site', name, measure), bins);
  const ways = WAYS.map(({ way, asked, got }) => ({
    columns: [
      cell.column(`${way}_asked_bytes`, asked),
      cell.column(`${way}_bytes`, got),
      cell.column(`${way}_rate_bytes_per_second`, `Rate ${way}`),
      cell.column(`${way}_success_share`, `Success ${way}`),
    ],
    asked: sums(`${way}_requested_bytes`),
    given: sumByBin(movedByMinute(name, way, context), bins),
    failed: sums(`${way}_failed`),
    succeeded: sums(`${way}_succeeded`),
  })).filter((one) => [one.asked, one.given, one.failed].some((values) => highest(values) > 0));
  if (ways.length === 0) return paragraph('Nothing was asked of it.');
  const limiters = mainLimiterByBin(name, bins, context);
  const rows = Array.from({ length: bins.count }, (_, bin): Cell[] => [
    cell.moment(bin * bins.seconds, context.clock.format),
    ...ways.flatMap((way) => [
      cell.bytes(way.asked[bin]),
      cell.bytes(way.given[bin]),
      cell.rate((way.given[bin] ?? 0) / binSeconds(bins, bin)),
      cell.share(cell.successShare({ succeeded: way.succeeded[bin] ?? 0, failed: way.failed[bin] ?? 0 })),
    ]),
    cell.text(limiters[bin] ?? ''),
  ]);
  return table(
    'hours',
    `In steps of ${formatDuration(bins.seconds)}: asked counts when it was wanted, given when it was done`,
    [
      cell.column('from_seconds', 'From'),
      ...ways.flatMap((way) => way.columns),
      cell.column('limiter', 'Most held by', 'text'),
    ],
    rows,
  );
}

const LIMITED = /^(?:in|out)_limited_seconds:(.*)$/s;

/** Series of held seconds by limiter, in and out together. */
function limitedSeries(name: string, context: ReportContext): Map<string, Float64Array> {
  const byLimiter = Map.groupBy(
    context.series.measures('site', name).filter((measure) => LIMITED.test(measure)),
    (measure) => LIMITED.exec(measure)?.[1] ?? '',
  );
  const all = new Map<string, Float64Array>();
  for (const [limiter, measures] of byLimiter) {
    const sum = addSeries(measures.map((measure) => context.series.series('site', name, measure)));
    if (sum !== undefined) all.set(limiter, sum);
  }
  return all;
}

function mainLimiterByBin(name: string, bins: Bins, context: ReportContext): string[] {
  const best = Array.from({ length: bins.count }, () => ({ limiter: '', seconds: 0 }));
  for (const [limiter, series] of limitedSeries(name, context)) {
    for (const [bin, seconds] of sumByBin(series, bins).entries()) {
      if (seconds > (best[bin]?.seconds ?? 0)) best[bin] = { limiter, seconds };
    }
  }
  return best.map((one) => one.limiter);
}

/** Who held the site's operations when: hours of waiting and moving, stacked by side. */
export function limiterCharts(name: string, site: SiteSummary, context: ReportContext): ChartBlock[] {
  const { bins } = context;
  const bySide = new Map<LimiterSide, Float64Array>();
  for (const [limiter, series] of limitedSeries(name, context)) {
    const side = limiterSide(limiter, name, context);
    const held = sumByBin(series, bins);
    const sum = addSeries([bySide.get(side), held]);
    if (sum !== undefined) bySide.set(side, sum);
  }
  const series: TimeSeries[] = LIMITER_SIDES.map((side) => ({
    name: side,
    // Seconds held in a second of the clock: how many operations were held at a time.
    values: (bySide.get(side) ?? new Float64Array(bins.count)).map((seconds, bin) => seconds / binSeconds(bins, bin)),
  }));
  if (bySide.size === 0) return [];
  return [
    {
      kind: 'chart',
      id: 'sides',
      title: 'Operations held, by whose side',
      caption: sidesCaption(name, site, context),
      drawing: stackedOverTime(
        series,
        { divisor: 1, label: 'operations held (mean)' },
        { clock: context.clock, bins, faults: faultsOfSite(name, context) },
      ),
    },
  ];
}

function sidesCaption(name: string, site: SiteSummary, context: ReportContext): string {
  const sides = [...sidesOfBook(site.limiters, name, context)].sort((a, b) => b[1] - a[1]);
  const total = sides.reduce((sum, [, seconds]) => sum + seconds, 0);
  if (total <= 0) return 'No operation was held.';
  const words = sides.filter(([, seconds]) => seconds / total >= 0.005).slice(0, 4);
  return `Of all the time: ${words.map(([side, seconds]) => `${side} ${formatShare(seconds / total)}`).join(', ')}. Time counts in the step in which the operation ended.`;
}

export function protocolsTable(site: SiteSummary): TableBlock | undefined {
  const protocols = Object.entries(site.protocols);
  if (protocols.length === 0) return undefined;
  return table(
    'protocols',
    'By protocol',
    [
      cell.column('protocol', 'Protocol', 'text'),
      cell.column('success_share', 'Success'),
      cell.column('succeeded', 'Succeeded'),
      cell.column('failed', 'Failed'),
      cell.column('bytes', 'Moved'),
    ],
    protocols.map(([name, one]) => [
      cell.text(name === '' ? 'none' : name),
      cell.share(cell.successShare(one)),
      cell.count(one.succeeded),
      cell.count(one.failed),
      cell.bytes(one.bytes),
    ]),
  );
}

export function peersTable(name: string, context: ReportContext): Block[] {
  const pairs = context.pairs.filter((pair) => pair.from === name || pair.to === name);
  if (pairs.length === 0) return [];
  const { shown, rest } = largestPairs(pairs, MOST_PEER_ROWS);
  const block = table(
    'peers',
    'By peer (transfers between storages)',
    [
      cell.column('peer', 'Peer', 'text'),
      cell.column('way', 'Way', 'text'),
      cell.column('asked_bytes', 'Asked'),
      cell.column('got_bytes', 'Got'),
      cell.column('got_share', 'Got of asked'),
      cell.column('success_share', 'Success'),
      cell.column('failed', 'Failed'),
      cell.column('peak_rate_bytes_per_second', 'Peak rate'),
      cell.column('limiter', 'Limiter', 'text'),
    ],
    [...shown.map((pair) => peerRow(name, pair, context)), ...(rest === undefined ? [] : [restRow(rest)])],
  );
  if (rest === undefined) return [block];
  const words = `Shown one by one are the ${MOST_PEER_ROWS} largest of ${formatCount(pairs.length)}, then the rest added up; summary.json has all, between storages.`;
  return [block, paragraph(words)];
}

function peerRow(name: string, pair: SitePair, context: ReportContext): Cell[] {
  const way: Way = pair.to === name ? 'in' : 'out';
  const peer = way === 'in' ? pair.from : pair.to;
  return [
    cell.text(peer, context.pageOf('site', peer)),
    cell.text(pair.from === pair.to ? 'within' : way),
    ...pairCells(pair),
  ];
}

function restRow(rest: SitePair): Cell[] {
  return [cell.text(rest.from), cell.NO_CELL, ...pairCells(rest)];
}

function pairCells(pair: SitePair): Cell[] {
  return [
    cell.bytes(pair.requestedBytes),
    cell.bytes(pair.bytes),
    cell.share(cell.ratio(pair.bytes, pair.requestedBytes)),
    cell.share(cell.successShare(pair)),
    cell.count(pair.failed),
    cell.rate(pair.peakRateBps),
    cell.text(pair.limiter),
  ];
}
