// The files of single experiments repeat their part of the ESCAPE day; this holds the copies equal.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface ScenarioText {
  readonly lake: string;
  readonly clock: unknown;
  readonly experiments: Record<string, unknown>;
}

const scenarios = join(import.meta.dirname, '..', 'scenarios');
const read = (name: string): ScenarioText => parse(readFileSync(join(scenarios, name), 'utf8')) as ScenarioText;

const day = read('escape-fdr-2020.yaml');
const alone = readdirSync(join(scenarios, 'experiments')).sort();

describe('an experiment alone', () => {
  it('has a file for each experiment of the ESCAPE day', () => {
    expect(alone).toEqual(
      Object.keys(day.experiments)
        .map((name) => `${name.toLowerCase()}.yaml`)
        .sort(),
    );
  });

  it.each(alone)('%s has the workflows, the lake and the clock of the ESCAPE day', (file) => {
    const scenario = read(join('experiments', file));
    const name = file.replace('.yaml', '').toUpperCase();
    expect(scenario.experiments).toEqual({ [name]: day.experiments[name] });
    expect(scenario.lake).toBe(`../${day.lake}`);
    expect(scenario.clock).toEqual(day.clock);
  });
});

describe('ATLAS Open Data', () => {
  it('has its files at the same six storages as in the ESCAPE day', () => {
    const files = (scenario: ScenarioText): unknown => {
      const { workflows } = scenario.experiments.ATLAS as { workflows: Record<string, { uses: unknown }> };
      return workflows['higgs-to-gamma-gamma']?.uses;
    };
    expect(files(read('atlas-open-data.yaml'))).toEqual(files(day));
    expect(new Set((files(day) as { at: string }[]).map(({ at }) => at)).size).toBe(6);
  });
});
