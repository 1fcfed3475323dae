import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FdrError } from '../core/errors.ts';
import { scenarioOf } from '../plan/scenario-for-tests.ts';
import { createRunFolder, openFinishedRun, openRunFolder, writeRunFile, type RunFolder } from './run-folder.ts';

const NOW = Date.UTC(2026, 0, 17, 10, 15, 30);

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'fdr-run-folder-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

function create(parts: { out?: string; name?: string } = {}): RunFolder {
  const checked = scenarioOf({});
  const named = { ...checked, scenario: { ...checked.scenario, name: parts.name ?? 'ESCAPE day' } };
  return createRunFolder({
    out: parts.out ?? out,
    checked: named,
    sources: { scenario: { asRun: 'fdr: 1\n' }, lake: { asRun: 'fdr-lake: 1\n' } },
    nowMilliseconds: NOW,
  });
}

function errorOf(action: () => unknown): FdrError {
  try {
    action();
  } catch (error) {
    if (error instanceof FdrError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a run folder', () => {
  test('is named after the scenario and the time it was made', () => {
    expect(basename(create().path)).toMatch(/^escape-day-20260117T101530Z-[0-9a-f]{6}$/);
  });

  test.each([
    ['Générale — Übung №1', 'generale-ubung-no1-'],
    ['../../etc/passwd', 'etc-passwd-'],
    ['日本', 'run-'],
    ['x'.repeat(300), `${'x'.repeat(60)}-2026`],
  ])('of the scenario "%s" has a name that every file system takes', (name, start) => {
    expect(basename(create({ name }).path).startsWith(start)).toBe(true);
  });

  test('holds both files as they were run, and how the run was asked for', () => {
    const { path } = create();
    expect(readFileSync(join(path, 'scenario.yaml'), 'utf8')).toBe('fdr: 1\n');
    expect(readFileSync(join(path, 'lake.yaml'), 'utf8')).toBe('fdr-lake: 1\n');
    expect(openRunFolder(path).info).toMatchObject({
      schema: 'fdr.run/1',
      backend: 'simulated',
      clock: { start: '2020-11-24T00:00:00Z', durationSeconds: 86_400 },
      startedAt: '2026-01-17T10:15:30.000Z',
    });
  });

  test('belongs to one run, however many start in the same second', () => {
    const paths = Array.from({ length: 50 }, () => create().path);
    expect(new Set(paths).size).toBe(50);
  });

  test('is made together with the folders above it', () => {
    const deep = join(out, 'a', 'b');
    expect(existsSync(create({ out: deep }).path)).toBe(true);
  });
});

describe('a run folder that cannot be made says why and what to do', () => {
  test('where the output folder is a file', () => {
    const file = join(out, 'reports');
    writeFileSync(file, '');
    const error = errorOf(() => create({ out: file }));
    expect(error.message).toBe(`no run folder can be made in ${file}: it is a file, not a folder`);
    expect(error).toMatchObject({ code: 'output-folder', hint: 'choose another folder with --out', exitCode: 2 });
  });

  test('where a part of the path is a file', () => {
    writeFileSync(join(out, 'file'), '');
    const error = errorOf(() => create({ out: join(out, 'file', 'reports') }));
    expect(error.message).toContain('a part of the path is a file, not a folder');
  });

  test('where the path is too long', () => {
    expect(errorOf(() => create({ out: join(out, 'x'.repeat(5000)) })).message).toContain('the path is too long');
  });
});

describe('a file of the run folder', () => {
  test('is there whole or not at all', () => {
    const folder = create();
    mkdirSync(join(folder.path, 'report.html'));
    const error = errorOf(() => writeRunFile(folder, 'report.html', 'text'));
    expect(error.code).toBe('output-folder');
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('that cannot be written says so', () => {
    const folder = create();
    rmSync(folder.path, { recursive: true });
    expect(errorOf(() => writeRunFile(folder, 'report.md', '')).message).toBe(
      `${join(folder.path, 'report.md')} could not be written: it is not there`,
    );
  });
});

describe('opening', () => {
  test('a folder that is not there names what is wanted', () => {
    const error = errorOf(() => openRunFolder(join(out, 'nowhere')));
    expect(error).toMatchObject({ code: 'run-not-found', exitCode: 2 });
    expect(error.hint).toContain('give the folder that fdr run named');
  });

  test('a file of a run folder suggests its folder', () => {
    const { path } = create();
    const error = errorOf(() => openRunFolder(join(path, 'run.json')));
    expect(error.message).toBe(`${join(path, 'run.json')} is a file, not a run folder`);
    expect(error.hint).toContain(path);
  });

  test('the folder that holds the runs names the newest', () => {
    create({ name: 'zzz' });
    const checked = scenarioOf({});
    const newest = createRunFolder({
      out,
      checked,
      sources: { scenario: { asRun: '' }, lake: { asRun: '' } },
      nowMilliseconds: NOW + 60_000,
    });
    const error = errorOf(() => openRunFolder(out));
    expect(error.code).toBe('not-a-run');
    expect(error.hint).toBe(`it holds run folders; the newest is ${newest.path}`);
  });

  test('a run of a newer version says which is needed', () => {
    const { path } = create();
    writeFileSync(join(path, 'run.json'), '{"schema":"fdr.run/2"}');
    const error = errorOf(() => openRunFolder(path));
    expect(error.code).toBe('run-too-new');
    expect(error.message).toContain('fdr.run/2');
    expect(error.message).toContain('reads fdr.run/1');
  });

  test.each(['', '{', 'null', '[]', '{"schema":3}', '{"schema":"something/1"}'])(
    'a run whose run.json holds %j says that it is damaged',
    (text) => {
      const { path } = create();
      writeFileSync(join(path, 'run.json'), text);
      expect(errorOf(() => openRunFolder(path)).code).toBe('run-damaged');
    },
  );

  test('a run that did not end works for queries and is refused for reports', () => {
    const { path } = create();
    expect(openRunFolder(path)).toMatchObject({ summary: undefined, operationFiles: [], seriesFile: undefined });
    const error = errorOf(() => openFinishedRun(path));
    expect(error).toMatchObject({ code: 'run-unfinished', exitCode: 2 });
    expect(error.hint).toContain(`fdr query ${path}`);
  });

  test('lists the files of operations in the order of their rows', () => {
    const { path } = create();
    for (const name of ['operations-00001.parquet', 'operations-00000.parquet']) {
      writeFileSync(join(path, name), 'PAR1PAR1');
    }
    writeFileSync(join(path, 'operations-00002.parquet.part'), '');
    expect(openRunFolder(path).operationFiles.map((file) => basename(file))).toEqual([
      'operations-00000.parquet',
      'operations-00001.parquet',
    ]);
  });

  test.each(['', 'PAR1', 'PAR1 cut of'])('a table that holds only %j names its file as damaged', (text) => {
    const { path } = create();
    writeFileSync(join(path, 'operations-00000.parquet'), text);
    const error = errorOf(() => openRunFolder(path));
    expect(error).toMatchObject({ code: 'run-damaged', exitCode: 2 });
    expect(error.message).toContain(join(path, 'operations-00000.parquet'));
  });

  test('a gap in the files of operations is not passed over', () => {
    const { path } = create();
    writeFileSync(join(path, 'operations-00001.parquet'), 'PAR1PAR1');
    expect(errorOf(() => openRunFolder(path)).message).toBe(
      `${path} is not whole: operations-00000.parquet is missing`,
    );
  });
});
