// What the recorder keeps in memory while a run goes on: sums by minute and histograms, never operations.
//
// Verdicts and the summary are made from it. Its size grows with subjects x minutes, not with operations.
import type { ErrorScope, OperationKind } from '../core/operation.ts';
import type { SubjectKind } from '../core/sink.ts';
import type { OperationCounts, Percentiles } from './summary.ts';

/**
 * Measures by minute that the recorder adds up from operation records, beside those a back end samples (core/sink.ts):
 *
 * | subject | measures |
 * | --- | --- |
 * | link (transfers) | `requested_bytes`, `requested` (at the minute intended); `succeeded`, `failed`, `censored`, `done_bytes`, `retries` (at the minute ended); `limited_seconds:<limiter>` |
 * | storage | `in_...` and `out_...` of each of these, over uploads, transfers, downloads and stages |
 * | site | the same, over its storages and clients |
 * | experiment, workflow (`EXPERIMENT/workflow`) | `requested_bytes`, `succeeded`, `failed`, `done_bytes`, `injected_bytes`, `replicated_bytes`, `read_bytes`, `rules_done`, `rules_failed`, `limited_seconds:<limiter>` |
 * | service | `requests`, `failures` |
 * | cache | `sessions` |
 */
export interface RunAggregate {
  readonly durationSeconds: number;
  readonly minutes: number;
  subjects(kind: SubjectKind): readonly string[];
  measures(kind: SubjectKind, subject: string): readonly string[];
  /** One value a minute, or undefined where nothing was recorded. Not to be changed. */
  series(kind: SubjectKind, subject: string, measure: string): Float64Array | undefined;
  /**
   * Percentiles of a duration over part of the run, by the minute an operation was *intended*. Durations kept:
   * `time-to-data`, `time-to-first-copy`, `access-latency`, `access-duration`, `duration` (intended to ended) and
   * `access-rate` (bytes per second, where the figures' names say seconds) for experiment and workflow; `latency` for
   * service (token requests, transfers and refreshes from submission to end; rules until the catalogue took them up);
   * `duration` for link, storage, site. `keep(minute)` false leaves that minute out. Times to data and service latencies
   * are kept by the minute; of the others five minutes are kept or left out together, as `keep` says of their middle one.
   *
   * Quantiles are within 0.8 % of the exact ones (nearest rank), counts exact, mean and largest exact over the whole run
   * and within 0.8 % over a part. What had no end within the run is longer than all else: its quantile is Infinity, null
   * in `Percentiles`. So is a rule that failed, since its data never came; other failures have no duration.
   */
  percentiles(kind: SubjectKind, subject: string, duration: string, keep?: (minute: number) => boolean): Percentiles;
  /** A percentile in seconds of the same selection, `quantile` in 0..1; NaN where there is nothing. */
  quantile(
    kind: SubjectKind,
    subject: string,
    duration: string,
    quantile: number,
    keep?: (minute: number) => boolean,
  ): number;
  operations(): ReadonlyMap<OperationKind, OperationCounts>;
  /** Successes and failures in cells of five minutes, for attribution: one cell per combination that occurred. */
  outcomes(): Iterable<OutcomeCell>;
}

export const OUTCOME_CELL_SECONDS = 300;

export interface OutcomeCell {
  /** Start = bucket x OUTCOME_CELL_SECONDS; by the time ended. */
  readonly bucket: number;
  readonly kind: OperationKind;
  readonly source: string;
  readonly sourceSite: string;
  readonly destination: string;
  readonly destinationSite: string;
  readonly cache: string;
  readonly protocol: string;
  readonly service: string;
  readonly experiment: string;
  /** Empty for successes. */
  readonly errorClass: string;
  readonly errorScope: ErrorScope;
  readonly count: number;
}
