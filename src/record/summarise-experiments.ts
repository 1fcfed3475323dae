// The summary's experiments and workflows: what a scientist asks of the run.
import type { Plan, PlannedTotals } from '../plan/plan.ts';
import type { CheckedScenario, Experiment, Workflow } from '../scenario/scenario.ts';
import { addCounts, percentilesOf, type AggregateBuilder } from './aggregate-builder.ts';
import { selectDurations, type DurationSelection } from './duration-cells.ts';
import { accessSubject } from './route-builder.ts';
import type { Route } from './route.ts';
import { limiterBook, sortedRecord, totalOf, verdictOf } from './summarise-common.ts';
import type {
  AccessSummary,
  ExperimentSummary,
  JudgedExpectation,
  OperationCounts,
  Summary,
  WorkflowSummary,
} from './summary.ts';

interface ExperimentsOptions {
  readonly checked: CheckedScenario;
  readonly plan: Plan;
  readonly aggregate: AggregateBuilder;
  readonly judged: { readonly expectations: readonly JudgedExpectation[] };
}

/** Every experiment of the scenario; background activities are none. */
export function summariseExperiments(options: ExperimentsOptions): Summary['experiments'] {
  const { scenario } = options.checked;
  return sortedRecord(
    [...scenario.experiments.values()].map((experiment) => [experiment.name, summariseExperiment(experiment, options)]),
  );
}

function summariseExperiment(experiment: Experiment, options: ExperimentsOptions): ExperimentSummary {
  const { aggregate, plan, checked, judged } = options;
  const { name } = experiment;
  const routes = aggregate.routes().filter(({ key }) => key.experiment === name);
  const workflows = [...experiment.workflows.values()].map((workflow): [string, WorkflowSummary] => [
    workflow.name,
    summariseWorkflow(
      name,
      workflow,
      routes.filter(({ key }) => key.workflow === workflow.name),
      options,
    ),
  ]);
  const subjects = new Set(workflows.map(([workflow]) => `${name}/${workflow}`));
  return {
    verdict: verdictOf(
      judged.expectations.filter(
        ({ per, subject }) =>
          (per === 'experiment' && subject === name) || (per === 'workflow' && subjects.has(subject)),
      ),
    ),
    ...plannedOf(plan, (process) => process.experiment === name),
    ...movedOf(routes),
    datasets: datasetsOf(routes),
    rules: countsOf(routes, 'rule'),
    timeToFirstCopy: aggregate.percentiles('experiment', name, 'time-to-first-copy'),
    timeToAllCopies: aggregate.percentiles('experiment', name, 'time-to-data'),
    access: accessOf(routes, aggregate),
    limiters: limiterBook(routes),
    egressCost: egressCostOf(routes, checked, aggregate),
    workflows: sortedRecord(workflows),
  };
}

function summariseWorkflow(
  experiment: string,
  workflow: Workflow,
  routes: readonly Route[],
  { aggregate, plan }: ExperimentsOptions,
): WorkflowSummary {
  const subject = `${experiment}/${workflow.name}`;
  return {
    ...plannedOf(plan, (process) => process.experiment === experiment && process.workflow === workflow.name),
    ...movedOf(routes),
    timeToFirstCopy: aggregate.percentiles('workflow', subject, 'time-to-first-copy'),
    timeToAllCopies: aggregate.percentiles('workflow', subject, 'time-to-data'),
    access: accessesOf(workflow, routes, aggregate),
    destinations: destinationsOf(routes),
  };
}

function plannedOf(
  plan: Plan,
  isMeant: (process: Plan['processes'][number]) => boolean,
): { plannedBytes: number; plannedFiles: number } {
  const totals = plan.processes
    .filter((process) => process.definition.kind === 'workflow' && isMeant(process))
    .map((process) => plan.totals.get(process.index));
  const sum = (field: keyof PlannedTotals): number => totals.reduce((all, one) => all + (one?.[field] ?? 0), 0);
  return { plannedBytes: sum('bytes'), plannedFiles: sum('files') };
}

function countsOf(routes: readonly Route[], kind: Route['key']['kind']): OperationCounts {
  return addCounts(routes.filter(({ key }) => key.kind === kind).map(({ counts }) => counts));
}

function movedOf(
  routes: readonly Route[],
): Pick<ExperimentSummary, 'injectedBytes' | 'injectedFiles' | 'replicatedBytes' | 'replicatedFiles'> {
  const injected = countsOf(routes, 'upload');
  const replicated = countsOf(routes, 'transfer');
  return {
    injectedBytes: injected.bytes,
    injectedFiles: injected.succeeded,
    replicatedBytes: replicated.bytes,
    replicatedFiles: replicated.succeeded,
  };
}

/**
 * Datasets of which a rule was asked. A workflow asks the same number of rules of each of its datasets, one for each step,
 * so the most that any one destination was asked for is the number of datasets.
 */
function datasetsOf(routes: readonly Route[]): number {
  const rules = routes.filter(({ key }) => key.kind === 'rule');
  const byWorkflow = Map.groupBy(rules, ({ key }) => key.workflow);
  let datasets = 0;
  for (const ofWorkflow of byWorkflow.values()) {
    const byDestination = Map.groupBy(ofWorkflow, ({ key }) => key.destination);
    const counts = [...byDestination.values()].map((group) => addCounts(group.map(({ counts: one }) => one)).requested);
    datasets += Math.max(...counts);
  }
  return datasets;
}

function destinationsOf(routes: readonly Route[]): WorkflowSummary['destinations'] {
  const transfers = routes.filter(({ key, counts }) => key.kind === 'transfer' && counts.succeeded > 0);
  const byDestination = Map.groupBy(transfers, ({ key }) => key.destination);
  return sortedRecord(
    [...byDestination].map(([destination, group]) => {
      const { succeeded, bytes } = addCounts(group.map(({ counts }) => counts));
      return [destination, { files: succeeded, bytes }];
    }),
  );
}

function accessOf(routes: readonly Route[], aggregate: AggregateBuilder): AccessSummary {
  const downloads = routes.filter(({ key }) => key.kind === 'download');
  const subjects = [...new Set(downloads.map(({ key }) => accessSubject(key)))];
  const selection = (duration: string): DurationSelection =>
    selectDurations(subjects.flatMap((subject) => aggregate.durations('workflow', subject, duration)));
  const counts = countsOf(downloads, 'download');
  const meanRate = selection('access-rate').mean;
  return {
    sessions: downloads.reduce((sum, { firsts }) => sum + firsts, 0),
    reads: counts.requested,
    succeeded: counts.succeeded,
    failed: counts.failed,
    bytes: counts.bytes,
    latency: percentilesOf(selection('access-latency')),
    meanRateBps: Number.isNaN(meanRate) ? 0 : meanRate,
    duration: percentilesOf(selection('access-duration')),
  };
}

/** By the access's name, which a download carries as its activity. */
function accessesOf(
  workflow: Workflow,
  routes: readonly Route[],
  aggregate: AggregateBuilder,
): Record<string, AccessSummary> {
  const downloads = routes.filter(({ key }) => key.kind === 'download');
  const byAccess = Map.groupBy(downloads, ({ key }) => key.activity);
  return sortedRecord(
    workflow.access.map((access) => [access.name, accessOf(byAccess.get(access.name) ?? [], aggregate)]),
  );
}

/**
 * By currency: what left sites that charge for it on this experiment's behalf. What is read through a cache counts by the
 * share that the cache had to fetch.
 */
function egressCostOf(
  routes: readonly Route[],
  { lake }: CheckedScenario,
  aggregate: AggregateBuilder,
): Record<string, number> {
  const costs = new Map<string, number>();
  for (const { key, counts, pair } of routes) {
    const price = lake.sites.get(key.sourceSite)?.egressCost;
    if (price === undefined || pair === undefined || key.sourceSite === key.destinationSite) continue;
    const share = key.cache === '' ? 1 : missShare(key.cache, aggregate);
    costs.set(price.currency, (costs.get(price.currency) ?? 0) + counts.bytes * share * price.perByte);
  }
  return sortedRecord(costs);
}

function missShare(cache: string, aggregate: AggregateBuilder): number {
  const hit = totalOf(aggregate, 'cache', cache, 'hit_bytes');
  const miss = totalOf(aggregate, 'cache', cache, 'miss_bytes');
  return hit + miss === 0 ? 1 : miss / (hit + miss);
}
