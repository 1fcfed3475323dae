// Figures that only the operations themselves can give: latency by operation and storage, when data became readable where.
import { DuckDBInstance } from '@duckdb/node-api';
import type { Bins } from './bins.ts';

export interface OperationFigures {
  readonly storageLatency: readonly StorageLatency[];
  readonly arrivals: readonly Arrival[];
}

/** How long operations of one kind took at one storage, from their start to their end, of those that succeeded. */
export interface StorageLatency {
  readonly storage: string;
  /** `upload`, `transfer in`, `transfer out`, `download`, `delete`, `stage`. */
  readonly operation: string;
  readonly succeeded: number;
  readonly failed: number;
  /** Null where none succeeded. */
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly p99Seconds: number | null;
}

/** Files of one experiment that arrived at one storage in one bin of the report. */
export interface Arrival {
  readonly experiment: string;
  readonly storage: string;
  readonly how: 'injected' | 'copied';
  readonly bin: number;
  readonly files: number;
  readonly bytes: number;
  /** The first and the last of them, seconds since the run's start. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
}

/** Reads the operations table's files, of which there may be none. `start` is the run's start as in its summary. */
export async function readOperationFigures(
  files: readonly string[],
  start: string,
  bins: Bins,
): Promise<OperationFigures> {
  if (files.length === 0) return { storageLatency: [], arrivals: [] };
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const table = `read_parquet([${files.map(quote).join(', ')}])`;
    const startedAt = `TIMESTAMP ${quote(start.replace('Z', ''))}`;
    const rows = async (sql: string): Promise<Record<string, unknown>[]> =>
      (await connection.runAndReadAll(sql)).getRowObjectsJS();
    return {
      storageLatency: (await rows(latencyQuery(table))) as unknown as StorageLatency[],
      arrivals: (await rows(arrivalsQuery(table, startedAt, bins))) as unknown as Arrival[],
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An operation counts at each storage that takes part in it. */
function latencyQuery(table: string): string {
  const part = (storage: string, operation: string, kind: string): string =>
    `SELECT ${storage} AS storage, ${quote(operation)} AS operation, outcome, epoch(ended_at) - epoch(started_at) AS seconds
     FROM ${table} WHERE kind = ${quote(kind)} AND ${storage} <> ''`;
  const parts = [
    part('destination', 'upload', 'upload'),
    part('destination', 'transfer in', 'transfer'),
    part('source', 'transfer out', 'transfer'),
    part('source', 'download', 'download'),
    part('source', 'delete', 'delete'),
    part('source', 'stage', 'stage'),
  ];
  const quantile = (share: number, name: string): string =>
    `quantile_disc(seconds, ${share}) FILTER (outcome = 'ok') AS ${name}`;
  return `SELECT storage, operation,
      count(*) FILTER (outcome = 'ok')::DOUBLE AS succeeded, count(*) FILTER (outcome = 'failed')::DOUBLE AS failed,
      ${quantile(0.5, '"p50Seconds"')}, ${quantile(0.95, '"p95Seconds"')}, ${quantile(0.99, '"p99Seconds"')}
    FROM (${parts.join(' UNION ALL ')})
    GROUP BY storage, operation
    HAVING succeeded + failed > 0
    ORDER BY storage, operation`;
}

function arrivalsQuery(table: string, startedAt: string, bins: Bins): string {
  const seconds = `(epoch(ended_at) - epoch(${startedAt}))`;
  return `SELECT experiment, destination AS storage,
      CASE kind WHEN 'upload' THEN 'injected' ELSE 'copied' END AS how,
      least(floor(${seconds} / ${bins.seconds}), ${bins.count - 1})::INTEGER AS bin,
      count(*)::DOUBLE AS files, sum(size_bytes)::DOUBLE AS bytes,
      min(${seconds}) AS "firstSeconds", max(${seconds}) AS "lastSeconds"
    FROM ${table}
    WHERE kind IN ('upload', 'transfer') AND outcome = 'ok'
    GROUP BY ALL
    ORDER BY experiment, storage, how, bin`;
}
