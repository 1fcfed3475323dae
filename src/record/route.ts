// A route: all operations of one kind, workflow, pair of ends, protocol and service. Where their figures are added up is looked up once.
import type { ErrorScope, OperationKind } from '../core/operation.ts';
import type { DurationCells } from './duration-cells.ts';
import type { MinuteSeries } from './minute-series.ts';
import type { OutcomeLog } from './outcome-log.ts';
import type { OperationCounts } from './summary.ts';

/** What a route's operations have in common. */
export interface RouteKey {
  readonly kind: OperationKind;
  readonly experiment: string;
  readonly workflow: string;
  readonly source: string;
  readonly sourceSite: string;
  readonly destination: string;
  readonly destinationSite: string;
  readonly cache: string;
  readonly protocol: string;
  readonly service: string;
}

/** Figures of one direction at a link, storage or site, by minute. */
export interface FlowSums {
  readonly requested: MinuteSeries;
  readonly requestedBytes: MinuteSeries;
  readonly succeeded: MinuteSeries;
  readonly failed: MinuteSeries;
  readonly censored: MinuteSeries;
  readonly doneBytes: MinuteSeries;
  readonly retries: MinuteSeries;
}

/** Figures of an experiment or a workflow that this route's operations count for. */
export interface OwnerSums {
  readonly requestedBytes: MinuteSeries | undefined;
  readonly succeeded: MinuteSeries | undefined;
  readonly failed: MinuteSeries | undefined;
  readonly doneBytes: MinuteSeries | undefined;
  /** Bytes of what succeeded, by what was done: `injected_bytes`, `replicated_bytes`, `read_bytes`. */
  readonly movedBytes: MinuteSeries | undefined;
}

/** Percentile views that this route's operations count for. */
export interface RouteDurations {
  /** From intended to ended. */
  readonly whole: readonly DurationCells[];
  readonly timeToData: readonly DurationCells[];
  readonly timeToFirstCopy: readonly DurationCells[];
  readonly accessLatency: readonly DurationCells[];
  readonly accessDuration: readonly DurationCells[];
  readonly accessRate: readonly DurationCells[];
  readonly serviceLatency: readonly DurationCells[];
}

export interface Route {
  readonly key: RouteKey;
  /** Of the whole run. */
  readonly counts: OperationCounts;
  readonly flows: readonly FlowSums[];
  readonly owners: readonly OwnerSums[];
  readonly durations: RouteDurations;
  readonly serviceRequests: MinuteSeries | undefined;
  readonly serviceFailures: MinuteSeries | undefined;
  readonly cacheSessions: MinuteSeries | undefined;
  /** By limiter. */
  readonly limited: Map<string, LimitedSums>;
  /** Of every subject this route counts for: its series of the seconds of one limiter. */
  readonly limitedBy: readonly ((limiter: string) => MinuteSeries)[];
  /** By error class and scope, shared with the same route of other workflows. */
  readonly outcomes: Map<string, OutcomeGroup>;
}

/** How long one limiter held a route's operations. */
export interface LimitedSums {
  /** Of the whole run. */
  seconds: number;
  readonly series: readonly MinuteSeries[];
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
