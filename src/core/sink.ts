// Where a back end puts what happened. The recorder implements it; tests implement it with arrays.
import type { OperationRecord } from './operation.ts';

export type SubjectKind =
  'link' | 'storage' | 'site' | 'service' | 'cache' | 'network' | 'tape' | 'experiment' | 'workflow';

/**
 * The measures a back end samples once a minute. Rates and counts that the recorder can add up from operation records
 * (requests, successes, failures) are not among them.
 *
 * | subject | measures |
 * | --- | --- |
 * | link `A -> B` (storages) | `bytes` moved in the minute, `active`, `queued`, `limit` (active transfers allowed) |
 * | storage | `read_bytes`, `write_bytes` in the minute, `used_bytes`, `up` (share of the minute it answered, 0..1) |
 * | site | `in_bytes`, `out_bytes` over its wide-area link in the minute, `egress_cost` (currency units, in the minute) |
 * | network `A -> B` (sites) | `bytes` in the minute, `capacity_bps` at its end |
 * | cache | `hit_bytes`, `miss_bytes` in the minute, `used_bytes` |
 * | tape (storage) | `drives_busy` (mean), `recall_queue`, `mounts` in the minute, `buffer_bytes` |
 * | service `catalogue` | `rules_ok`, `rules_replicating`, `rules_stuck`, `locks_ok`, `locks_replicating`, `locks_stuck` |
 * | service `transfers` | `queued`, `active` |
 * | service `tokens` | `queued`, `busy` |
 * | service `topology`, `network-monitor`, `monitoring` | `age_seconds`: how old what it says is |
 * | service (any) | `up` (0..1) |
 */
export interface RecordSink {
  operation(record: OperationRecord): void;
  /** `minute` counts from the run's start; zero values may be left out except for `up`. */
  sample(minute: number, kind: SubjectKind, subject: string, measure: string, value: number): void;
}

/** The name of the link between two storages or two sites. */
export function linkName(from: string, to: string): string {
  return `${from} -> ${to}`;
}
