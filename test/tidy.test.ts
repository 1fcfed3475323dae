// Reads the sources themselves and holds the house rules that no other tool knows.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../src/core/version.ts';
import { filesUnder, ROOT, type SourceFile } from './support/sources.ts';

const sources = filesUnder('src', ['.ts']);
const tests = filesUnder('test', ['.ts']);
const scripts = filesUnder('scripts', ['.ts']);
const launcher = filesUnder('bin', ['.js']);

/** What the sources must not use, where they may all the same, and what to use instead. */
const BANNED = [
  {
    pattern: /\bDate\.now\(|\bperformance\.now\(/,
    instead: 'take the time as an argument, or use src/cli/clock.ts in the command line',
    allowed: ['src/cli/clock.ts'],
  },
  {
    pattern: /\bnew Date\(\)/,
    instead: 'take the time as an argument, or use src/cli/clock.ts in the command line',
    allowed: [],
  },
  { pattern: /\bMath\.random\(/, instead: 'use RandomStream of src/core/random.ts', allowed: [] },
  { pattern: /\bconsole\./, instead: 'use Terminal of src/cli/terminal.ts', allowed: [] },
  {
    pattern: /\bprocess\.(stdout|stderr)\b/,
    instead: 'use Terminal of src/cli/terminal.ts',
    allowed: ['src/cli/terminal.ts', 'src/cli/main.ts', 'src/cli/failure.ts'],
  },
  {
    pattern: /\bprocess\.exit\(/,
    instead: 'throw an FdrError, or set process.exitCode in a command',
    allowed: ['src/cli/main.ts', 'src/cli/stop.ts'],
  },
  {
    pattern: /\bprocess\.exitCode\b/,
    instead: 'throw an FdrError; only the command line decides on exit codes',
    allowed: sources.map(({ path }) => path).filter((path) => path.startsWith('src/cli/')),
  },
  {
    pattern: /\bcatch\s*(\([^)]*\))?\s*\{\s*\}/,
    instead: 'say in a comment why an error is of no account',
    allowed: [],
  },
  { pattern: /@ts-ignore|@ts-nocheck/, instead: 'use @ts-expect-error with a reason', allowed: [] },
  { pattern: /\b(TODO|FIXME|XXX)\b/, instead: 'do it, or file an issue', allowed: [] },
  { pattern: /\bMath\.(pow)\(/, instead: 'use **', allowed: [] },
] as const;

/** Words of a machine or a workplace. They have no place in a file that others get. */
const FOREIGN = [/(^|[\s"'`(=])\/(home|root|Users|work)\/\w/, /registry\.npmjs|npmmirror|\bartifactory\b/i];

const LINE_LENGTH = 140;

function places(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  );
}

/** A line's length without what cannot be broken: texts, HTML in texts, tables in comments. */
function lengthOfCode(line: string): number {
  return line.startsWith(' * |') || line.trimStart().startsWith('<')
    ? 0
    : line.replaceAll(/`[^`]*`?|'[^']*'|"[^"]*"/g, "''").length;
}

/** Source lines without their comments, so that a rule may be spoken about. */
function withoutComments(files: readonly SourceFile[]): SourceFile[] {
  return files.map(({ path, text }) => ({
    path,
    text: text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '').replaceAll(/\s\/\/ .*$/gm, ''),
  }));
}

/** The files that git has, or would get at the next commit. */
function ownFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return list.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

describe('the sources', () => {
  it.each(BANNED)('do not use $pattern: $instead', ({ pattern, allowed }) => {
    const checked = sources.filter(
      ({ path }) => !path.endsWith('.test.ts') && !(allowed as readonly string[]).includes(path),
    );
    const files = pattern.source.includes('TODO') ? checked : withoutComments(checked);
    expect(places(files, pattern)).toEqual([]);
  });

  it('say in the first line of each file what it is for', () => {
    // A test beside the code is named after what it tests, and says the rest in its sentences.
    const code = sources.filter(({ path }) => !path.endsWith('.test.ts'));
    const silent = [...code, ...tests, ...scripts, ...launcher].filter(({ text }) => {
      const line = text.replace(/^#!.*\n/, '').split('\n')[0] ?? '';
      return !/^\/\/ \S.{15,}/.test(line);
    });
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it(`keep lines to ${LINE_LENGTH} characters`, () => {
    const long = [...sources, ...tests, ...scripts, ...launcher].flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (lengthOfCode(line) > LINE_LENGTH ? [`${path}:${index + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  it('name test files after what they test', () => {
    const orphans = sources
      .filter(({ path }) => path.endsWith('.test.ts'))
      .filter(({ path }) => !sources.some((source) => source.path === path.replace('.test.ts', '.ts')));
    // A test beside the code may also be of a whole folder; then it is named after the folder or what it holds.
    expect(orphans.map(({ path }) => path).filter((path) => path.split('/').length > 3)).toEqual([]);
  });

  it('carry the version of package.json', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(VERSION).toBe(manifest.version);
  });
});

describe('the files of the project', () => {
  it('name no machine path and no registry host', () => {
    const text = /\.(ts|js|json|md|yaml|yml|csv|txt|sh)$|^\.[a-z]+rc$|^\.ci\/run$/;
    const files = ownFiles()
      // This file has to name them.
      .filter((path) => text.test(path) && path !== 'test/tidy.test.ts')
      .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
    expect(FOREIGN.flatMap((pattern) => places(files, pattern))).toEqual([]);
  });

  it('link to files that are there', () => {
    const dead = ownFiles()
      .filter((path) => path.endsWith('.md') && !path.startsWith('scripts/'))
      .flatMap((path) =>
        [...readFileSync(join(ROOT, path), 'utf8').matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
          .map(([, target = '']) => target)
          .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(ROOT, dirname(path), target)))
          .map((target) => `${path}: ${target}`),
      );
    expect(dead).toEqual([]);
  });

  it('pin every dependency to one version', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('need no install script of any package', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean; optional?: boolean; resolved?: string }>;
    };
    const withScript = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript === true);
    expect(withScript.map(([name]) => name)).toEqual([]);
  });
});
