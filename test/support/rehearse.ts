// Runs a scenario from its file to the aggregate, in memory: what a test of whole runs starts from.
import { join } from 'node:path';
import { compilePlan } from '../../src/plan/compile.ts';
import { AggregateBuilder } from '../../src/record/aggregate-builder.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { CheckedScenario } from '../../src/scenario/scenario.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { ROOT } from './sources.ts';

export interface Rehearsal {
  readonly checked: CheckedScenario;
  readonly aggregate: AggregateBuilder;
}

/** `path` is relative to the project's folder. */
export async function rehearse(path: string): Promise<Rehearsal> {
  const { checked } = loadScenario(join(ROOT, path));
  const aggregate = new AggregateBuilder(checked.scenario.clock.durationSeconds);
  await simulate(checked, compilePlan(checked), aggregate);
  return { checked, aggregate };
}
