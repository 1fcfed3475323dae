// A flow: bytes that one activity wants to move over one route, part by part of the day.
import type { Process } from './plan.ts';

/** An end of a flow: a storage, or a client or cache at a site. */
export interface FlowEnd {
  readonly site: string;
  /** Empty for a client and for a cache. */
  readonly storage: string;
  /** Empty but for a cache. */
  readonly cache: string;
}

/** Bytes that one activity wants to move over one route. */
export interface Flow {
  readonly kind: 'upload' | 'copy' | 'read';
  readonly process: Process;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  /** By bin of the demand's grid. Flows may share an array: not to be changed. */
  readonly bytes: Float64Array;
  readonly files: Float64Array;
  readonly totalBytes: number;
  readonly totalFiles: number;
  /** The largest file met, or the mean where files are not met one by one. */
  readonly largestFileBytes: number;
  /** How long the copy stays at the destination; undefined: for ever, or not a copy. */
  readonly lifetimeSeconds: number | undefined;
  /** Bytes that go from the source for each byte copied: 1, shared among the copies, where the source's copy is freed. */
  readonly freedPerByte: number;
}

export function flowOf(parts: Omit<Flow, 'totalBytes' | 'totalFiles'>): Flow {
  return { ...parts, totalBytes: sumOf(parts.bytes), totalFiles: sumOf(parts.files) };
}

export function sumOf(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

export function scaled(values: Float64Array, factor: number): Float64Array {
  return values.map((value) => value * factor);
}
