// Reads a subject's books: seconds by what held its work up, as series of `limited_seconds:<limiter>`.
import type { Flow } from './flows.ts';

const BOOK = 'limited_seconds:';

/** The limiters that a list of measures names, for one direction (`in_`, `out_` or none). */
export function limitersOf(measures: readonly string[], direction: '' | 'in_' | 'out_'): string[] {
  const prefix = `${direction}${BOOK}`;
  return measures.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** Seconds by limiter over the minutes `from` (included) to `to` (excluded); only those above zero. */
export function readBook(flow: Flow, measures: readonly string[], from: number, to: number): Map<string, number> {
  const book = new Map<string, number>();
  for (const limiter of limitersOf(measures, flow.direction)) {
    let seconds = 0;
    for (const value of flow.series(`${BOOK}${limiter}`)?.subarray(from, to) ?? []) {
      if (!Number.isNaN(value)) seconds += value;
    }
    if (seconds > 0) book.set(limiter, seconds);
  }
  return book;
}

/** The largest entry, the first by name of equal ones; empty where there is none. */
export function largestLimiter(flow: Flow, measures: readonly string[], from: number, to: number): string {
  let largest = '';
  let most = 0;
  for (const [limiter, seconds] of readBook(flow, measures, from, to)) {
    if (seconds > most || (seconds === most && limiter < largest)) [largest, most] = [limiter, seconds];
  }
  return largest;
}
