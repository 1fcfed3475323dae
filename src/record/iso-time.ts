// Times as text in the files of a run folder.

/** ISO 8601 in UTC, without fractions where there are none. */
export function isoTime(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

const MICROSECONDS_PER_SECOND = 1_000_000;
const MICROSECONDS_PER_DAY = 86_400 * MICROSECONDS_PER_SECOND;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

let lastDay = NaN;
let lastDayText = '';

/**
 * Microseconds since the epoch as `2020-11-24T06:00:00.25Z`, with as many digits of the second as there are. What no Date
 * can hold, such as DuckDB's `infinity`, is given as its number.
 */
export function isoMicroseconds(microseconds: bigint): string {
  const all = Number(microseconds);
  const day = Math.floor(all / MICROSECONDS_PER_DAY);
  // Rows that come one after the other are mostly of one day.
  if (day !== lastDay) {
    const date = new Date(day * 86_400_000);
    if (!Number.isSafeInteger(all) || Number.isNaN(date.getTime())) return String(microseconds);
    lastDay = day;
    lastDayText = date.toISOString().slice(0, -'00:00:00.000Z'.length);
  }
  const ofDay = all - day * MICROSECONDS_PER_DAY;
  const seconds = Math.floor(ofDay / MICROSECONDS_PER_SECOND);
  const rest = ofDay - seconds * MICROSECONDS_PER_SECOND;
  const hour = TWO_DIGITS[Math.floor(seconds / 3600)]!;
  const minute = TWO_DIGITS[Math.floor(seconds / 60) % 60]!;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
  return `${lastDayText}${hour}:${minute}:${TWO_DIGITS[seconds % 60]!}${fraction}Z`;
}
