// summary.json: what a run came to. Scripts rely on it (docs/contract.md); a quantity's unit is in its name.
import type { OperationKind } from '../core/operation.ts';

export const SUMMARY_SCHEMA = 'fdr.summary/1';

export type RunVerdict = 'met' | 'not-met' | 'stopped' | 'nothing-to-judge';
export type ExpectationVerdict = 'met' | 'not-met' | 'no-data';

export interface Summary {
  schema: typeof SUMMARY_SCHEMA;
  version: string;
  /** The run folder. */
  run: string;
  backend: 'simulated' | 'live';
  seed: number;
  scenario: { name: string; description: string; file: string; sha256: string };
  lake: { name: string; file: string; sha256: string };
  clock: { start: string; durationSeconds: number };
  /** Seconds in which the day passed, without loading, recording, judging and reporting. */
  wallSeconds: number;
  peakResidentBytes: number;
  verdict: RunVerdict;
  expectations: JudgedExpectation[];
  operations: Partial<Record<OperationKind, OperationCounts>>;
  errors: { class: string; scope: string; count: number }[];
  /** Found by evidence in the records alone, strongest first. */
  incidents: Incident[];
  faults: FaultSummary[];
  sites: Record<string, SiteSummary>;
  storages: Record<string, StorageSummary>;
  links: Record<string, LinkSummary>;
  network: Record<string, NetworkSummary>;
  services: Record<string, ServiceSummary>;
  caches: Record<string, CacheSummary>;
  experiments: Record<string, ExperimentSummary>;
}

export interface JudgedExpectation {
  text: string;
  per: string;
  subject: string;
  verdict: ExpectationVerdict;
  /** The worst value found, in `unit`; null where there was no data. */
  measured: number | null;
  limit: number;
  unit: string;
  /** What decided it, or empty. */
  limiter: string;
  /** Start of the worst window, seconds, where one was asked for. */
  atSeconds: number | null;
  /** What a reader should know beside the figure: `as source`, `3 of 80 never done`. Left out where there is nothing. */
  note?: string;
}

export interface OperationCounts {
  /** What the plan asked for, whether or not it could start. */
  requested: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  censored: number;
  /** Attempts after the first. */
  retries: number;
  /** Of those that succeeded. */
  bytes: number;
}

/**
 * Of durations, exact to 1 % (count and mean exactly). What was not done when the run ended, or failed for good, is longer than every
 * other: a percentile that falls among those is null, and so is each figure where nothing was counted.
 */
export interface Percentiles {
  count: number;
  /** Of `count`, those that have no end. */
  unfinished: number;
  /** Of those that have an end. */
  meanSeconds: number | null;
  p50Seconds: number | null;
  p90Seconds: number | null;
  p95Seconds: number | null;
  p99Seconds: number | null;
  maxSeconds: number | null;
}

/** Failures that one cause explains. */
export interface Incident {
  scope: 'source' | 'destination' | 'network' | 'service' | 'client';
  /** The storage, site, link, service or experiment held responsible. */
  subject: string;
  /** The site blamed, or empty: a central fault blames none. */
  site: string;
  fromSeconds: number;
  toSeconds: number;
  failures: number;
  /** The commonest error class. */
  errorClass: string;
  /** One sentence: the evidence. */
  evidence: string;
  /** True where there was little to go by; left out otherwise. */
  weak?: boolean;
}

/** A fault of the scenario, as drawn in timelines. */
export interface FaultSummary {
  text: string;
  target: string;
  atSeconds: number;
  forSeconds: number;
}

export interface Direction {
  requestedBytes: number;
  bytes: number;
  meanRateBps: number;
  peakRateBps: number;
  succeeded: number;
  failed: number;
}

/** Seconds by limiter, largest first. */
export type LimiterBook = Record<string, number>;

export interface SiteSummary {
  verdict: ExpectationVerdict;
  country: string;
  in: Direction;
  out: Direction;
  limiters: LimiterBook;
  /** Texts of the faults declared on the site or its storages. */
  faults: string[];
  availability: number;
  egressCost: { amount: number; currency: string } | null;
  protocols: Record<string, { succeeded: number; failed: number; bytes: number }>;
}

export interface StorageSummary {
  site: string;
  technology: string;
  qosClass: string;
  in: Direction;
  out: Direction;
  usedBytesStart: number;
  usedBytesEnd: number;
  capacityBytes: number;
  availability: number;
  tape: { mounts: number; drivesBusyMean: number; recallQueueMax: number } | null;
}

export interface LinkSummary {
  requestedBytes: number;
  bytes: number;
  meanRateBps: number;
  peakRateBps: number;
  succeeded: number;
  failed: number;
  censored: number;
  /** The one that held its transfers longest. */
  limiter: string;
  limiters: LimiterBook;
  /** Limit of active transfers: lowest, highest, last. */
  slots: { min: number; max: number; last: number } | null;
  queuedMax: number;
}

export interface NetworkSummary {
  bytes: number;
  meanRateBps: number;
  peakRateBps: number;
  capacityBps: number;
}

export interface ServiceSummary {
  requests: number;
  failures: number;
  latency: Percentiles;
  availability: number;
  /** Its own figures by name with unit, for example `rulesStuck`, `queuedMax`, `ageMaxSeconds`. */
  figures: Record<string, number>;
}

export interface CacheSummary {
  site: string;
  sessions: number;
  hitBytes: number;
  missBytes: number;
  /** hitBytes / (hitBytes + missBytes); null where nothing was read. */
  hitRate: number | null;
  usedBytesEnd: number;
  capacityBytes: number;
}

export interface ExperimentSummary {
  verdict: ExpectationVerdict;
  plannedBytes: number;
  plannedFiles: number;
  injectedBytes: number;
  injectedFiles: number;
  replicatedBytes: number;
  replicatedFiles: number;
  /** Datasets of which a rule was asked. */
  datasets: number;
  rules: OperationCounts;
  timeToFirstCopy: Percentiles;
  timeToAllCopies: Percentiles;
  access: AccessSummary;
  limiters: LimiterBook;
  egressCost: Record<string, number>;
  workflows: Record<string, WorkflowSummary>;
}

export interface AccessSummary {
  sessions: number;
  /** Files read, by all sessions together. */
  reads: number;
  /** Reads, like all that follows. */
  succeeded: number;
  failed: number;
  bytes: number;
  /** From the intended start to the first byte. */
  latency: Percentiles;
  /** Mean over sessions that succeeded. */
  meanRateBps: number;
  /** Seconds from the intended start to the end. */
  duration: Percentiles;
}

export interface WorkflowSummary {
  plannedBytes: number;
  plannedFiles: number;
  injectedBytes: number;
  injectedFiles: number;
  replicatedBytes: number;
  replicatedFiles: number;
  timeToFirstCopy: Percentiles;
  timeToAllCopies: Percentiles;
  /** By access name. */
  access: Record<string, AccessSummary>;
  /** Bytes copied by destination storage. */
  destinations: Record<string, { files: number; bytes: number }>;
}
