// `fdr run` as a user meets it: what it prints, what it leaves behind, and what bad luck does to it.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../src/record/summary.ts';
import { fdr, FDR, finished, startFdr, temporaryFolder } from '../support/fdr.ts';
import { ROOT } from '../support/sources.ts';

const LAPTOP = 'scenarios/laptop.yaml';
const ESCAPE = '\u001b';

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** A new folder for run folders, below the tests' own. */
function out(name: string): string {
  return join(folder.path, name);
}

/** The run folders in a folder, with their whole paths. */
function runsIn(path: string): string[] {
  return existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : [];
}

describe('fdr run', () => {
  it('prints a verdict, each experiment, the report and the time it took, without colours where there is no terminal', async () => {
    const { code, stdout, stderr } = await fdr(['run', LAPTOP, '--out', out('plain')]);
    expect([0, 3]).toContain(code);
    expect(stdout).toMatch(/^A minute on a laptop\nVerdict: /);
    expect(stdout).toMatch(/\nDEMO +200 MB +200 MB /);
    const report = /\nReport: (.+)\n/.exec(stdout)?.[1] ?? '';
    expect(readFileSync(report, 'utf8')).toContain('A minute on a laptop');
    expect(stdout).toMatch(/\nTook .+ in all, with loading, recording and the report\.\n$/);
    expect(stdout + stderr).not.toContain(ESCAPE);
  });

  it('leaves a run folder with the files that docs/run-folder.md names', async () => {
    await fdr(['run', LAPTOP, '--out', out('files'), '--quiet']);
    const [run = ''] = runsIn(out('files'));
    expect(readdirSync(run)).toEqual(
      expect.arrayContaining([
        'lake.yaml',
        'report.html',
        'run.json',
        'run.log',
        'scenario.yaml',
        'series.parquet',
        'summary.json',
      ]),
    );
    expect(readdirSync(run).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('--quiet prints nothing, and the exit code tells', async () => {
    expect(await fdr(['run', LAPTOP, '--out', out('quiet'), '--quiet'])).toMatchObject({ stdout: '', stderr: '' });
  });

  it('--json puts one document on stdout: the summary of the run folder', async () => {
    const { stdout } = await fdr(['run', LAPTOP, '--out', out('json'), '--json']);
    const summary = JSON.parse(stdout) as Summary;
    expect(summary.schema).toBe('fdr.summary/1');
    expect(JSON.parse(readFileSync(join(summary.run, 'summary.json'), 'utf8'))).toEqual(summary);
  });

  it('the same seed gives the same summary but for its folder and its own time; another seed another', async () => {
    const runs = await Promise.all(
      ['5', '5', '6'].map(async (seed) => fdr(['run', LAPTOP, '--out', out('seeds'), '--json', '--seed', seed])),
    );
    const [first, same, other] = runs.map(({ stdout }) => {
      const { run: _run, wallSeconds: _wall, peakResidentBytes: _peak, ...rest } = JSON.parse(stdout) as Summary;
      return rest;
    });
    expect(same).toEqual(first);
    expect(other?.operations).not.toEqual(first?.operations);
  });

  it('--set changes a value of the scenario', async () => {
    const { stdout } = await fdr(['run', LAPTOP, '--out', out('set'), '--json', '--set', 'clock.duration=30s']);
    expect((JSON.parse(stdout) as Summary).clock.durationSeconds).toBe(30);
  });

  it('refuses before the run a --junit that is no place for a file, and an --out without a name', async () => {
    const place = join(folder.path, 'missing', 'junit.xml');
    const { code, stderr } = await fdr(['run', LAPTOP, '--out', out('no-junit'), '--junit', place]);
    expect(code).toBe(2);
    expect(stderr).toContain(`no JUnit file can be written to ${place}`);
    expect(existsSync(out('no-junit'))).toBe(false);
    expect(await fdr(['run', LAPTOP, '--quiet', '--out', ''])).toMatchObject({
      code: 2,
      stderr: '--out names no folder\nchoose another folder with --out\n',
    });
  });

  it('--junit writes the expectations as JUnit XML', async () => {
    const file = join(folder.path, 'junit.xml');
    await fdr(['run', LAPTOP, '--out', out('junit'), '--quiet', '--junit', file]);
    expect(readFileSync(file, 'utf8')).toMatch(/^<\?xml[^>]*\?>\s*<testsuites/);
  });

  it('exits with 3 where an expectation is not met, and says which', async () => {
    const impossible = 'experiments.DEMO.workflows.day-in-a-minute.inject.datasets.count=2000';
    const { code, stdout } = await fdr(['run', LAPTOP, '--out', out('unmet'), '--set', impossible]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/\nNot met \(\d+\)\n {2}experiment DEMO: volume >= \d+% of planned, was /);
  });
});

describe('bad luck', () => {
  it('a reader that goes away early (| head) ends the output without a word and leaves the exit code', async () => {
    const child = startFdr(['run', LAPTOP, '--out', out('head')]);
    child.stdout?.destroy();
    const { code, stderr } = await finished(child);
    expect([0, 3]).toContain(code);
    expect(stderr).not.toMatch(/EPIPE|internal fault|\n\s+at /);
  });

  it('an output folder that cannot be made is said so in words', async () => {
    const file = join(folder.path, 'a-file');
    writeFileSync(file, '');
    const { code, stdout, stderr } = await fdr(['run', LAPTOP, '--out', join(file, 'runs')]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/a part of the path is a file/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.runIf(process.platform === 'linux')('a file system that takes no folders is said so in words', async () => {
    const { code, stderr } = await fdr(['run', LAPTOP, '--out', '/proc/fdr-runs']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no run folder can be made in \/proc\/fdr-runs/);
  });

  it('a disk that takes no more is said so in words', async () => {
    // Stands in for a full disk: the shell's limit on the size of a file, in blocks of 1 KiB.
    const command = `ulimit -f 4; exec '${process.execPath}' '${FDR}' run '${LAPTOP}' --out '${out('full')}'`;
    const child = spawn('bash', ['-c', command], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const { code, stderr } = await finished(child);
    expect(code).toBe(2);
    expect(stderr).toMatch(/larger than is allowed|disk is full|could not be written/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('two runs at once have a folder each', async () => {
    const results = await Promise.all([1, 2].map(async () => fdr(['run', LAPTOP, '--out', out('twice'), '--quiet'])));
    for (const { code } of results) expect([0, 3]).toContain(code);
    expect(runsIn(out('twice')).length).toBe(2);
    for (const run of runsIn(out('twice'))) expect(existsSync(join(run, 'report.html'))).toBe(true);
  });
});
