// The day in one picture: throughput by experiment, stacked, with every fault drawn in and named underneath.
import type { TopLevelSpec } from 'vega-lite';
import { formatDuration, formatRate } from '../../core/units.ts';
import { addSeries, binSeconds, sumByBin } from '../bins.ts';
import type { ReportContext } from '../report-context.ts';
import { highest, rateUnit } from './axis-unit.ts';
import { paint, paletteColour, type ChartDrawing, type LegendItem, type Row } from './drawing.ts';
import { stackLayer, stepRows, type TimeSeries } from './over-time.ts';
import { WIDE_CHART_WIDTH } from './theme.ts';
import { FAULT_LEGEND, faultEdges, faultLayer, faultRows, timeChannel } from './time-axis.ts';

/** Colours that people can tell apart; what is beyond is added up as one. */
const MOST_EXPERIMENTS = 7;
const LANE_HEIGHT = 17;

export interface DayTimeline {
  readonly drawing: ChartDrawing;
  readonly caption: string;
}

/** Bytes that the experiment's uploads, transfers and reads moved, at the minute each of them ended. */
const MOVED = ['injected_bytes', 'replicated_bytes', 'read_bytes'] as const;

/** Undefined where nothing was moved. */
export function dayTimeline(context: ReportContext): DayTimeline | undefined {
  const { clock, bins, summary } = context;
  const series = stackedExperiments(context);
  if (series.length === 0) return undefined;
  const total = addSeries(series.map((one) => one.values)) ?? new Float64Array(bins.count);
  const peak = highest(total);
  const unit = rateUnit(peak);
  const faults = summary.faults;
  const stack = {
    width: WIDE_CHART_WIDTH,
    height: 250,
    layer: [faultLayer(clock), stackLayer(series.length, unit, clock), faultEdges(clock)],
  };
  return {
    drawing: {
      spec: {
        vegaLite: (faults.length === 0
          ? stack
          : { vconcat: [stack, faultLanes(context)], spacing: 6, resolve: { scale: { x: 'shared' } } }) as TopLevelSpec,
      },
      rows: {
        values: stepRows(series, unit, { clock, bins, faults }),
        faults: faultRows(faults, clock),
        ...(faults.length === 0 ? {} : { lanes: laneRows(context) }),
      },
      legend: [
        ...series.map((one, index): LegendItem => ({ label: one.name, colour: paletteColour(index), symbol: 'area' })),
        ...(faults.length === 0 ? [] : [FAULT_LEGEND]),
      ],
      wide: true,
    },
    caption: captionOf(context, series, total, peak),
  };
}

/** The largest experiments by name, the largest at the bottom, and the others as one. */
function stackedExperiments(context: ReportContext): TimeSeries[] {
  const { bins, series } = context;
  const all = Object.keys(context.summary.experiments).map((name) => {
    const moved = addSeries(MOVED.map((measure) => series.series('experiment', name, measure)));
    const sums = sumByBin(moved, bins);
    return {
      name,
      total: sums.reduce((sum, value) => sum + value, 0),
      values: sums.map((value, bin) => value / binSeconds(bins, bin)),
    };
  });
  const ordered = all.filter((one) => one.total > 0).sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
  if (ordered.length <= MOST_EXPERIMENTS + 1) return ordered;
  const rest = ordered.slice(MOST_EXPERIMENTS);
  const values = addSeries(rest.map((one) => one.values)) ?? new Float64Array(bins.count);
  return [...ordered.slice(0, MOST_EXPERIMENTS), { name: rest.map((one) => one.name).join(', '), values }];
}

function captionOf(context: ReportContext, series: readonly TimeSeries[], total: Float64Array, peak: number): string {
  const { clock, bins, summary } = context;
  const at = clock.format(total.indexOf(peak) * bins.seconds);
  const largest = series[0]?.name ?? '';
  const faults =
    summary.faults.length === 0
      ? 'No fault was planned.'
      : `${summary.faults.length === 1 ? 'The one fault is' : `The ${summary.faults.length} faults are`} drawn in, as bands and by name.`;
  return (
    `The highest throughput, averaged over ${formatDuration(bins.seconds)}, was ${formatRate(peak)} at ${at}; ` +
    `${largest} moved the most. ${faults}`
  );
}

/** One lane a fault: a bar over its time, and its text beside or above it. */
function faultLanes(context: ReportContext) {
  const { clock } = context;
  const lanes = context.summary.faults.map((_, lane) => lane);
  const y = {
    field: 'lane',
    type: 'ordinal' as const,
    scale: { domain: lanes, paddingInner: 0, paddingOuter: 0 },
    axis: null,
  };
  const text = (align: 'left' | 'right', field: 'start' | 'end', dx: number) => ({
    data: { name: 'lanes' },
    transform: [{ filter: `datum.align === '${align}'` }],
    mark: { type: 'text' as const, align, dx, baseline: 'middle' as const, fontSize: 11, fill: paint('ink') },
    encoding: { x: timeChannel(clock, field), y, text: { field: 'text', type: 'nominal' as const } },
  });
  return {
    width: WIDE_CHART_WIDTH,
    height: lanes.length * LANE_HEIGHT,
    layer: [
      {
        data: { name: 'lanes' },
        mark: { type: 'bar' as const, height: 7, fill: paint('fault'), cornerRadius: 1, minBandSize: 7 },
        encoding: { x: { ...timeChannel(clock, 'start'), axis: null }, x2: { field: 'end' }, y },
      },
      text('left', 'end', 6),
      text('right', 'start', -6),
    ],
  };
}

function laneRows(context: ReportContext): Row[] {
  const { clock, summary } = context;
  return faultRows(summary.faults, clock).map((row, lane) => {
    const fault = summary.faults[lane];
    // The text stands on the side where there is more room.
    const middle = (fault?.atSeconds ?? 0) + (fault?.forSeconds ?? 0) / 2;
    return { ...row, lane, align: middle < clock.durationSeconds / 2 ? 'left' : 'right' };
  });
}
