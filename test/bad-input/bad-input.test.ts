// Every broken file of this folder gives exactly the messages that stand beside it, and good ones in odd dress give none.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatProblem, ProblemsError } from '../../src/core/problem.ts';
import { loadLake } from '../../src/lake/load.ts';
import { loadScenario } from '../../src/scenario/load.ts';

// Messages name files as they are given, so paths are taken from the project's folder, where the tests run.
const FOLDER = 'test/bad-input';
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length));

/** The options that a file asks for in comments at its top: `# --set path=value` and `# env NAME=value`. */
function optionsOf(path: string): { set: string[]; env: Record<string, string> } {
  const text = readFileSync(path, 'latin1');
  const set = [...text.matchAll(/^# --set (.*)$/gm)].map((match) => match[1] ?? '');
  const env = [...text.matchAll(/^# env (\w+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']);
  return { set, env: Object.fromEntries(env) as Record<string, string> };
}

function messages(path: string): string {
  const options = optionsOf(path);
  const load = path.startsWith(join(FOLDER, 'lake-')) ? loadLake : loadScenario;
  try {
    const { warnings } = load(path, options);
    return `${warnings.map(formatProblem).join('\n')}\n`;
  } catch (error) {
    if (error instanceof ProblemsError) return `${error.message}\n`;
    throw error;
  }
}

describe('a broken file', () => {
  it.each(names)('%s: each mistake is told once, with its place and what to do', async (name) => {
    const told = messages(join(FOLDER, `${name}.yaml`));
    expect(told.trim()).not.toBe('');
    await expect(told).toMatchFileSnapshot(`${name}.expected.txt`);
  });

  it('comes in at least 70 kinds', () => {
    expect(names.length).toBeGreaterThanOrEqual(70);
  });
});
