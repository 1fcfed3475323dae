// The operation record: one per thing that happened, the same from a simulated and a real run.

export const OPERATION_KINDS = [
  'upload',
  'transfer',
  'download',
  'delete',
  'stage',
  'transition',
  'rule',
  'token',
  'probe',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** `censored`: still going when the run ended, so neither a success nor a failure. */
export const OUTCOMES = ['ok', 'failed', 'cancelled', 'censored'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Whose side an error showed itself on, as the one who made the record could see it. Empty when there was none. */
export type ErrorScope = '' | 'source' | 'destination' | 'network' | 'service' | 'client';

/**
 * What can hold an operation up. A limiter is a kind and, where there is one, the thing's name:
 * `network CERN -> DESY`, `source read DESY-DCACHE`, `retry delay`.
 */
export const LIMITER_KINDS = [
  'load generator', // the client that drives the load had no worker free
  'data not ready', // a rule waited for its dataset to be complete at the source
  'catalogue', // judge, conveyor, reaper: the catalogue's own cycles
  'token', // waiting for a token
  'scheduler', // in the transfer service's queue with slots free (scheduling interval, start-up, message lag)
  'link slots', // the link's limit of active transfers (optimizer or configured)
  'storage slots', // a storage's limit of active transfers
  'retry delay', // waiting to try again after a failure
  'fault', // held by something that was down: a hanging endpoint, a service that did not answer
  'set-up', // preparation and checks of a transfer: holds a slot, moves nothing
  'source read', // bandwidth of the source storage
  'source uplink',
  'network',
  'destination downlink',
  'destination write',
  'window', // one flow's cap: streams x TCP window / round-trip time
  'loss', // one flow's cap: loss on the path
  'stream', // one flow's cap: a single stream's rate at a storage
  'client', // the client's own rate: a session's processing, a worker's link
  'tape',
  'cache',
] as const;
export type LimiterKind = (typeof LIMITER_KINDS)[number];

/** A limiter as text: its kind and, where there is one, its subject. */
export function limiterText(kind: LimiterKind, subject = ''): string {
  return subject === '' ? kind : `${kind} ${subject}`;
}

/** Splits a limiter's text into kind and subject; the kind of an unknown text is undefined. */
export function parseLimiter(text: string): { kind: LimiterKind | undefined; subject: string } {
  let best: LimiterKind | undefined;
  for (const kind of LIMITER_KINDS) {
    if ((text === kind || text.startsWith(`${kind} `)) && kind.length > (best?.length ?? 0)) best = kind;
  }
  return { kind: best, subject: best === undefined ? text : text.slice(best.length + 1) };
}

/** Seconds that one limiter held an operation. */
export interface BookEntry {
  readonly limiter: string;
  readonly seconds: number;
}

/**
 * Names are empty strings and times NaN where they do not apply. Times are seconds since the start of the run's clock.
 * A producer may reuse one object for all its records: it is valid only during the call that hands it over.
 *
 * Meaning by kind where it is not plain:
 * - `rule`: `intendedAtSeconds` is when the plan wanted the rule, `submittedAtSeconds` when it was made,
 *   `firstByteAtSeconds` when its first complete copy was readable, `endedAtSeconds` when all copies were. `sizeBytes`
 *   is the dataset's size times the copies; `name` is the RSE expression as written, `destination` the storage chosen
 *   where it is one.
 * - `upload`: `source` empty, `sourceSite` the client's site.  `download`: `destination` empty, `destinationSite` the
 *   reader's site, `activity` the access's name; `sizeBytes` is what was read; `firstByteAtSeconds - intendedAtSeconds` is the access latency.
 * - `stage`: recall from tape, `source` the tape storage.  `transition`: one dataset's move between classes.
 * - `token`: one request to the issuer, `service` its name.  `probe`: one measurement of the network monitor, one
 *   refresh of the topology, or one publication of the monitoring; `service` tells which.
 */
export interface OperationRecord {
  /** Runs from 0 in the order in which operations ended. */
  id: number;
  kind: OperationKind;
  experiment: string;
  workflow: string;
  activity: string;
  scope: string;
  dataset: string;
  name: string;
  source: string;
  sourceSite: string;
  destination: string;
  destinationSite: string;
  cache: string;
  protocol: string;
  service: string;
  sizeBytes: number;
  intendedAtSeconds: number;
  submittedAtSeconds: number;
  startedAtSeconds: number;
  firstByteAtSeconds: number;
  endedAtSeconds: number;
  attempts: number;
  /**
   * Its place in a series, from 0: which file of its session a download reads; how often the catalogue had asked for this
   * transfer before (it asks again after the transfer service gave up). The plan asked for those with 0.
   */
  ordinal: number;
  outcome: Outcome;
  /** A stable kebab-case class such as `connection-refused`, `timeout`, `checksum-mismatch`, `no-space`. */
  errorClass: string;
  errorScope: ErrorScope;
  /** The limiter that held the operation longest. */
  limiter: string;
  /** Where its time went, from intended to ended; adds up to that time. */
  books: readonly BookEntry[];
}
