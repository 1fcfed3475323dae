// Medians, 95th percentiles and longest durations side by side, one row each.
import type { TopLevelSpec } from 'vega-lite';
import type { AxisUnit } from './axis-unit.ts';
import { paint, type ChartDrawing } from './drawing.ts';
import { CHART_WIDTH } from './theme.ts';

export interface PercentileRow {
  readonly name: string;
  readonly p50: number;
  /** Null where it falls among what was not done. */
  readonly p95: number | null;
  readonly most: number | null;
}

/** Pixels. */
const LONGEST_LABEL = 270;
const CHARACTER_WIDTH = 7;

export function percentileRanges(rows: readonly PercentileRow[], unit: AxisUnit): ChartDrawing {
  const longest = Math.max(...rows.map((row) => row.name.length));
  const y = {
    field: 'name',
    type: 'nominal' as const,
    scale: { domain: rows.map((row) => row.name) },
    axis: { title: null, labelLimit: LONGEST_LABEL, domain: false, ticks: false },
  };
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { zero: true },
    axis: { title: unit.label, tickCount: 5, grid: true },
  });
  const spec = {
    width: CHART_WIDTH - Math.min(LONGEST_LABEL, longest * CHARACTER_WIDTH),
    height: { step: 22 },
    data: { name: 'values' },
    layer: [
      {
        mark: { type: 'rule', stroke: paint('ink-3'), strokeWidth: 1 },
        encoding: { y, x: x('p50'), x2: { field: 'most' } },
      },
      {
        mark: { type: 'point', shape: 'circle', filled: true, size: 60, fill: paint('c1'), opacity: 1 },
        encoding: { y, x: x('p50') },
      },
      {
        mark: { type: 'point', shape: 'diamond', filled: true, size: 60, fill: paint('c4'), opacity: 1 },
        encoding: { y, x: x('p95') },
      },
      { mark: { type: 'tick', thickness: 2, size: 11, color: paint('ink-2') }, encoding: { y, x: x('most') } },
    ],
  };
  return {
    spec: { vegaLite: spec as TopLevelSpec },
    rows: {
      values: rows.map((row) => ({
        name: row.name,
        p50: row.p50 / unit.divisor,
        p95: row.p95 === null ? null : row.p95 / unit.divisor,
        most: row.most === null ? (row.p95 ?? row.p50) / unit.divisor : row.most / unit.divisor,
      })),
    },
    legend: [
      { label: 'median', colour: 'c1', symbol: 'disc' },
      { label: '95th percentile', colour: 'c4', symbol: 'diamond' },
      { label: 'longest', colour: 'muted', symbol: 'tick' },
    ],
    wide: false,
  };
}
