// What held work up, for people: the largest entries of a book with their shares, and a limiter's text as a phrase.
import { parseLimiter } from '../core/operation.ts';
import type { LimiterBook } from '../record/summary.ts';

export interface LimiterShare {
  readonly limiter: string;
  readonly seconds: number;
  /** Of all the seconds in the book, 0..1. */
  readonly share: number;
}

/** The book's entries with their shares, largest first, by name where equal. Entries without seconds are left out. */
export function limiterShares(book: LimiterBook): LimiterShare[] {
  const entries = Object.entries(book).filter(([, seconds]) => seconds > 0);
  const total = entries.reduce((sum, [, seconds]) => sum + seconds, 0);
  return entries
    .map(([limiter, seconds]) => ({ limiter, seconds, share: seconds / total }))
    .sort((a, b) => b.seconds - a.seconds || (a.limiter < b.limiter ? -1 : 1));
}

/** A limiter's text (core/operation.ts) as what something was held up by: `the network from CERN to DESY`. */
export function limiterPhrase(limiter: string): string {
  const { kind, subject } = parseLimiter(limiter);
  const at = subject === '' ? '' : ` at ${subject}`;
  const between = subject === '' ? '' : ` ${fromTo(subject)}`;
  switch (kind) {
    case 'load generator':
      return 'the load generator, which had no worker free';
    case 'data not ready':
      return 'waiting for datasets to be complete';
    case 'catalogue':
      return "the catalogue's cycles";
    case 'token':
      return 'waiting for tokens';
    case 'scheduler':
      return "the transfer service's scheduling";
    case 'link slots':
      return `the limit of active transfers${between}`;
    case 'storage slots':
      return `the limit of active transfers${at}`;
    case 'retry delay':
      return 'waiting to try again after failures';
    case 'fault':
      return subject === '' ? 'something that was down' : `${subject} while it was down`;
    case 'set-up':
      return `setting transfers up${at}`;
    case 'source read':
      return subject === '' ? 'reading at the source' : `reading from ${subject}`;
    case 'source uplink':
      return `the link out of ${subject === '' ? 'the source' : subject}`;
    case 'network':
      return `the network${between}`;
    case 'destination downlink':
      return `the link into ${subject === '' ? 'the destination' : subject}`;
    case 'destination write':
      return subject === '' ? 'writing at the destination' : `writing to ${subject}`;
    case 'window':
      return `the TCP window${between}`;
    case 'loss':
      return `packet loss${between}`;
    case 'stream':
      return `the rate of a single stream${at}`;
    case 'client':
      return "the clients' own rate";
    case 'tape':
      return `tape${at}`;
    case 'cache':
      return subject === '' ? 'the cache' : `the cache ${subject}`;
    case undefined:
      return limiter;
  }
}

function fromTo(subject: string): string {
  return subject.includes(' -> ') ? `from ${subject.replace(' -> ', ' to ')}` : `at ${subject}`;
}
