// Figures that only the operations themselves can give: latency by operation and storage, when data became readable where.
import type { Percentiles } from '../record/summary.ts';

export interface OperationFigures {
  readonly storageLatency: readonly StorageLatency[];
  readonly arrivals: readonly Arrival[];
}

/** How long operations of one kind took at one storage, from submission to end. */
export interface StorageLatency {
  readonly storage: string;
  /** `upload`, `transfer in`, `transfer out`, `download`, `delete`, `stage`. */
  readonly operation: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly latency: Pick<Percentiles, 'p50Seconds' | 'p95Seconds' | 'p99Seconds'>;
}

/** Copies of one experiment's data that arrived at one storage in one bin of the report. */
export interface Arrival {
  readonly experiment: string;
  readonly storage: string;
  readonly bin: number;
  readonly files: number;
  readonly bytes: number;
}

export const NO_OPERATION_FIGURES: OperationFigures = { storageLatency: [], arrivals: [] };
