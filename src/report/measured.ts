// Measured values and limits of expectations as people read them.
import type { JudgedExpectation } from '../record/summary.ts';
import { measuredText } from '../verdict/measured-text.ts';
import { NO_CELL } from './cells.ts';
import type { Cell } from './document.ts';

/** A value by its unit; `no data` for null. */
export function formatMeasured(value: number | null, unit: string): string {
  return value === null ? 'no data' : measuredText(value, unit);
}

/** What was measured; `not done` where a duration had no end, `no data` where there was nothing to judge. */
export function measuredWords(one: JudgedExpectation): string {
  if (one.measured === null && one.verdict === 'not-met') return 'not done';
  const text = formatMeasured(one.measured, one.unit);
  if (one.measured === null) return text;
  // A miss by less than the rounding would read as if the limit had been kept.
  return one.verdict === 'not-met' && text === formatLimit(one) ? exactText(one.measured, one.unit) : text;
}

export function formatLimit(one: JudgedExpectation): string {
  return measuredText(one.limit, one.unit);
}

export function measuredCell(one: JudgedExpectation): Cell {
  return { ...NO_CELL, value: one.measured, text: measuredWords(one) };
}

export function limitCell(one: JudgedExpectation): Cell {
  return { ...NO_CELL, value: one.limit, text: formatLimit(one) };
}

function exactText(value: number, unit: string): string {
  return unit === 'share' ? `${Number((value * 100).toPrecision(6))}%` : `${Number(value.toPrecision(6))} ${unit}`;
}
