// Whose side a limiter is on, seen from one site: its own storage or link, the peer, the network, a service, the load.
import { parseLimiter } from '../core/operation.ts';
import type { LimiterBook } from '../record/summary.ts';
import { linkEnds, siteOfStorage, type RunData } from './run-data.ts';

export const LIMITER_SIDES = [
  'own storage',
  'own link',
  'the peer',
  'the network',
  'a service',
  'faults and retries',
  'the load itself',
] as const;
export type LimiterSide = (typeof LIMITER_SIDES)[number];

/** The side of a limiter's text (core/operation.ts) as `site` sees it. */
export function limiterSide(limiter: string, site: string, run: RunData): LimiterSide {
  const { kind, subject } = parseLimiter(limiter);
  const ownStorage = (): LimiterSide => (siteOfSubject(subject, run) === site ? 'own storage' : 'the peer');
  const ownLink = (): LimiterSide => (siteOfSubject(subject, run) === site ? 'own link' : 'the peer');
  switch (kind) {
    case 'source read':
    case 'destination write':
    case 'storage slots':
    case 'stream':
    case 'tape':
    case 'cache':
      return ownStorage();
    case 'set-up':
      return subject === '' ? 'a service' : ownStorage();
    case 'source uplink':
    case 'destination downlink':
      return ownLink();
    case 'network':
    case 'window':
    case 'loss':
      return 'the network';
    case 'catalogue':
    case 'token':
    case 'scheduler':
    case 'link slots':
    case undefined:
      return 'a service';
    case 'retry delay':
    case 'fault':
      return 'faults and retries';
    case 'load generator':
    case 'data not ready':
    case 'client':
      return 'the load itself';
  }
}

/** A subject is a storage, a cache, a site, or a link, which counts for its first end. */
function siteOfSubject(subject: string, run: RunData): string {
  const { from } = linkEnds(subject);
  const storage = siteOfStorage(run, from);
  if (storage !== '') return storage;
  return run.summary.caches[from]?.site ?? from;
}

export interface LimiterShare {
  readonly limiter: string;
  readonly seconds: number;
  /** Of all the seconds in the book. */
  readonly share: number;
}

/** A book's entries, largest first, at most `most` of them and the rest as one entry. */
export function largestLimiters(book: LimiterBook, most: number): LimiterShare[] {
  const total = Object.values(book).reduce((sum, seconds) => sum + seconds, 0);
  if (total <= 0) return [];
  const entries = Object.entries(book)
    .map(([limiter, seconds]) => ({ limiter, seconds, share: seconds / total }))
    .filter((entry) => entry.seconds > 0)
    .sort((a, b) => b.seconds - a.seconds || (a.limiter < b.limiter ? -1 : 1));
  if (entries.length <= most) return entries;
  const rest = entries.slice(most - 1).reduce((sum, entry) => sum + entry.seconds, 0);
  const others = `${entries.length - most + 1} others`;
  return [...entries.slice(0, most - 1), { limiter: others, seconds: rest, share: rest / total }];
}

/** Seconds by side, for all of a book. */
export function sidesOfBook(book: LimiterBook, site: string, run: RunData): Map<LimiterSide, number> {
  const sides = new Map<LimiterSide, number>();
  for (const [limiter, seconds] of Object.entries(book)) {
    const side = limiterSide(limiter, site, run);
    sides.set(side, (sides.get(side) ?? 0) + seconds);
  }
  return sides;
}
