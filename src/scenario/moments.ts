// Points in the day: from what is written to seconds since the start of the clock.
import { formatTimeOfDay, parseMoment } from '../core/units.ts';
import { child } from '../language/pointer.ts';
import { seconds } from '../language/quantities.ts';
import type { ProblemReport } from '../language/report.ts';
import type { Clock } from './names.ts';

const START = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Reads the clock; what is wrong with the start is reported, and the day then counts as unknown. */
export function resolveClock(written: { start: string; duration: string }, report: ProblemReport): Clock {
  const start = parseStart(written.start, report);
  const date = start ?? new Date(0);
  const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return {
    start: date,
    startOfDaySeconds: (date.getTime() - midnight) / 1000,
    durationSeconds: seconds(written.duration),
    known: start !== undefined,
  };
}

function parseStart(text: string, report: ProblemReport): Date | undefined {
  const at = '/clock/start';
  const parts = START.exec(text);
  if (parts === null) {
    report.error(at, `"${text.slice(0, 40)}" is no date and time`, 'write for example 2020-11-24T00:00:00Z');
    return undefined;
  }
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone] = parts;
  const numbers = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, m = 0, d = 0, h = 0, min = 0, s = 0] = numbers;
  const date = new Date(Date.UTC(y, m - 1, d, h, min, s));
  if (date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d || h > 23 || min > 59 || s > 59 || y < 1970) {
    report.error(at, `${text} is not in the calendar`);
    return undefined;
  }
  if (text.length > 10 && zone !== 'Z' && !/^[+-]00:?00$/.test(zone ?? '')) {
    report.error(at, 'times are in UTC', 'write it with a Z at the end, for example 2020-11-24T00:00:00Z');
    return undefined;
  }
  return date;
}

/**
 * Seconds since the start. A time of day counts from midnight of the first day, a duration from the start. Reports
 * what lies before the start or after the end; `end` allows the end itself.
 */
export function resolveMoment(
  written: string,
  pointer: string,
  context: { report: ProblemReport; clock: Clock },
  limits: { end: 'allowed' | 'outside' | 'unchecked' },
): number {
  const { report, clock } = context;
  const { from, seconds: value } = parseMoment(written);
  const at = from === 'start' ? value : value - clock.startOfDaySeconds;
  if (!clock.known) return at;
  if (at < 0) {
    const tomorrow = written.includes('+') ? '' : `for the next morning write ${written}+1d`;
    report.error(pointer, `before the clock starts (${formatTimeOfDay(clock.startOfDaySeconds)})`, tomorrow);
  } else if (limits.end !== 'unchecked') {
    const late = limits.end === 'allowed' ? at > clock.durationSeconds : at >= clock.durationSeconds;
    if (late) report.warning(pointer, `after the end of the day (${endText(clock)})`, 'it does not happen');
  }
  return at;
}

/** The end of the clock as a time of day. */
export function endText(clock: Clock): string {
  const end = clock.startOfDaySeconds + clock.durationSeconds;
  return end === 86400 ? '24:00' : formatTimeOfDay(end);
}

/** A window of the day; both ends may be left out. */
export function resolveWindow(
  written: { from?: string | undefined; to?: string | undefined },
  pointer: string,
  context: { report: ProblemReport; clock: Clock },
): { fromSeconds: number; toSeconds: number } {
  const { report, clock } = context;
  const { from, to } = written;
  const fromSeconds = from === undefined ? 0 : resolveMoment(from, child(pointer, 'from'), context, { end: 'outside' });
  const toSeconds =
    to === undefined
      ? Math.max(clock.durationSeconds, fromSeconds)
      : resolveMoment(to, child(pointer, 'to'), context, { end: 'unchecked' });
  if (clock.known && to !== undefined && toSeconds > clock.durationSeconds) {
    report.warning(
      child(pointer, 'to'),
      `past the end of the day (${endText(clock)})`,
      'what is after it does not happen',
    );
  }
  if (to !== undefined && toSeconds <= fromSeconds && toSeconds >= 0 && fromSeconds >= 0) {
    const next = to.includes(':') && !to.includes('+') ? `for the next morning write ${to}+1d` : '';
    report.mismatch(pointer, 'to', 'not after `from`', next);
  }
  return { fromSeconds, toSeconds };
}
