// Measured values and limits of expectations as text, by the unit they are kept in.
import { formatBytes, formatCount, formatDuration, formatRate, formatShare } from '../core/units.ts';

/** `unit` is that of a judged expectation: share, seconds, bytes per second, bytes, count, or a currency's code. */
export function measuredText(value: number, unit: string): string {
  switch (unit) {
    case 'share':
      return formatShare(value);
    case 'seconds':
      return formatDuration(value);
    case 'bytes per second':
      return formatRate(value);
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return formatCount(value);
    default:
      return moneyText(value, unit);
  }
}

/** An amount with two decimals: `12.30 EUR`. */
export function moneyText(amount: number, currency: string): string {
  return `${amount.toFixed(2)} ${currency}`;
}
