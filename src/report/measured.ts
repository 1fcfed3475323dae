// Measured values and limits of expectations, formatted by the unit they are kept in.
import { formatBytes, formatCount, formatDuration, formatRate, formatShare } from '../core/units.ts';
import * as cell from './cells.ts';
import type { Cell } from './document.ts';

/** `unit` is that of a judged expectation: share, seconds, bytes per second, bytes, count, or a currency's code. */
export function formatMeasured(value: number | null, unit: string): string {
  if (value === null) return 'no data';
  if (!Number.isFinite(value)) return cell.NOTHING;
  if (unit.startsWith('share')) return formatShare(value);
  switch (unit) {
    case 'seconds':
      return formatDuration(value);
    case 'bytes per second':
      return formatRate(value);
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return formatCount(value);
    default:
      return cell.formatMoney(value, unit);
  }
}

export function measuredCell(value: number | null, unit: string): Cell {
  if (value === null || !Number.isFinite(value)) return cell.NO_CELL;
  return { value, text: formatMeasured(value, unit), page: '', verdict: undefined };
}
