// Charts of an experiment's page: volume against plan, time to data, arrivals by storage, access, limiters.
import { parseLimiter } from '../../core/operation.ts';
import { formatBytes, formatDuration, formatRate, formatShare } from '../../core/units.ts';
import type { ExperimentSummary, Percentiles } from '../../record/summary.ts';
import { addSeries, binSeconds, rateByBin, sumByBin } from '../bins.ts';
import { bytesUnit, countUnit, durationUnit, highest, rateUnit } from '../charts/axis-unit.ts';
import { linesOverTime, stackedOverTime, type TimeFrame, type TimeSeries } from '../charts/over-time.ts';
import { percentileRanges, type PercentileRow } from '../charts/percentile-ranges.ts';
import type { ChartBlock } from '../document.ts';
import type { ReportContext } from '../report-context.ts';

const MOST_PARTS = 7;

function frameOf(context: ReportContext): TimeFrame {
  return { clock: context.clock, bins: context.bins, faults: context.summary.faults };
}

function cumulative(sums: Float64Array): Float64Array {
  let total = 0;
  return sums.map((value) => (total += value));
}

/** Injected, replicated and read, added up over the day, with the plan as a level. */
export function volumeChart(name: string, one: ExperimentSummary, context: ReportContext): ChartBlock | undefined {
  const { bins, series } = context;
  const lines: TimeSeries[] = (
    [
      ['injected', 'injected_bytes'],
      ['replicated', 'replicated_bytes'],
      ['read', 'read_bytes'],
    ] as const
  )
    .map(([label, measure]) => ({
      name: label,
      values: cumulative(sumByBin(series.series('experiment', name, measure), bins)),
    }))
    .filter((line) => highest(line.values) > 0);
  if (lines.length === 0) return undefined;
  const peak = highest(lines.flatMap((line) => [...line.values]));
  const planned = one.plannedBytes;
  const drawn = planned > 0 && planned <= peak * 3;
  return {
    kind: 'chart',
    id: 'volume',
    title: 'Volume since the start',
    caption:
      planned === 0
        ? `${one.replicatedBytes === 0 ? '' : `${formatBytes(one.replicatedBytes)} replicated; `}${formatBytes(one.access.bytes)} read; nothing was to be injected.`
        : `${formatBytes(one.injectedBytes)} injected of ${formatBytes(planned)} planned (${formatShare(one.injectedBytes / planned)}).`,
    drawing: linesOverTime(
      lines,
      bytesUnit(drawn ? Math.max(peak, planned) : peak),
      frameOf(context),
      drawn ? { value: planned, label: 'planned to be injected' } : undefined,
    ),
  };
}

export function timeToDataChart(one: ExperimentSummary): ChartBlock | undefined {
  const rows: PercentileRow[] = [];
  for (const [name, workflow] of Object.entries(one.workflows)) {
    const { p50Seconds, p95Seconds, maxSeconds } = workflow.timeToAllCopies;
    if (p50Seconds !== null) rows.push({ name, p50: p50Seconds, p95: p95Seconds, most: maxSeconds });
  }
  if (rows.length === 0) return undefined;
  return {
    kind: 'chart',
    id: 'times',
    title: 'Time until all copies were there, by workflow',
    caption: timeToDataCaption(one.timeToAllCopies),
    drawing: percentileRanges(rows, durationUnit(highest(rows.map((row) => row.most ?? row.p95 ?? row.p50)))),
  };
}

function timeToDataCaption({ p50Seconds, p95Seconds }: Percentiles): string {
  if (p50Seconds === null) return 'Fewer than half of the rules were done when the run ended.';
  const most =
    p95Seconds === null
      ? '; fewer than 95% were done when the run ended.'
      : `, 95% within ${formatDuration(p95Seconds)}.`;
  return `Half of the rules had all copies within ${formatDuration(p50Seconds)}${most}`;
}

/** Copies there are, added up, by the storage they arrived at. */
export function arrivalsChart(name: string, context: ReportContext): ChartBlock | undefined {
  const { bins, operations } = context;
  const byStorage = Map.groupBy(
    operations.arrivals.filter((one) => one.experiment === name),
    (one) => one.storage,
  );
  const all = [...byStorage].map(([storage, arrivals]) => {
    const sums = new Float64Array(bins.count);
    for (const one of arrivals) sums[one.bin] = (sums[one.bin] ?? 0) + one.bytes;
    return { name: storage, values: cumulative(sums) };
  });
  const series = largestSeries(all);
  if (series.length === 0) return undefined;
  const largest = series[0];
  const total = addSeries(series.map((one) => one.values)) ?? new Float64Array(0);
  return {
    kind: 'chart',
    id: 'arrivals',
    title: 'Volume that became readable, by storage',
    caption: `${formatBytes(highest(total))} became readable at ${byStorage.size} storages, most at ${largest?.name ?? ''}. What was deleted later still counts.`,
    drawing: stackedOverTime(series, bytesUnit(highest(total)), frameOf(context)),
  };
}

/** At most eight series, the largest first; the smallest are added up. */
function largestSeries(all: readonly TimeSeries[]): TimeSeries[] {
  const weight = (one: TimeSeries): number => one.values.reduce((sum, value) => sum + value, 0);
  const ordered = all
    .filter((one) => weight(one) > 0)
    .sort((a, b) => weight(b) - weight(a) || (a.name < b.name ? -1 : 1));
  if (ordered.length <= MOST_PARTS + 1) return ordered;
  const rest = ordered.slice(MOST_PARTS);
  const values = addSeries(rest.map((one) => one.values)) ?? new Float64Array(0);
  return [...ordered.slice(0, MOST_PARTS), { name: `${rest.length} others`, values }];
}

export function accessChart(name: string, context: ReportContext): ChartBlock | undefined {
  const { bins, clock, series } = context;
  const read = rateByBin(series.series('experiment', name, 'read_bytes'), bins);
  const peak = highest(read);
  if (peak === 0) return undefined;
  return {
    kind: 'chart',
    id: 'reading',
    title: 'Rate of reading, all sessions together',
    caption: `At most ${formatRate(peak)}, at ${clock.format(read.indexOf(peak) * bins.seconds)}. Bytes count in the step in which the read ended.`,
    drawing: stackedOverTime([{ name: 'read', values: read }], rateUnit(peak), frameOf(context)),
  };
}

/** Ways of reading side by side: direct and through a cache, for example. */
export function accessLatencyChart(experiment: ExperimentSummary): ChartBlock | undefined {
  const many = Object.keys(experiment.workflows).length > 1;
  const rows = Object.entries(experiment.workflows).flatMap(([workflow, one]) =>
    Object.entries(one.access).flatMap(([access, { latency }]): PercentileRow[] => {
      const { p50Seconds, p95Seconds, maxSeconds } = latency;
      const name = many ? `${workflow}: ${access}` : access;
      return p50Seconds === null ? [] : [{ name, p50: p50Seconds, p95: p95Seconds, most: maxSeconds }];
    }),
  );
  if (rows.length === 0) return undefined;
  const slowest = rows.reduce((worst, row) => ((row.p95 ?? 0) > (worst.p95 ?? 0) ? row : worst));
  return {
    kind: 'chart',
    id: 'latency',
    title: 'Access latency by way of reading',
    caption:
      slowest.p95 === null
        ? 'Fewer than 95% of the reads got a first byte.'
        : `95% of the reads had their first byte within ${formatDuration(slowest.p95)}${rows.length === 1 ? '' : ` in every way of reading; ${slowest.name} was the slowest`}.`,
    drawing: percentileRanges(rows, durationUnit(highest(rows.map((row) => row.most ?? row.p95 ?? row.p50)))),
  };
}

const LIMITED = 'limited_seconds:';

/** What held the experiment's operations when, by kind of limiter. */
export function limiterChart(name: string, context: ReportContext): ChartBlock | undefined {
  const { bins, series } = context;
  const byKind = Map.groupBy(
    series.measures('experiment', name).filter((measure) => measure.startsWith(LIMITED)),
    (measure) => parseLimiter(measure.slice(LIMITED.length)).kind ?? measure.slice(LIMITED.length),
  );
  const all = [...byKind].map(([kind, measures]) => ({
    name: kind,
    values: sumByBin(addSeries(measures.map((measure) => series.series('experiment', name, measure))), bins).map(
      (seconds, bin) => seconds / binSeconds(bins, bin),
    ),
  }));
  const parts = largestSeries(all);
  if (parts.length === 0) return undefined;
  return {
    kind: 'chart',
    id: 'held',
    title: 'Operations held, by what held them',
    caption: `Over the day, ${parts[0]?.name ?? ''} held its operations longest. Time counts in the step in which the operation ended.`,
    drawing: stackedOverTime(parts, countUnit('operations held (mean)'), frameOf(context)),
  };
}
