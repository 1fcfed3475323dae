// A route: all operations of one kind, workflow, pair of ends, protocol and service. Where their figures are added up is looked up once.
import type { ErrorScope, OperationKind } from '../core/operation.ts';
import type { DurationCells } from './duration-cells.ts';
import type { MinuteSeries } from './minute-series.ts';
import type { OutcomeLog } from './outcome-log.ts';
import type { SeriesSet } from './subject-sums.ts';
import type { OperationCounts } from './summary.ts';

/** What a route's operations have in common. */
export interface RouteKey {
  readonly kind: OperationKind;
  readonly experiment: string;
  readonly workflow: string;
  readonly activity: string;
  readonly source: string;
  readonly sourceSite: string;
  readonly destination: string;
  readonly destinationSite: string;
  readonly cache: string;
  readonly protocol: string;
  readonly service: string;
}

/** Figures of everything that moved between two ends, by minute: what links, storages and sites are added up from. */
export interface PairSums {
  readonly set: SeriesSet;
  readonly requested: MinuteSeries;
  readonly requestedBytes: MinuteSeries;
  readonly succeeded: MinuteSeries;
  readonly failed: MinuteSeries;
  readonly censored: MinuteSeries;
  readonly doneBytes: MinuteSeries;
  readonly retries: MinuteSeries;
  /** From intended to ended. */
  readonly duration: DurationCells;
}

/** Figures of a workflow that this route's operations count for, by minute. */
export interface WorkflowSums {
  readonly set: SeriesSet;
  readonly requestedBytes: MinuteSeries | undefined;
  readonly succeeded: MinuteSeries | undefined;
  readonly failed: MinuteSeries | undefined;
  readonly doneBytes: MinuteSeries | undefined;
  /** Bytes of what succeeded, by what was done: `injected_bytes`, `replicated_bytes`, `read_bytes`. */
  readonly movedBytes: MinuteSeries | undefined;
}

/** Percentile views that this route's operations count for, where they apply. */
export interface RouteDurations {
  /** From intended to ended. */
  readonly whole: DurationCells | undefined;
  readonly timeToData: DurationCells | undefined;
  readonly timeToFirstCopy: DurationCells | undefined;
  readonly accessLatency: DurationCells | undefined;
  readonly accessDuration: DurationCells | undefined;
  readonly accessRate: DurationCells | undefined;
  readonly serviceLatency: DurationCells | undefined;
}

export interface Route {
  readonly key: RouteKey;
  /** Of the whole run. */
  readonly counts: OperationCounts;
  /** Those that are the first of their series: sessions, where the operations are reads. */
  firsts: number;
  /** Undefined where the operations move nothing. */
  readonly pair: PairSums | undefined;
  /** Undefined where they belong to no experiment. */
  readonly workflow: WorkflowSums | undefined;
  readonly durations: RouteDurations;
  readonly serviceRequests: MinuteSeries | undefined;
  readonly serviceFailures: MinuteSeries | undefined;
  readonly cacheSessions: MinuteSeries | undefined;
  /** By limiter; nothing where the operations move nothing. */
  readonly limited: Map<string, LimitedSums>;
  /** By error class and scope, shared with the same route of other workflows. */
  readonly outcomes: Map<string, OutcomeGroup>;
}

/** How long one limiter held a route's operations. */
export interface LimitedSums {
  /** Of the whole run. */
  seconds: number;
  /** By the minute in which they ended. */
  readonly ofPair: MinuteSeries;
  readonly ofWorkflow: MinuteSeries | undefined;
}

/** Successes, or failures of one class and scope, by five minutes. */
export interface OutcomeGroup {
  readonly errorClass: string;
  readonly errorScope: ErrorScope;
  readonly log: OutcomeLog;
}

export function noCounts(): OperationCounts {
  return { requested: 0, succeeded: 0, failed: 0, cancelled: 0, censored: 0, retries: 0, bytes: 0 };
}
