import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FdrError } from '../core/errors.ts';
import { scenarioOf } from '../plan/scenario-for-tests.ts';
import { queryRun, type Cell } from './query.ts';
import { openRecorder } from './recorder.ts';
import { failureOf, recordOf, uploadOf } from './records-for-tests.ts';
import { createRunFolder, openRunFolder } from './run-folder.ts';

let out: string;
let run: string;

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), "fdr-query it's-"));
  const checked = scenarioOf({});
  const folder = createRunFolder({
    out,
    checked,
    sources: { scenario: { asRun: '' }, lake: { asRun: '' } },
    nowMilliseconds: 0,
  });
  const recorder = await openRecorder(folder, { checked });
  recorder.operation(uploadOf({ id: 0 }));
  recorder.operation(recordOf({ id: 1, endedAtSeconds: 22_000 }));
  recorder.operation(failureOf({ id: 2, sizeBytes: 5 }));
  await recorder.close();
  run = folder.path;
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

async function ask(sql: string): Promise<(readonly Cell[])[]> {
  const result = await queryRun(openRunFolder(run), sql);
  const rows = [];
  for await (const some of result.rows()) rows.push(...some);
  result.close();
  return rows;
}

async function errorOf(sql: string): Promise<FdrError> {
  const error = await ask(sql).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FdrError);
  return error as FdrError;
}

describe('a query', () => {
  test('gets what was recorded', async () => {
    expect(
      await ask('SELECT kind, outcome, count(*), sum(size_bytes) FROM operations GROUP BY ALL ORDER BY ALL'),
    ).toEqual([
      ['transfer', 'failed', 1, 5],
      ['transfer', 'ok', 1, 1e9],
      ['upload', 'ok', 1, 1e9],
    ]);
    expect(
      await ask(
        "SELECT subject, sum(value) FROM series WHERE subject_kind = 'link' AND measure = 'succeeded' GROUP BY ALL",
      ),
    ).toEqual([['DESY-DCACHE -> CNAF-STORM', 1]]);
  });

  test('reckons with times', async () => {
    expect(
      await ask('SELECT epoch(ended_at - intended_at), date_trunc($$hour$$, ended_at) FROM operations WHERE id = 1'),
    ).toEqual([[400, '2020-11-24T06:00:00Z']]);
  });

  test('gives every type of value as text, number or null', async () => {
    const [row] = await ask(`SELECT [1, NULL], {'a': 1, 'b': TIMESTAMP '2020-01-01 00:00:00.5'}, INTERVAL 1 HOUR,
      1.5::DECIMAL(10, 2), 'x'::BLOB, NULL, true, 1e300, DATE '2020-01-01', TIME '10:00', TIMESTAMPTZ '2020-01-01 12:00:00+00',
      9007199254740993, TIMESTAMP '1969-12-31 23:59:59.999999'`);
    expect(row).toEqual([
      [1, null],
      { a: 1, b: '2020-01-01T00:00:00.5Z' },
      '01:00:00',
      '1.50',
      'x',
      null,
      true,
      1e300,
      '2020-01-01',
      '10:00:00',
      '2020-01-01T12:00:00Z',
      9007199254740993n,
      '1969-12-31T23:59:59.999999Z',
    ]);
  });

  test('names its columns and their types', async () => {
    const result = await queryRun(
      openRunFolder(run),
      'SELECT kind, count(*) AS n, avg(size_bytes) AS mean FROM operations GROUP BY ALL',
    );
    result.close();
    expect(result.columns).toEqual([
      { name: 'kind', type: 'VARCHAR', isNumber: false },
      { name: 'n', type: 'BIGINT', isNumber: true },
      { name: 'mean', type: 'DOUBLE', isNumber: true },
    ]);
  });

  test('tells columns of the same name apart', async () => {
    const result = await queryRun(openRunFolder(run), 'SELECT 1 AS n, 2 AS n');
    result.close();
    expect(new Set(result.columns.map(({ name }) => name)).size).toBe(2);
  });

  test('may be DESCRIBE, SUMMARIZE, SHOW or EXPLAIN', async () => {
    expect(await ask('DESCRIBE operations')).toHaveLength(27);
    expect(await ask('SUMMARIZE series')).toHaveLength(6);
    expect(await ask('SHOW TABLES')).toEqual([['operations'], ['series']]);
    expect(await ask('EXPLAIN SELECT * FROM operations')).toHaveLength(1);
  });
});

describe('a wrong query is answered in one line', () => {
  test.each([
    ['SELEC 1', 'the query is wrong: syntax error at or near "SELEC"'],
    ['SELECT dest FROM operations', 'the query is wrong: Referenced column "dest" not found in FROM clause!'],
    ['SELECT * FROM operation', 'the query is wrong: Table with name operation does not exist!'],
    ["SELECT 'x'::INTEGER FROM operations", "the query is wrong: Could not convert string 'x' to INT32"],
    ['', 'the query is empty'],
    ['  ;', 'the query is empty'],
    ['-- nothing', 'the query is empty'],
    ['SELECT 1; SELECT 2', 'one query at a time: this text has 2'],
  ])('%s', async (sql, message) => {
    const error = await errorOf(sql);
    expect(error.message).toBe(message);
    expect(error).toMatchObject({ code: 'bad-query', exitCode: 2 });
    expect(error.message + error.hint).not.toContain('\n');
  });

  test('which suggests the nearest names', async () => {
    expect((await errorOf('SELECT dest FROM operations')).hint).toContain('destination');
  });
});

describe('a query only reads', () => {
  test.each([
    'CREATE TABLE mine AS SELECT 1',
    'DROP VIEW operations',
    'DELETE FROM operations',
    "INSERT INTO series VALUES ('x')",
    'SET threads = 4',
    'CALL pragma_version()',
    'BEGIN TRANSACTION',
  ])('and so %s is refused', async (sql) => {
    expect((await errorOf(sql)).code).toBe('bad-query');
  });

  test('its run, and no other file', async () => {
    const secret = join(out, 'secret.csv');
    const target = join(out, 'target.csv');
    writeFileSync(secret, 'a\n1\n');
    const files = [secret, join(run, 'run.json')].map((file) => file.replaceAll("'", "''"));
    for (const file of files) {
      const error = await errorOf(`SELECT * FROM read_text('${file}')`);
      expect(error.hint).toBe('a query sees the views operations and series of its run, and nothing else');
    }
    for (const sql of [`COPY operations TO '${target}'`, `EXPLAIN ANALYZE COPY operations TO '${target}'`]) {
      await errorOf(sql.replaceAll("it's", "it''s"));
    }
    await errorOf("ATTACH 'other.db'");
    await errorOf('INSTALL httpfs');
    expect(existsSync(target)).toBe(false);
  });

  test('and never writes over the files of its run', async () => {
    const [file] = openRunFolder(run).operationFiles;
    const target = file!.replaceAll("'", "''");
    for (const sql of [`COPY series TO '${target}'`, `EXPLAIN ANALYZE COPY series TO '${target}'`]) await errorOf(sql);
    expect(await ask('SELECT count(*) FROM operations')).toEqual([[3]]);
  });
});

describe('docs/run-folder.md', () => {
  const page = readFileSync(new URL('../../docs/run-folder.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```sql\n(.*?)```/gs)]
    .map(([, sql]) => sql!)
    .filter((sql) => !sql.includes('operations-*.parquet'));

  test('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
  });

  test.each(examples)('has an example that works: %s', async (sql) => {
    expect(await ask(sql)).toBeInstanceOf(Array);
  });

  test.each(['operations', 'series'])('names every column of %s in its order', async (view) => {
    const [, section = ''] = page.split(`### \`${view}\``);
    const named = [...section.split('###')[0]!.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name!),
    );
    const columns = (await ask(`DESCRIBE ${view}`)).map(([name]) => name as string);
    expect(named.slice(0, columns.length)).toEqual(columns);
  });
});
