// Runs that are stopped or killed: what they say, what they leave, and that the next run does not mind.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../src/record/summary.ts';
import { fdr, finished, temporaryFolder } from '../support/fdr.ts';
import { ROOT } from '../support/sources.ts';

/** Half a million transfers and as many uploads: long enough to be stopped on any machine. */
const LONG = [
  'run',
  'scripts/bench/scale.yaml',
  '--set',
  'experiments.MANY.workflows.copies.inject.datasets.count=500',
];

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** Starts a long run without the launcher between, so that a signal reaches the program itself. */
function startLong(program: string, out: string, words: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [join(ROOT, program), ...LONG, '--out', out, ...words], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits until the run has written its first file of operations, and gives the run folder. */
async function underWay(out: string, child: ChildProcess): Promise<string> {
  for (;;) {
    const run = existsSync(out) ? readdirSync(out)[0] : undefined;
    const path = run === undefined ? undefined : join(out, run);
    if (path !== undefined && readdirSync(path).some((name) => /^operations-\d+\.parquet$/.test(name))) return path;
    if (child.exitCode !== null) throw new Error('the run ended before it could be stopped');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run that is stopped', () => {
  it('by one Ctrl-C reports what ran, says that it was stopped, and exits with 4', async () => {
    const out = join(folder.path, 'stopped');
    const child = startLong('src/cli/main.ts', out, ['--json']);
    const end = finished(child);
    await underWay(out, child);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await end;
    expect(code).toBe(4);
    expect(stderr).toMatch(/^Stopping\. The report of what ran follows/m);
    const summary = JSON.parse(stdout) as Summary;
    expect(summary.verdict).toBe('stopped');
    const { succeeded = 0 } = summary.operations.upload ?? {};
    expect(succeeded).toBeGreaterThan(0);
    expect(succeeded).toBeLessThan(500_000);
    expect(readFileSync(join(summary.run, 'report.html'), 'utf8')).toContain('Many transfers');
  });

  it('hears the signal through the launcher too', async () => {
    const out = join(folder.path, 'launched');
    const child = startLong('bin/fdr.js', out, ['--quiet']);
    const end = finished(child);
    await underWay(out, child);
    child.kill('SIGINT');
    expect((await end).code).toBe(4);
  });
});

describe('a run that is killed', () => {
  it('leaves a folder that answers queries, says that it did not end, and does not disturb the next run', async () => {
    const out = join(folder.path, 'killed');
    const child = startLong('src/cli/main.ts', out);
    const end = finished(child);
    const run = await underWay(out, child);
    child.kill('SIGKILL');
    expect((await end).signal).toBe('SIGKILL');

    const query = await fdr(['query', run, 'SELECT count(*) AS n FROM operations', '--json']);
    expect(query.code).toBe(0);
    expect(query.stdout).toMatch(/"n": ?[1-9]/);

    const report = await fdr(['report', run]);
    expect(report.code).toBe(2);
    expect(report.stderr).toMatch(/did not end/);

    const next = await fdr(['run', 'scenarios/laptop.yaml', '--out', out, '--quiet']);
    expect([0, 3]).toContain(next.code);
    expect(readdirSync(out).length).toBe(2);
  });
});
