// The command line's manners: help, wrong words, closed streams, narrow and missing terminals.
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { VERSION } from '../../src/core/version.ts';
import { fdr, FDR, temporaryFolder } from '../support/fdr.ts';

const COMMAND_WORDS = [
  ...COMMANDS.map(({ name }) => [name]).filter(([name]) => name !== 'lake'),
  ['lake', 'import', 'cric'],
];

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

describe('fdr', () => {
  it('prints its version', async () => {
    expect(await fdr(['--version'])).toMatchObject({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  it('lists every command with a line on what it does', async () => {
    const { code, stdout } = await fdr(['--help']);
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary.slice(0, 20)}`, 'm'));
    }
  });

  it('without a command prints the help and counts as bad usage', async () => {
    expect(await fdr([])).toMatchObject({ code: 2, stderr: '' });
  });

  it('runs from any folder, by its absolute path and through a symbolic link', async () => {
    const link = join(folder.path, 'fdr-link');
    symlinkSync(FDR, link);
    expect(await fdr(['--version'], { cwd: folder.path })).toMatchObject({ code: 0, stdout: `${VERSION}\n` });
    expect(await fdr(['--version'], { cwd: folder.path, program: link })).toMatchObject({
      code: 0,
      stdout: `${VERSION}\n`,
    });
  });
});

describe.each(COMMAND_WORDS.map((words) => [words.join(' '), words] as const))('fdr %s', (_name, words) => {
  it('has help that says what it does, gives an example and every option with its default', async () => {
    const { code, stdout, stderr } = await fdr([...words, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: fdr /);
    expect(stdout).toMatch(/\nExamples?:\n {2}fdr /);
    const options = stdout
      .slice(stdout.indexOf('\nOptions:'))
      .split(/\n {2}(?=-)/)
      .slice(1);
    expect(options.length).toBeGreaterThan(3);
    for (const option of options) {
      if (!option.startsWith('-h, --help')) expect(option.replaceAll(/\s+/g, ' ')).toMatch(/\(default: .+\)/);
    }
    for (const common of ['--json', '--quiet', '--log-level']) expect(stdout).toContain(common);
  });

  it('keeps its help within 40 columns on a narrow terminal, but for words that cannot be broken', () => {
    const stdout = inTerminal([...words, '--help'], 40);
    // An example is there to be copied: it stays in one line.
    const [help = ''] = stdout.split(/\nExamples?:/);
    const tooLong = help
      .split(/\r?\n/)
      .filter((line) => line.length > 44 && !line.startsWith('Usage'))
      // A line of one word cannot be broken.
      .filter((line) => line.trim().includes(' '));
    expect(tooLong).toEqual([]);
  });

  it('answers an unknown option in one line that names the nearest', async () => {
    const { code, stdout, stderr } = await fdr([...words, '--jsn']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^fdr .*unknown option "--jsn"; did you mean --json\?\n$/);
  });

  it('answers a wrong log level in one line that names the nearest', async () => {
    const { code, stdout, stderr } = await fdr([...words, 'x', '--log-level', 'inof']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^fdr .*"inof" is invalid; did you mean info\?\n$/);
  });

  it('answers a missing argument in one line', async () => {
    const { code, stdout, stderr } = await fdr([...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^fdr .*missing required argument.*\n$/);
  });
});

describe('what was mistyped', () => {
  it('an unknown command is answered with the nearest', async () => {
    expect(await fdr(['rnu', 'x.yaml'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'fdr: unknown command "rnu"; did you mean run?\n',
    });
  });

  it('a file that is not there is answered with the nearest of its folder', async () => {
    expect(await fdr(['run', 'scenarios/labtop.yaml'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'scenarios/labtop.yaml: there is no such scenario file; did you mean scenarios/laptop.yaml?\n',
    });
  });

  it('a seed that is no whole number is refused', async () => {
    const { code, stderr } = await fdr(['run', 'scenarios/laptop.yaml', '--seed', '1.5']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^fdr run: .*"1\.5" is invalid; a whole number/);
  });

  it('a real run is not in this version, and is said so', async () => {
    const { code, stdout, stderr } = await fdr(['run', 'scenarios/laptop.yaml', '--live']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/not in this version/);
  });
});

describe('a scenario with several errors', () => {
  it('gets them all at once, with their places, and exit code 2', async () => {
    const file = join(folder.path, 'broken.yaml');
    writeFileSync(
      file,
      'fdr: 1\nname: broken\nlake: nowhere.yaml\nclock: { start: 2020-11-24, duration: 24 }\nexperimnts: {}\n',
    );
    const { code, stdout, stderr } = await fdr(['run', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/broken\.yaml:3:7 lake: /);
    expect(stderr).toMatch(/broken\.yaml:4:\d+ clock\.duration: /);
    expect(stderr).toMatch(/broken\.yaml:5:\d+ .*experimnts.*experiments/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('under --json they are one JSON document', async () => {
    const file = join(folder.path, 'broken-too.yaml');
    writeFileSync(file, 'fdr: 1\nname: broken\n');
    const { code, stdout } = await fdr(['run', file, '--json']);
    expect(code).toBe(2);
    const document = JSON.parse(stdout) as { schema: string; error: { code: string; problems: unknown[] } };
    expect(document).toMatchObject({ schema: 'fdr.error/1', error: { code: 'invalid-file', exitCode: 2 } });
    expect(document.error.problems.length).toBeGreaterThan(1);
  });
});

/** The output of `fdr` in a terminal of so many columns, by util-linux' `script`; skips what a terminal echoes. */
function inTerminal(words: readonly string[], columns: number): string {
  const command = `stty cols ${columns}; exec '${process.execPath}' '${FDR}' ${words.join(' ')}`;
  return execFileSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    input: '',
    env: { ...process.env, NO_COLOR: '1', TERM: 'xterm' },
  });
}
