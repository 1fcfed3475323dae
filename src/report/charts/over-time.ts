// Charts over the time of the run: stacked areas, lines, and what was given against what was asked.
import type { TopLevelSpec } from 'vega-lite';
import type { FaultSummary } from '../../record/summary.ts';
import type { Bins } from '../bins.ts';
import type { RunClock } from '../run-clock.ts';
import { highest, type AxisUnit } from './axis-unit.ts';
import { paint, paletteColour, type ChartDrawing, type Colour, type LegendItem, type Row } from './drawing.ts';
import { CHART_HEIGHT, CHART_WIDTH } from './theme.ts';
import { FAULT_LEGEND, faultEdges, faultLayer, faultRows, timeChannel } from './time-axis.ts';

export interface TimeSeries {
  readonly name: string;
  /** One value a bin, in base units. */
  readonly values: Float64Array;
}

export interface TimeFrame {
  readonly clock: RunClock;
  readonly bins: Bins;
  readonly faults: readonly FaultSummary[];
}

const DASHES: readonly (readonly number[])[] = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 2],
  [1, 3],
  [10, 2],
  [3, 1],
];

/** Areas on top of each other, the first at the bottom. */
export function stackedOverTime(series: readonly TimeSeries[], unit: AxisUnit, frame: TimeFrame): ChartDrawing {
  return {
    spec: {
      vegaLite: {
        width: CHART_WIDTH,
        height: CHART_HEIGHT,
        layer: [faultLayer(frame.clock), stackLayer(series.length, unit, frame.clock), faultEdges(frame.clock)],
      } as TopLevelSpec,
    },
    rows: { values: stepRows(series, unit, frame), faults: faultRows(frame.faults, frame.clock) },
    legend: [
      ...series.map((one, index): LegendItem => ({ label: one.name, colour: paletteColour(index), symbol: 'area' })),
      ...faultLegend(frame),
    ],
    wide: false,
  };
}

/** The layer of stacked areas over the dataset `values`, whose series are numbered by `rank`. */
export function stackLayer(seriesCount: number, unit: AxisUnit, clock: RunClock) {
  const ranks = Array.from({ length: seriesCount }, (_, rank) => rank);
  return {
    data: { name: 'values' },
    mark: { type: 'area' as const, interpolate: 'step-after' as const, stroke: paint('paper'), strokeWidth: 0.5 },
    encoding: {
      x: timeChannel(clock),
      y: {
        field: 'value',
        type: 'quantitative' as const,
        stack: 'zero' as const,
        axis: { title: unit.label, tickCount: 4 },
      },
      color: {
        field: 'rank',
        type: 'ordinal' as const,
        scale: { domain: ranks, range: ranks.map((rank) => paint(paletteColour(rank))) },
        legend: null,
      },
      order: { field: 'rank' },
    },
  };
}

/** Lines that are told apart by colour and by dashes; `limit` is drawn as a level line. */
export function linesOverTime(
  series: readonly TimeSeries[],
  unit: AxisUnit,
  frame: TimeFrame,
  limit?: { readonly value: number; readonly label: string },
): ChartDrawing {
  const ranks = series.map((_, rank) => rank);
  const lines = {
    data: { name: 'values' },
    mark: { type: 'line' as const, interpolate: 'step-after' as const, strokeWidth: 1.6 },
    encoding: {
      x: timeChannel(frame.clock),
      y: {
        field: 'value',
        type: 'quantitative' as const,
        // Without a domain, a line at zero would float in the middle of the chart.
        scale: series.every((one) => highest(one.values) === 0)
          ? { domain: [0, limit === undefined ? 1 : limit.value / unit.divisor] }
          : { zero: true },
        axis: { title: unit.label, tickCount: 4 },
      },
      color: {
        field: 'rank',
        type: 'ordinal' as const,
        scale: { domain: ranks, range: ranks.map((rank) => paint(paletteColour(rank))) },
        legend: null,
      },
      strokeDash: {
        field: 'rank',
        type: 'ordinal' as const,
        scale: { domain: ranks, range: ranks.map((rank) => DASHES[rank % DASHES.length]) },
        legend: null,
      },
    },
  };
  const layer = [faultLayer(frame.clock), lines, ...(limit === undefined ? [] : [levelLayer(unit)])];
  return {
    spec: { vegaLite: { width: CHART_WIDTH, height: CHART_HEIGHT, layer } as TopLevelSpec },
    rows: {
      values: stepRows(series, unit, frame),
      faults: faultRows(frame.faults, frame.clock),
      ...(limit === undefined ? {} : { level: [{ value: limit.value / unit.divisor }] }),
    },
    legend: [
      ...series.map((one, index): LegendItem => ({
        label: one.name,
        colour: paletteColour(index),
        symbol: index === 0 ? 'line' : index % 2 === 1 ? 'dashed' : 'dotted',
      })),
      ...(limit === undefined ? [] : [levelLegend(limit.label)]),
      ...faultLegend(frame),
    ],
    wide: false,
  };
}

/** What was given as an area, what was asked as a line above it, and a capacity as a level where it is near enough. */
export function givenAgainstAsked(
  given: TimeSeries,
  asked: TimeSeries,
  unit: AxisUnit,
  frame: TimeFrame,
  limit: { readonly value: number; readonly label: string } | undefined,
): ChartDrawing {
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    scale: { zero: true },
    axis: { title: unit.label, tickCount: 4 },
  };
  const x = timeChannel(frame.clock);
  const layer = [
    faultLayer(frame.clock),
    { data: { name: 'given' }, mark: areaMark('c1'), encoding: { x, y } },
    { data: { name: 'asked' }, mark: { ...lineMark('c4'), strokeDash: [5, 2] }, encoding: { x, y } },
    faultEdges(frame.clock),
    ...(limit === undefined ? [] : [levelLayer(unit)]),
  ];
  return {
    spec: { vegaLite: { width: CHART_WIDTH, height: CHART_HEIGHT, layer } as TopLevelSpec },
    rows: {
      given: stepRows([given], unit, frame),
      asked: stepRows([asked], unit, frame),
      faults: faultRows(frame.faults, frame.clock),
      ...(limit === undefined ? {} : { level: [{ value: limit.value / unit.divisor }] }),
    },
    legend: [
      { label: given.name, colour: 'c1', symbol: 'area' },
      { label: asked.name, colour: 'c4', symbol: 'dashed' },
      ...(limit === undefined ? [] : [levelLegend(limit.label)]),
      ...faultLegend(frame),
    ],
    wide: false,
  };
}

function areaMark(colour: Colour) {
  return { type: 'area' as const, interpolate: 'step-after' as const, fill: paint(colour), fillOpacity: 0.75 };
}

function lineMark(colour: Colour) {
  return { type: 'line' as const, interpolate: 'step-after' as const, stroke: paint(colour), strokeWidth: 1.5 };
}

function levelLayer(unit: AxisUnit) {
  return {
    data: { name: 'level' },
    mark: { type: 'rule' as const, stroke: paint('ink-2'), strokeWidth: 1.2, strokeDash: [2, 3] },
    encoding: { y: { field: 'value', type: 'quantitative' as const, axis: { title: unit.label, tickCount: 4 } } },
  };
}

function levelLegend(label: string): LegendItem {
  return { label, colour: 'muted', symbol: 'dotted' };
}

function faultLegend(frame: TimeFrame): LegendItem[] {
  return frame.faults.length === 0 ? [] : [FAULT_LEGEND];
}

/** One row a bin and series; the last bin's value is repeated at the end of the run, where its step ends. */
export function stepRows(series: readonly TimeSeries[], unit: AxisUnit, frame: TimeFrame): Row[] {
  const rows: Row[] = [];
  for (const [rank, one] of series.entries()) {
    for (let bin = 0; bin <= frame.bins.count; bin++) {
      const seconds = Math.min(bin * frame.bins.seconds, frame.clock.durationSeconds);
      const value = one.values[Math.min(bin, frame.bins.count - 1)] ?? 0;
      rows.push({ time: seconds, rank, value: value / unit.divisor });
    }
  }
  return rows;
}
