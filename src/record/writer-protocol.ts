// What the run's thread and the writing thread say to each other.
import type { MessagePort } from 'node:worker_threads';

/** What the writing thread is started with. */
export interface WriterStart {
  readonly folder: string;
  readonly startMicroseconds: number;
  /** One piece of shared memory for each batch that may be under way. */
  readonly slots: readonly SharedArrayBuffer[];
  /** Two 32-bit words: requests handled, and whether one failed. */
  readonly state: SharedArrayBuffer;
  readonly faults: MessagePort;
}

export const HANDLED = 0;
export const FAILED = 1;

export type WriterRequest =
  | {
      readonly write: 'operations';
      readonly shard: number;
      readonly slot: number;
      readonly rows: number;
      /** Texts that got a number since the last request. */
      readonly newTexts: readonly string[];
      /** Bytes of the two text columns. */
      readonly fileNameBytes: number;
      readonly datasetBytes: number;
    }
  | { readonly write: 'series'; readonly rows: SeriesRows; readonly isLast: boolean }
  | { readonly write: 'end' };

/** A piece of the series table. */
export interface SeriesRows {
  /** The texts that the numbers of kinds, subjects and measures stand for. */
  readonly vocabulary: readonly string[];
  readonly kinds: Int32Array;
  readonly subjects: Int32Array;
  readonly measures: Int32Array;
  readonly minutes: Int32Array;
  readonly values: Float64Array;
}

/** Why a file could not be written. */
export interface WriterFault {
  /** The system's code such as ENOSPC, or empty. */
  readonly code: string;
  readonly message: string;
  readonly path: string;
}

/** Name of a shard's file. */
export function shardName(shard: number): string {
  return `operations-${String(shard).padStart(5, '0')}.parquet`;
}

export const SERIES_NAME = 'series.parquet';
