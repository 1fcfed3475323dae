import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FdrError } from '../core/errors.ts';
import type { OperationRecord } from '../core/operation.ts';
import { scenarioOf } from '../plan/scenario-for-tests.ts';
import { SHARD_ROWS } from './operation-batch.ts';
import { queryRun, type Cell } from './query.ts';
import { openRecorder } from './recorder.ts';
import { readSeries } from './read-series.ts';
import { failureOf, recordOf, ruleOf, uploadOf } from './records-for-tests.ts';
import { createRunFolder, openRunFolder, type RunFolder } from './run-folder.ts';

const checked = scenarioOf({});
let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'fdr-recorder-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

function newFolder(): RunFolder {
  const sources = { scenario: { asRun: '' }, lake: { asRun: '' } };
  return createRunFolder({ out, checked, sources, nowMilliseconds: 0 });
}

async function recorded(records: Iterable<OperationRecord>): Promise<RunFolder> {
  const folder = newFolder();
  const recorder = await openRecorder(folder, { checked });
  for (const record of records) recorder.operation(record);
  await recorder.close();
  return folder;
}

async function rowsOf(folder: { path: string }, sql: string): Promise<(readonly Cell[])[]> {
  const result = await queryRun(openRunFolder(folder.path), sql);
  const rows = [];
  for await (const some of result.rows()) rows.push(...some);
  result.close();
  return rows;
}

/** Many operations, the same ones each time. */
function* manyRecords(count: number): Generator<OperationRecord> {
  for (let id = 0; id < count; id++) {
    const parts = { id, name: `file.${id}`, sizeBytes: id, intendedAtSeconds: id / 4, endedAtSeconds: id / 4 + 1 };
    yield id % 10 === 0 ? failureOf(parts) : recordOf(parts);
  }
}

describe('what is recorded can be read again', () => {
  test('each column as it was, times in UTC to the microsecond, and nothing where nothing was known', async () => {
    const folder = await recorded([
      failureOf({ id: 0, endedAtSeconds: 21_700.123456, attempts: 3 }),
      ruleOf({ id: 1, startedAtSeconds: NaN, firstByteAtSeconds: NaN, outcome: 'censored' }),
    ]);
    expect(await rowsOf(folder, 'SELECT * FROM operations')).toEqual([
      [
        0,
        'transfer',
        'SKA',
        'pulsar-search',
        'Production',
        'SKA_SKAO_TEAM',
        'pulsar-search.000000',
        'pulsar-search.000000.000000',
        'DESY-DCACHE',
        'DESY',
        'CNAF-STORM',
        'CNAF',
        '',
        'davs',
        'transfers',
        1e9,
        '2020-11-24T06:00:00Z',
        '2020-11-24T06:00:10Z',
        '2020-11-24T06:00:20Z',
        '2020-11-24T06:00:25Z',
        '2020-11-24T06:01:40.123456Z',
        3,
        0,
        'failed',
        'timeout',
        'destination',
        'network DESY -> CNAF',
      ],
      [
        1,
        'rule',
        'SKA',
        'pulsar-search',
        'Production',
        'SKA_SKAO_TEAM',
        'pulsar-search.000000',
        '',
        '',
        '',
        'class=SAFE',
        '',
        '',
        '',
        'catalogue',
        1e9,
        '2020-11-24T06:00:00Z',
        '2020-11-24T06:00:10Z',
        null,
        null,
        '2020-11-24T06:01:40Z',
        1,
        0,
        'censored',
        '',
        '',
        '',
      ],
    ]);
  });

  test('names of any alphabet, with quotes and line breaks', async () => {
    const names = ['Größe', 'パルサー', '🔭', "o'neill", 'two\nlines', '"quoted"', '', 'x'.repeat(4096)];
    const folder = await recorded(names.map((name, id) => recordOf({ id, name, dataset: name })));
    expect(await rowsOf(folder, 'SELECT name, dataset FROM operations')).toEqual(names.map((name) => [name, name]));
  });

  test('sizes beyond 2^32 and times before the start of the clock', async () => {
    const folder = await recorded([recordOf({ sizeBytes: 5e15, intendedAtSeconds: -0.5 })]);
    expect(await rowsOf(folder, 'SELECT size_bytes, intended_at FROM operations')).toEqual([
      [5e15, '2020-11-23T23:59:59.5Z'],
    ]);
  });

  test('in their order over several files, each complete in itself', async () => {
    const count = 2 * SHARD_ROWS + 10;
    const folder = await recorded(manyRecords(count));
    expect(openRunFolder(folder.path).operationFiles).toHaveLength(3);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual([]);
    const [totals] = await rowsOf(
      folder,
      'SELECT count(*), sum(size_bytes), count(DISTINCT name), count(*) FILTER (outcome = $$failed$$) FROM operations',
    );
    expect(totals).toEqual([count, (count * (count - 1)) / 2, count, Math.ceil(count / 10)]);
    const outOfOrder = await rowsOf(
      folder,
      'SELECT count(*) FROM (SELECT id, row_number() OVER () - 1 AS place FROM operations) WHERE id <> place',
    );
    expect(outOfOrder).toEqual([[0]]);
  });

  test('a run without operations has both tables, without rows', async () => {
    const folder = await recorded([]);
    expect(await rowsOf(folder, 'SELECT * FROM operations')).toEqual([]);
    expect(await rowsOf(folder, 'SELECT * FROM series')).toEqual([]);
  });

  test('the series are those the verdicts were made from', async () => {
    const folder = newFolder();
    const recorder = await openRecorder(folder, { checked });
    for (const record of manyRecords(2000)) recorder.operation(record);
    recorder.operation(uploadOf({ id: 2000, intendedAtSeconds: 86_390, endedAtSeconds: 86_400 }));
    recorder.sample(7, 'service', 'tokens', 'up', 0);
    recorder.sample(8, 'service', 'tokens', 'up', 1);
    recorder.sample(1439, 'network', 'DESY -> CNAF', 'bytes', 1 / 3);
    await recorder.close();
    const series = await readSeries(openRunFolder(folder.path).seriesFile!, 86_400);
    for (const kind of ['link', 'storage', 'site', 'service', 'network', 'experiment', 'workflow'] as const) {
      expect(series.subjects(kind)).toEqual(recorder.aggregate.subjects(kind));
      for (const subject of series.subjects(kind)) {
        expect(series.measures(kind, subject)).toEqual(recorder.aggregate.measures(kind, subject));
        for (const measure of series.measures(kind, subject)) {
          expect(series.series(kind, subject, measure)).toEqual(recorder.aggregate.series(kind, subject, measure));
        }
      }
    }
    expect(await rowsOf(folder, "SELECT starts_at, value FROM series WHERE subject = 'tokens'")).toEqual([
      ['2020-11-24T00:07:00Z', 0],
      ['2020-11-24T00:08:00Z', 1],
    ]);
    expect(series.series('link', 'NO -> WHERE', 'bytes')).toBeUndefined();
  });
});

test('the same records give the same files, byte for byte', async () => {
  const bytesOf = ({ path }: RunFolder): Buffer[] =>
    readdirSync(path)
      .filter((name) => name.endsWith('.parquet'))
      .toSorted()
      .map((name) => readFileSync(join(path, name)));
  const [first, second] = [await recorded(manyRecords(60_000)), await recorded(manyRecords(60_000))];
  expect(bytesOf(first)).toHaveLength(3);
  expect(bytesOf(second)).toEqual(bytesOf(first));
});

test('what a killed run had written stays readable', async () => {
  const folder = newFolder();
  const here = fileURLToPath(new URL('.', import.meta.url));
  const program = `
    const { openRecorder } = await import(${JSON.stringify(join(here, 'recorder.ts'))});
    const { recordOf } = await import(${JSON.stringify(join(here, 'records-for-tests.ts'))});
    const { existsSync } = await import('node:fs');
    const checked = { scenario: { clock: { start: new Date('2020-11-24T00:00:00Z'), durationSeconds: 86400 } } };
    const recorder = await openRecorder({ path: ${JSON.stringify(folder.path)} }, { checked });
    for (let id = 0; ; id++) {
      recorder.operation(recordOf({ id }));
      if (id % 1000 === 0 && existsSync(${JSON.stringify(join(folder.path, 'operations-00000.parquet'))})) {
        process.kill(process.pid, 'SIGKILL');
      }
    }`;
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  expect(child.signal).toBe('SIGKILL');
  const [row] = await rowsOf(folder, 'SELECT count(*), max(id) FROM operations');
  const count = row![0] as number;
  expect(count).toBeGreaterThanOrEqual(SHARD_ROWS);
  expect(count % SHARD_ROWS).toBe(0);
  expect(row![1]).toBe(count - 1);
  expect(await rowsOf(folder, 'SELECT count(*) FROM series')).toEqual([[0]]);
});

describe('a run folder that can no longer be written to', () => {
  test.skipIf(process.platform !== 'linux')('because the disk is full ends the run with a clear message', async () => {
    const folder = newFolder();
    // Writing to /dev/full fails as writing to a full disk does.
    symlinkSync('/dev/full', join(folder.path, 'operations-00001.parquet.part'));
    const recorder = await openRecorder(folder, { checked });
    let error: unknown;
    try {
      for (const record of manyRecords(10 * SHARD_ROWS)) recorder.operation(record);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(FdrError);
    expect(error).toMatchObject({ code: 'disk-full', exitCode: 2 });
    expect((error as FdrError).message).toContain('the disk is full');
    expect((error as FdrError).hint).toContain('--out');
    await expect(recorder.close()).rejects.toMatchObject({ code: 'disk-full' });
    // What came before is there, what failed is not.
    expect(await rowsOf(folder, 'SELECT count(*) FROM operations')).toEqual([[SHARD_ROWS]]);
  });

  test('because it is gone says so at the latest when the run is closed', async () => {
    const folder = newFolder();
    const recorder = await openRecorder(folder, { checked });
    recorder.operation(recordOf());
    rmSync(folder.path, { recursive: true });
    await expect(recorder.close()).rejects.toMatchObject({ code: 'not-written', exitCode: 2 });
  });
});
