// The streams of intents of a workflow and of the faults: each in order, each made anew when asked for.
import { RandomStream } from '../core/random.ts';
import type { Access, Fault, Injection, ReplicationStep, TransitionStep, Workflow } from '../scenario/scenario.ts';
import { arrivalTimes } from '../workload/arrivals.ts';
import { fileSizeBytes } from '../workload/sizes.ts';
import type { Intent } from './plan.ts';

/** What the streams of one workflow have in common. */
export interface WorkflowContext {
  readonly process: number;
  readonly experiment: string;
  readonly workflow: Workflow;
  readonly seed: number;
  readonly durationSeconds: number;
  readonly sizes: RandomStream;
}

/** How many datasets a workflow finds before the day: those it injects are numbered after them. */
export function existingDatasets(workflow: Workflow): number {
  return workflow.uses.reduce((sum, data) => sum + data.datasets, 0);
}

/** One intent per file: the schedule's arrivals are the files, dataset after dataset. */
export function* injectionIntents(context: WorkflowContext, injection: Injection): Generator<Intent, void> {
  const { process, sizes } = context;
  const files = injection.filesPerDataset;
  let dataset = existingDatasets(context.workflow);
  let file = 0;
  for (const atSeconds of injectionTimes(context, injection)) {
    yield {
      kind: 'inject',
      atSeconds,
      process,
      dataset,
      file,
      files,
      sizeBytes: fileSizeBytes(injection.size, sizes, dataset, file),
      storage: injection.at,
      injection,
      last: file === files - 1,
    };
    file++;
    if (file === files) {
      file = 0;
      dataset++;
    }
  }
}

/** When each dataset of a workflow is due for a step: its number and the time, in order of both. */
type DueDatasets = Generator<{ dataset: number; atSeconds: number }, void>;

/**
 * A fixed time holds for all datasets: those that are there, and those whose last file is planned within the day. A
 * delay counts from the planned time of a dataset's last file, or from the day's start where the dataset is there.
 */
function* dueDatasets(context: WorkflowContext, afterSeconds: number, fixedSeconds: number | undefined): DueDatasets {
  const { durationSeconds, workflow } = context;
  const first = fixedSeconds ?? afterSeconds;
  if (!(first < durationSeconds)) return;
  const existing = existingDatasets(workflow);
  for (let dataset = 0; dataset < existing; dataset++) yield { dataset, atSeconds: first };
  if (workflow.inject === undefined) return;
  let dataset = existing;
  let file = 0;
  for (const injectedSeconds of injectionTimes(context, workflow.inject)) {
    file++;
    if (file < workflow.inject.filesPerDataset) continue;
    const atSeconds = fixedSeconds ?? injectedSeconds + afterSeconds;
    if (!(atSeconds < durationSeconds)) return;
    yield { dataset, atSeconds };
    file = 0;
    dataset++;
  }
}

export function* replicationIntents(context: WorkflowContext, step: ReplicationStep): Generator<Intent, void> {
  const { process } = context;
  for (const { dataset, atSeconds } of dueDatasets(context, step.afterSeconds, step.atSeconds)) {
    yield { kind: 'replicate', atSeconds, process, dataset, step };
  }
}

export function* transitionIntents(context: WorkflowContext, step: TransitionStep): Generator<Intent, void> {
  const { process } = context;
  for (const { dataset, atSeconds } of dueDatasets(context, step.afterSeconds, undefined)) {
    yield { kind: 'transition', atSeconds, process, dataset, step };
  }
}

export function* accessIntents(context: WorkflowContext, access: Access): Generator<Intent, void> {
  const { process, durationSeconds } = context;
  let session = 0;
  for (const atSeconds of arrivalTimes(access.schedule, access.sessions, arrivals(context, `access ${access.name}`))) {
    if (!(atSeconds < durationSeconds)) return;
    yield { kind: 'access', atSeconds, process, access, session };
    session++;
  }
}

/**
 * Starts and ends of faults. At one time ends come before starts, so that one fault can follow another at once; a fault
 * of no length has neither.
 */
export function* faultIntents(faults: readonly Fault[], durationSeconds: number): Generator<Intent, void> {
  const intents: (Intent & { kind: 'fault' })[] = [];
  for (const [index, fault] of faults.entries()) {
    if (!(fault.forSeconds > 0)) continue;
    intents.push({ kind: 'fault', atSeconds: fault.atSeconds, fault, index, phase: 'start' });
    intents.push({ kind: 'fault', atSeconds: fault.atSeconds + fault.forSeconds, fault, index, phase: 'end' });
  }
  const within = intents.filter((intent) => intent.atSeconds < durationSeconds);
  within.sort(
    (one, other) =>
      one.atSeconds - other.atSeconds ||
      Number(one.phase === 'start') - Number(other.phase === 'start') ||
      one.index - other.index,
  );
  yield* within;
}

/** The planned times of an injection's files within the day. Each call gives the same times. */
function* injectionTimes(context: WorkflowContext, injection: Injection): Generator<number, void> {
  const files = { count: injection.datasets * injection.filesPerDataset };
  for (const atSeconds of arrivalTimes(injection.schedule, files, arrivals(context, 'inject'))) {
    if (!(atSeconds < context.durationSeconds)) return;
    yield atSeconds;
  }
}

function arrivals(context: WorkflowContext, of: string): RandomStream {
  return new RandomStream(context.seed, `arrivals of ${context.experiment}/${context.workflow.name} ${of}`);
}
