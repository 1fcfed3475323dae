// SQL over a run folder: DuckDB in memory, with the run's tables as views and no way to anything else.
import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { FdrError } from '../core/errors.ts';
import { isoMicroseconds } from './iso-time.ts';
import { OPERATION_ELEMENTS } from './operation-table.ts';
import type { OpenRunFolder } from './run-folder.ts';
import { SERIES_ELEMENTS } from './series-table.ts';

type DuckDB = typeof import('@duckdb/node-api');

/**
 * A value of a result. Times are ISO 8601 in UTC, whole numbers that a double does not hold are BigInts, decimals and
 * whatever else has no counterpart are texts.
 */
export type Cell = null | string | number | bigint | boolean | readonly Cell[] | { readonly [name: string]: Cell };

export interface QueryColumn {
  readonly name: string;
  /** DuckDB's name of its type. */
  readonly type: string;
  readonly isNumber: boolean;
}

export interface QueryResult {
  readonly columns: readonly QueryColumn[];
  /** The rows, some at a time, as they are found. To be called once. */
  rows(): AsyncGenerator<readonly (readonly Cell[])[]>;
  /** Frees the database; no rows come after it. */
  close(): void;
}

const NUMBER_TYPES = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/;

/**
 * Asks a run. The query must be one that only reads; it sees the views `operations` and `series` (docs/run-folder.md) and
 * no file or network. The same folder and query give the same rows in the same order. Throws an `FdrError` where the
 * query is wrong.
 */
export async function queryRun(folder: OpenRunFolder, sql: string): Promise<QueryResult> {
  const duckdb = await loadDuckDB();
  // One thread: with more, sums of fractions would depend on who came first.
  const instance = await duckdb.DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const close = (): void => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await makeViews(connection, folder);
    await refuseAllButReading(duckdb, connection, sql);
    const result = await connection.stream(sql);
    return { columns: columnsOf(result), rows: () => rowsOf(duckdb, result), close };
  } catch (error) {
    close();
    throw queryError(error);
  }
}

async function loadDuckDB(): Promise<DuckDB> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw new FdrError('query-unavailable', 'DuckDB, which answers queries, cannot be loaded on this machine', {
      hint: 'install with optional dependencies (npm ci), or read the Parquet files of the run folder with another tool',
      cause: error,
    });
  }
}

async function makeViews(connection: DuckDBConnection, folder: OpenRunFolder): Promise<void> {
  const files = [...folder.operationFiles, ...(folder.seriesFile === undefined ? [] : [folder.seriesFile])];
  await connection.run(`SET allowed_paths = [${files.map(quote).join(', ')}]`);
  await connection.run(`CREATE VIEW operations AS ${selectFrom(folder.operationFiles, OPERATION_ELEMENTS)}`);
  const series = folder.seriesFile === undefined ? [] : [folder.seriesFile];
  await connection.run(`CREATE VIEW series AS ${selectFrom(series, SERIES_ELEMENTS)}`);
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

interface Element {
  readonly name: string;
  readonly type?: string;
  readonly logical_type?: { readonly type: string };
}

/** The files one after the other; where a run was killed before it wrote any, the columns without rows. */
function selectFrom(files: readonly string[], elements: readonly Element[]): string {
  if (files.length > 0) return `SELECT * FROM read_parquet([${files.map(quote).join(', ')}])`;
  const columns = elements.map((element) => `NULL::${sqlType(element)} AS ${element.name}`);
  return `SELECT ${columns.join(', ')} WHERE false`;
}

function sqlType(element: Element): string {
  if (element.logical_type !== undefined) return 'TIMESTAMP';
  const types: Record<string, string> = { BYTE_ARRAY: 'VARCHAR', INT32: 'INTEGER', INT64: 'BIGINT', DOUBLE: 'DOUBLE' };
  return types[element.type ?? ''] ?? 'VARCHAR';
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Statements that change something would find only the memory of this process, or the run's own files. */
async function refuseAllButReading(duckdb: DuckDB, connection: DuckDBConnection, sql: string): Promise<void> {
  const statements = await connection.extractStatements(sql).catch((error: unknown) => {
    // What the library says of a text without any statement.
    const isEmpty = error instanceof Error && error.message === 'Error in native callback';
    throw isEmpty ? new FdrError('bad-query', 'the query is empty', { cause: error }) : error;
  });
  if (statements.count !== 1) {
    throw new FdrError('bad-query', `one query at a time: this text has ${statements.count}`, {
      hint: 'leave out the semicolon, or join the queries by UNION ALL',
    });
  }
  const statement = await statements.prepare(0);
  const { SELECT, EXPLAIN } = duckdb.StatementType;
  const isReading =
    statement.statementType === SELECT ||
    (statement.statementType === EXPLAIN && /^\s*explain\s+(analyze\s+)?(select|with|from)\b/i.test(sql));
  statement.destroySync();
  if (!isReading) {
    throw new FdrError('bad-query', 'a run is for reading: only SELECT, DESCRIBE, SUMMARIZE and EXPLAIN are taken', {
      hint: 'to keep a result, redirect it: fdr query RUN "SELECT ..." --format csv > result.csv',
    });
  }
}

function columnsOf(result: DuckDBResult): QueryColumn[] {
  return result.deduplicatedColumnNames().map((name, index) => {
    const type = String(result.columnType(index));
    return { name, type, isNumber: NUMBER_TYPES.test(type) };
  });
}

async function* rowsOf(duckdb: DuckDB, result: DuckDBResult): AsyncGenerator<readonly (readonly Cell[])[]> {
  try {
    for await (const rows of result.yieldRows()) {
      yield rows.map((row) => row.map((value) => cellOf(duckdb, value)));
    }
  } catch (error) {
    throw queryError(error);
  }
}

function cellOf(duckdb: DuckDB, value: DuckDBValue): Cell {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    default:
      return value === null ? null : objectCell(duckdb, value);
  }
}

function objectCell(duckdb: DuckDB, value: object): Cell {
  if (value instanceof duckdb.DuckDBTimestampValue || value instanceof duckdb.DuckDBTimestampTZValue) {
    return isoMicroseconds(value.micros);
  }
  if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue) {
    return value.items.map((item) => cellOf(duckdb, item));
  }
  if (value instanceof duckdb.DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, cellOf(duckdb, entry)]));
  }
  return String(value);
}

/** DuckDB's message in one line, with what it suggests. */
function queryError(error: unknown): Error {
  if (error instanceof FdrError || !(error instanceof Error))
    return error instanceof Error ? error : new Error(String(error));
  if (/internal fault|Error in native callback/.test(error.message)) return error;
  const isForbidden = /^Permission Error/m.test(error.message);
  const [first = '', ...others] = error.message.replace(/^Failed to [a-z ]+: /, '').split('\n');
  const suggestion = others.find((line) => /^(Did you mean|Candidate bindings)/.test(line.trim()))?.trim();
  return new FdrError('bad-query', `the query is wrong: ${first.replace(/^[A-Z][A-Za-z ]* Error: /, '')}`, {
    hint: isForbidden
      ? 'a query sees the views operations and series of its run, and nothing else'
      : (suggestion ?? 'docs/run-folder.md has the columns and examples; DESCRIBE operations lists them too'),
    cause: error,
  });
}
