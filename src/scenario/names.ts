// The names that a scenario may refer to: those of its lake, and its own.
import type { Lake } from '../lake/lake.ts';
import type { LakeNames } from '../lake/resolve.ts';
import type { Names } from '../language/references.ts';
import type { ProblemReport } from '../language/report.ts';

/** What resolving a part of a scenario needs to know of the rest. */
export interface ScenarioContext {
  readonly report: ProblemReport;
  readonly clock: Clock;
  /** Undefined where the lake could not be read at all: its names are then not checked. */
  readonly lakeNames: LakeNames | undefined;
  /** Undefined where anything in the lake is wrong: what depends on its figures is then not checked. */
  readonly lake: Lake | undefined;
  readonly experiments: Names;
  /** `EXPERIMENT/workflow`. */
  readonly workflows: Names;
}

export interface Clock {
  readonly start: Date;
  /** Seconds from midnight (UTC) to the start. */
  readonly startOfDaySeconds: number;
  readonly durationSeconds: number;
  /** False where the clock itself is wrong: nothing is then held against it. */
  readonly known: boolean;
}

/** The names a scenario declares, also those whose declaration is wrong. */
export function scenarioNames(data: unknown): { experiments: Names; workflows: Names } {
  const experiments = new Set<string>();
  const workflows = new Set<string>();
  for (const [experiment, written] of entriesOf((data as Record<string, unknown> | null)?.['experiments'])) {
    experiments.add(experiment);
    for (const [workflow] of entriesOf((written as Record<string, unknown> | null)?.['workflows'])) {
      workflows.add(`${experiment}/${workflow}`);
    }
  }
  return {
    experiments: { kind: 'experiment', known: experiments, where: '' },
    workflows: { kind: 'workflow', known: workflows, where: '' },
  };
}

function entriesOf(value: unknown): [string, unknown][] {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
}
