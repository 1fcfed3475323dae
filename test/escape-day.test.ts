// The ESCAPE day asks for what the experiments' published test programs asked for, and stays a matter of a second.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compilePlan } from '../src/plan/compile.ts';
import type { PlannedTotals } from '../src/plan/plan.ts';
import { loadScenario } from '../src/scenario/load.ts';
import { ROOT } from './support/sources.ts';

const { checked, warnings } = loadScenario(join(ROOT, 'scenarios/escape-fdr-2020.yaml'));
const plan = compilePlan(checked);

function totals(experiment: string, workflow: string): PlannedTotals | undefined {
  const process = plan.processes.find((one) => one.experiment === experiment && one.workflow === workflow);
  return process === undefined ? undefined : plan.totals.get(process.index);
}

describe('the ESCAPE day', () => {
  it('has the nine experiments that took part', () => {
    expect([...checked.scenario.experiments.keys()].sort()).toEqual(
      ['SKA', 'LOFAR', 'CTA', 'MAGIC', 'LSST', 'VIRGO', 'FAIR', 'ATLAS', 'CMS'].sort(),
    );
  });

  it('loads without a warning', () => {
    expect(warnings.map(({ message }) => message)).toEqual([]);
  });

  // Files and bytes: ESCAPE-WP2/rucio-analysis (SKA), ASTRON daily image of 2020-12-18 (LOFAR), pic-es clients (CTA, MAGIC).
  it.each([
    ['SKA', 'pulsar-search', 3_500, 175e9],
    ['SKA', 'single-pulse-search', 20, 1e9],
    ['SKA', 'million-files', 20_000, 20e9],
    ['LOFAR', 'ingest', 1_000, 20e12],
  ])('asks %s %s for %i files, %d bytes', (experiment, workflow, files, bytes) => {
    expect(totals(experiment, workflow)).toMatchObject({ files, bytes });
  });

  it('has a whole night of the Large-Sized Telescope: 2,258 files, of which 1,443 raw', () => {
    expect(totals('CTA', 'night-raw')?.files).toBe(1_443);
    expect(totals('CTA', 'night-reduced')?.files).toBe(2_258 - 1_443);
  });

  it('has a whole night of MAGIC: 661 files, of which 629 of data', () => {
    expect(totals('MAGIC', 'night-data')?.files).toBe(629);
    expect(totals('MAGIC', 'night-calibration')?.files).toBe(661 - 629);
  });

  it('plans no more than 60,000 uploads, so that all operations stay under a quarter of a million', () => {
    let uploads = 0;
    for (const intent of plan.intents()) if (intent.kind === 'inject') uploads++;
    expect(uploads).toBeLessThan(60_000);
    expect(uploads).toBeGreaterThan(40_000);
  });
});
