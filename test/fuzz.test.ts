// Ten thousand spoilt copies of the files that ship: each loads, or says what is wrong with it; nothing else ever happens.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FdrError } from '../src/core/errors.ts';
import { type Problem, ProblemsError } from '../src/core/problem.ts';
import { RandomStream } from '../src/core/random.ts';
import { loadLake } from '../src/lake/load.ts';
import { compilePlan } from '../src/plan/compile.ts';
import { checkFeasibility } from '../src/plan/feasibility.ts';
import { loadScenario } from '../src/scenario/load.ts';
import { fdr, temporaryFolder } from './support/fdr.ts';
import { mutate } from './support/mutate.ts';
import { ROOT } from './support/sources.ts';

const SEED = 20201124;
const folder = temporaryFolder();
afterAll(() => folder.remove());
for (const part of ['scenarios', 'docs/reference'])
  cpSync(join(ROOT, part), join(folder.path, part), { recursive: true });
mkdirSync(join(folder.path, 'out'));

/** A scenario of more operations than this is compiled, but not held against its lake: that takes its time. */
const MOST_PLANNED = 300_000;

interface Tally {
  loaded: number;
  refused: number;
}

/** Loads a scenario and, where it loads, plans it and holds it against its lake. */
function tryScenario(path: string, feasibility: boolean): void {
  const { checked } = loadScenario(path, { env: {} });
  const plan = compilePlan(checked);
  const first = plan.intents()[Symbol.iterator]();
  for (let count = 0; count < 100 && first.next().done !== true; count++);
  let planned = 0;
  for (const { files, rules, sessions } of plan.totals.values()) planned += files + rules + sessions;
  if (feasibility && planned < MOST_PLANNED) checkFeasibility(checked, plan);
}

/** Every problem has a place in a text that has that place, and is one printable line. */
function checkProblem(problem: Problem, lines: number): void {
  expect(problem.message).not.toBe('');
  expect(`${problem.path}${problem.message}${problem.hint}`).not.toMatch(/[\n\r\u0000-\u001f]|undefined|\[object/);
  expect(problem.line).toBeLessThanOrEqual(lines);
  if (problem.line > 0) expect(problem.column).toBeGreaterThan(0);
}

/** Tries one spoilt text; anything but an error meant for the user is thrown on, with the number to find it by. */
function tryOne(attempt: () => void, text: string, number: number, tally: Tally): void {
  try {
    attempt();
    tally.loaded++;
  } catch (error) {
    if (!(error instanceof FdrError)) throw new Error(`mutant ${number}:\n${text}`, { cause: error });
    expect(error.exitCode).toBe(2);
    const lines = Math.max(text.split(/\r\n|\r|\n/).length, 500);
    if (error instanceof ProblemsError) for (const problem of error.problems) checkProblem(problem, lines);
    tally.refused++;
  }
}

function spoil(file: string, count: number, attempt: (path: string) => void): Tally {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const path = join(folder.path, file);
  const stream = new RandomStream(SEED, `mutants of ${file}`);
  const tally = { loaded: 0, refused: 0 };
  for (let number = 0; number < count; number++) {
    const spoilt = mutate(text, stream, number);
    writeFileSync(path, spoilt);
    tryOne(() => attempt(path), spoilt, number, tally);
  }
  writeFileSync(path, text);
  return tally;
}

const EXPERIMENTS = readdirSync(join(ROOT, 'scenarios/experiments')).map((name) => `scenarios/experiments/${name}`);

/** How many of each: large files take longer, and small ones have all the keys. */
const SCENARIOS: readonly (readonly [string, number])[] = [
  ['docs/reference/every-key.scenario.yaml', 2200],
  ['scenarios/laptop.yaml', 2600],
  ['scenarios/atlas-open-data.yaml', 400],
  ['scenarios/escape-fdr-2020.yaml', 200],
  ...EXPERIMENTS.map((file) => [file, 50] as const),
];

describe('spoilt files', () => {
  it.each(SCENARIOS)('of %s (%i) load, or say what is wrong', (file, count) => {
    const tally = spoil(file, count, (path) => tryScenario(path, file !== 'scenarios/escape-fdr-2020.yaml'));
    expect(tally.loaded + tally.refused).toBe(count);
    // Both must happen, or nothing was tried.
    expect(tally.loaded).toBeGreaterThan(0);
    expect(tally.refused).toBeGreaterThan(count / 4);
  });

  it.each([
    ['docs/reference/every-key.lake.yaml', 2600],
    ['scenarios/lakes/escape-2020.yaml', 250],
  ])('of %s (%i) load, or say what is wrong', (file, count) => {
    const tally = spoil(file, count, (path) => void loadLake(path, { env: {} }));
    expect(tally.loaded).toBeGreaterThan(0);
    expect(tally.refused).toBeGreaterThan(count / 4);
  });

  it('of a lake (1350) let its scenario load, or say what is wrong in which file', () => {
    const scenario = join(folder.path, 'scenarios/laptop.yaml');
    const tally = spoil('scenarios/lakes/laptop.yaml', 1350, () => tryScenario(scenario, true));
    expect(tally.loaded).toBeGreaterThan(0);
    expect(tally.refused).toBeGreaterThan(0);
  });

  it('are at least ten thousand', () => {
    const count = SCENARIOS.reduce((sum, [, each]) => sum + each, 0) + 2600 + 250 + 1350;
    expect(count).toBeGreaterThanOrEqual(10_000);
  });

  it('make the command exit with 0, 2 or 3, without a stack trace', async () => {
    const file = 'scenarios/laptop.yaml';
    const text = readFileSync(join(ROOT, file), 'utf8');
    const stream = new RandomStream(SEED, 'mutants for the command');
    for (let number = 0; number < 8; number++) {
      const path = join(folder.path, 'scenarios', `command-${number}.yaml`);
      writeFileSync(path, mutate(text, stream, number));
      const words = number % 4 === 0 ? ['run', path, '--out', join(folder.path, 'out')] : ['check', path];
      const { code, stderr } = await fdr(words);
      expect([0, 2, 3]).toContain(code);
      expect(stderr).not.toMatch(/^ +at .*:\d+:\d+\)?$/m);
    }
  });
});
