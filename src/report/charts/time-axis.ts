// The time axis that all charts of a run share, and the bands that faults leave on it. Times are seconds since the start.
import type { FaultSummary } from '../../record/summary.ts';
import type { RunClock } from '../run-clock.ts';
import { paint, type LegendItem, type Row } from './drawing.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const TICK_STEPS = [
  1,
  2,
  5,
  10,
  15,
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
] as const;
const MOST_TICKS = 9;

/** The x channel of a time chart: `field` holds seconds since the run's start. */
export function timeChannel(clock: RunClock, field = 'time') {
  const { step, values } = ticks(clock);
  return {
    field,
    type: 'quantitative' as const,
    scale: { domain: [0, clock.durationSeconds], nice: false as const },
    axis: {
      title: step >= DAY ? 'day (UTC)' : 'time of day (UTC)',
      values,
      labelExpr: `utcFormat(datum.value * 1000 + ${clock.epochMilliseconds(0)}, '${tickFormat(step, clock)}')`,
      labelFlush: true,
    },
  };
}

function tickFormat(step: number, clock: RunClock): string {
  if (step >= DAY) return '%-d %b';
  if (clock.durationSeconds > DAY) return '%-d %b %H:%M';
  return step < MINUTE ? '%H:%M:%S' : '%H:%M';
}

/** At most nine ticks at round times of the clock. */
function ticks(clock: RunClock): { step: number; values: number[] } {
  const { durationSeconds, startSeconds } = clock;
  const step =
    TICK_STEPS.find((one) => durationSeconds / one < MOST_TICKS) ?? Math.ceil(durationSeconds / MOST_TICKS / DAY) * DAY;
  const values: number[] = [];
  for (let at = Math.ceil(startSeconds / step) * step - startSeconds; at <= durationSeconds; at += step)
    values.push(at);
  return { step, values };
}

/** Rows of the dataset `faults`: when each of them was on. */
export function faultRows(faults: readonly FaultSummary[], clock: RunClock): Row[] {
  return faults.map((fault) => ({
    start: fault.atSeconds,
    end: Math.min(fault.atSeconds + fault.forSeconds, clock.durationSeconds),
    text: fault.text,
  }));
}

/** The layer that draws a band over the chart's height for each row of the dataset `faults`. */
export function faultLayer(clock: RunClock) {
  return {
    data: { name: 'faults' },
    mark: { type: 'rect' as const, fill: paint('fault-band'), stroke: null },
    encoding: { x: timeChannel(clock, 'start'), x2: { field: 'end' } },
  };
}

/** Fine lines where faults begin and end, to be drawn over what would hide the bands. */
export function faultEdges(clock: RunClock) {
  return {
    data: { name: 'faults' },
    transform: [{ fold: ['start', 'end'], as: ['edge', 'at'] as [string, string] }],
    mark: { type: 'rule' as const, stroke: paint('fault'), strokeWidth: 0.75, strokeOpacity: 0.7, strokeDash: [3, 2] },
    encoding: { x: timeChannel(clock, 'at') },
  };
}

export const FAULT_LEGEND: LegendItem = { label: 'fault on', colour: 'fault', symbol: 'band' };
