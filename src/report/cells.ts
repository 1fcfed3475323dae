// Cells of tables: a raw value with the text that people read.
import { formatBytes, formatCount, formatDuration, formatRate, formatShare } from '../core/units.ts';
import type { ExpectationVerdict, Percentiles, RunVerdict } from '../record/summary.ts';
import type { Cell, Column } from './document.ts';

/** What stands where there is no value. */
export const NOTHING = '–';

export const NO_CELL: Cell = { value: null, text: NOTHING, page: '', verdict: undefined };

function numberCell(value: number | null | undefined, format: (value: number) => string): Cell {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_CELL;
  return { value, text: format(value), page: '', verdict: undefined };
}

export function text(value: string, page = ''): Cell {
  return value === '' ? NO_CELL : { value, text: value, page, verdict: undefined };
}

export function bytes(value: number | null | undefined): Cell {
  return numberCell(value, formatBytes);
}

/** `value` in bytes per second. */
export function rate(value: number | null | undefined): Cell {
  return numberCell(value, formatRate);
}

export function count(value: number | null | undefined): Cell {
  return numberCell(value, formatCount);
}

/** A mean of counts: whole numbers as counts, others with as many digits as tell something. */
export function quantity(value: number | null | undefined): Cell {
  return numberCell(value, (one) =>
    Number.isInteger(one) || one >= 100 ? formatCount(Math.round(one)) : one.toPrecision(2),
  );
}

export function share(value: number | null | undefined): Cell {
  return numberCell(value, formatShare);
}

export function duration(seconds: number | null | undefined): Cell {
  return numberCell(seconds, formatDuration);
}

/** A figure of many durations: nothing where none was counted, `not done` where it falls among those without an end. */
export function percentile(of: Percentiles, figure: Exclude<keyof Percentiles, 'count' | 'unfinished'>): Cell {
  if (of.count === 0) return NO_CELL;
  return of[figure] === null ? { ...NO_CELL, text: 'not done' } : duration(of[figure]);
}

export function money(amount: number | null | undefined, currency: string): Cell {
  return numberCell(amount, (value) => formatMoney(value, currency));
}

export function formatMoney(amount: number, currency: string): string {
  return `${amount.toFixed(2)} ${currency}`;
}

/** A moment of the run, sorted by its seconds and shown as the run's clock shows it. */
export function moment(seconds: number | null | undefined, formatMoment: (seconds: number) => string): Cell {
  return numberCell(seconds, formatMoment);
}

export function verdictCell(verdict: ExpectationVerdict | RunVerdict): Cell {
  return { value: verdict, text: verdictWords(verdict), page: '', verdict };
}

export function verdictWords(verdict: ExpectationVerdict | RunVerdict): string {
  switch (verdict) {
    case 'met':
      return 'met';
    case 'not-met':
      return 'not met';
    case 'no-data':
      return 'no data';
    case 'stopped':
      return 'stopped';
    case 'nothing-to-judge':
      return 'nothing to judge';
  }
}

/** `part / whole`, or undefined where there is no whole. */
export function ratio(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

/** Share of operations that succeeded among those that ended, or undefined where none did. */
export function successShare(counts: { readonly succeeded: number; readonly failed: number }): number | undefined {
  return ratio(counts.succeeded, counts.succeeded + counts.failed);
}

export function column(id: string, title: string, align: Column['align'] = 'number'): Column {
  return { id, title, align };
}
