// `fdr report RUN`: the reports of a run, made again from its folder alone.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fdr } from '../support/fdr.ts';

const REPORTS = ['junit.xml', 'report.html', 'report.json', 'report.md'];

const out = mkdtempSync(join(tmpdir(), 'fdr-report-'));
let run = '';

beforeAll(async () => {
  const { stdout } = await fdr(['run', 'scenarios/laptop.yaml', '--out', out, '--json']);
  run = (JSON.parse(stdout) as { run: string }).run;
});

afterAll(() => {
  rmSync(out, { recursive: true });
});

describe('fdr report', () => {
  it('makes the same reports, byte by byte, from the folder of a run', async () => {
    const before = REPORTS.map((name) => readFileSync(join(run, name), 'utf8'));
    for (const name of REPORTS) rmSync(join(run, name));
    const { code, stdout } = await fdr(['report', run]);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').toSorted()).toEqual(REPORTS.map((name) => join(run, name)));
    expect(REPORTS.map((name) => readFileSync(join(run, name), 'utf8'))).toEqual(before);
  });

  it('says where they are as JSON', async () => {
    const { stdout } = await fdr(['report', run, '--json']);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'fdr.reports/1',
      run,
      html: join(run, 'report.html'),
      markdown: join(run, 'report.md'),
      json: join(run, 'report.json'),
      junit: join(run, 'junit.xml'),
    });
  });

  it('leaves nothing half written behind', () => {
    expect(readdirSync(run).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it.each([
    ['a folder that is not there', 'no-such-folder', /^no-such-folder cannot be read: it is not there\n/],
    ['a folder without a run', 'scenarios', /^scenarios is not a run folder/],
    ['a file', 'package.json', /^package\.json is a file, not a run folder\n/],
  ])('refuses %s with exit code 2', async (_, path, message) => {
    const { code, stdout, stderr } = await fdr(['report', path]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it.each(['scenario.yaml', 'lake.yaml', 'series.parquet', 'operations-00000.parquet'])(
    'refuses a copy in which %s was left behind or cut off, and names it',
    async (name) => {
      const path = join(run, name);
      const whole = readFileSync(path);
      rmSync(path);
      const missing = await fdr(['report', run]);
      writeFileSync(path, whole.subarray(0, 30));
      const cut = await fdr(['report', run]);
      writeFileSync(path, whole);
      expect(missing).toMatchObject({ code: 2, stdout: '' });
      expect(missing.stderr).toContain(`${run} is not whole: ${name} is missing\n`);
      expect(cut).toMatchObject({ code: 2, stdout: '' });
      expect(cut.stderr).toContain(path);
    },
  );

  it('names what is wrong in a damaged summary', async () => {
    const path = join(run, 'summary.json');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.replace('"durationSeconds": 60', '"durationSeconds": "a minute"'));
    const { code, stderr } = await fdr(['report', run]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${path} is damaged: /clock/durationSeconds must be number`);
    writeFileSync(path, whole);
  });
});
