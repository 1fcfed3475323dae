// What an operation's time is booked to, as numbers; src/core/operation.ts names them for people.
import type { LimiterKind } from '../core/operation.ts';

export const BOOK = {
  loadGenerator: 0,
  dataNotReady: 1,
  catalogue: 2,
  token: 3,
  scheduler: 4,
  linkSlots: 5,
  sourceSlots: 6,
  destinationSlots: 7,
  retryDelay: 8,
  fault: 9,
  setUp: 10,
  sourceRead: 11,
  sourceUplink: 12,
  network: 13,
  destinationDownlink: 14,
  destinationWrite: 15,
  window: 16,
  loss: 17,
  stream: 18,
  client: 19,
  tape: 20,
  cache: 21,
} as const;

export const BOOKS = 22;

/** What a book's limiter is about, so that it can be named from the operation. */
export type BookSubject =
  'none' | 'fault' | 'link' | 'source' | 'destination' | 'source site' | 'destination site' | 'sites' | 'cache';

/** By number: the limiter's kind, and what it is about. */
export const BOOK_NAMES: readonly { readonly kind: LimiterKind; readonly subject: BookSubject }[] = [
  { kind: 'load generator', subject: 'none' },
  { kind: 'data not ready', subject: 'none' },
  { kind: 'catalogue', subject: 'none' },
  { kind: 'token', subject: 'none' },
  { kind: 'scheduler', subject: 'none' },
  { kind: 'link slots', subject: 'link' },
  { kind: 'storage slots', subject: 'source' },
  { kind: 'storage slots', subject: 'destination' },
  { kind: 'retry delay', subject: 'none' },
  { kind: 'fault', subject: 'fault' },
  { kind: 'set-up', subject: 'none' },
  { kind: 'source read', subject: 'source' },
  { kind: 'source uplink', subject: 'source site' },
  { kind: 'network', subject: 'sites' },
  { kind: 'destination downlink', subject: 'destination site' },
  { kind: 'destination write', subject: 'destination' },
  { kind: 'window', subject: 'sites' },
  { kind: 'loss', subject: 'sites' },
  { kind: 'stream', subject: 'none' },
  { kind: 'client', subject: 'none' },
  { kind: 'tape', subject: 'source' },
  { kind: 'cache', subject: 'cache' },
];
