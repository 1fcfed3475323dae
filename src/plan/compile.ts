// Turns a checked scenario into its plan: processes, what is there before the day, and one lazy ordered stream of intents.
import type { CheckedScenario, Scenario } from '../scenario/scenario.ts';
import { fileSizeBytes, fileSizeStream } from '../workload/sizes.ts';
import { backgroundIntents, backgroundPairs, type StoragePair } from './background.ts';
import { mergeIntents, type IntentStream } from './merge.ts';
import { datasetName, type ExistingDataset, type Intent, type Plan, type PlannedTotals, type Process } from './plan.ts';
import {
  accessIntents,
  faultIntents,
  injectionIntents,
  replicationIntents,
  transitionIntents,
  type WorkflowContext,
} from './streams.ts';

/**
 * The plan of a scenario. The same scenario and seed give the same plan; adding an experiment does not change the times
 * and sizes of the others. Nothing is kept per dataset, file or session, so a plan may hold any number of them.
 */
export function compilePlan(checked: CheckedScenario): Plan {
  return new CompiledPlan(checked);
}

class CompiledPlan implements Plan {
  readonly processes: readonly Process[];
  readonly durationSeconds: number;
  readonly #scenario: Scenario;
  /** By process number, for background activities. */
  readonly #pairs = new Map<number, readonly StoragePair[]>();
  #totals: ReadonlyMap<number, PlannedTotals> | undefined;

  constructor(checked: CheckedScenario) {
    this.#scenario = checked.scenario;
    this.durationSeconds = checked.scenario.clock.durationSeconds;
    this.processes = processesOf(checked.scenario);
    for (const { index, definition } of this.processes) {
      if (definition.kind === 'background') {
        this.#pairs.set(index, backgroundPairs(definition.background.between, checked.lake));
      }
    }
  }

  *existing(): Generator<ExistingDataset, void> {
    for (const process of this.processes) {
      if (process.definition.kind !== 'workflow') continue;
      const sizes = this.#sizes(process);
      let dataset = 0;
      for (const data of process.definition.workflow.uses) {
        for (let part = 0; part < data.datasets; part++) {
          const fileSizesBytes: number[] = [];
          for (let file = 0; file < data.filesPerDataset; file++) {
            fileSizesBytes.push(fileSizeBytes(data.size, sizes, dataset, file));
          }
          const name = datasetName(process, dataset);
          yield { process: process.index, dataset, name, storage: data.at, fileSizesBytes };
          dataset++;
        }
      }
    }
  }

  intents(): Generator<Intent, void> {
    const streams: IntentStream[] = [
      { process: -1, intents: faultIntents(this.#scenario.faults, this.durationSeconds) },
    ];
    for (const process of this.processes) {
      for (const intents of this.#streamsOf(process)) streams.push({ process: process.index, intents });
    }
    const merged = mergeIntents(streams);
    return this.#totals === undefined ? this.#counting(merged) : merged;
  }

  /** Counted from the intents themselves: when first asked for, or by the way when somebody has read them to their end. */
  get totals(): ReadonlyMap<number, PlannedTotals> {
    if (this.#totals === undefined) {
      const sums = this.#zeroTotals();
      for (const [index, totals] of sums) {
        for (const stream of this.#streamsOf(this.processes[index]!))
          for (const intent of stream) count(intent, totals);
      }
      this.#totals = sums;
    }
    return this.#totals;
  }

  *#counting(intents: Iterable<Intent>): Generator<Intent, void> {
    const sums = this.#zeroTotals();
    const byProcess = [...sums.values()];
    for (const intent of intents) {
      if (intent.kind !== 'fault') count(intent, byProcess[intent.process]!);
      yield intent;
    }
    this.#totals = sums;
  }

  #zeroTotals(): Map<number, CountedTotals> {
    const zero = { files: 0, bytes: 0, datasets: 0, rules: 0, sessions: 0 };
    return new Map(this.processes.map(({ index }) => [index, { ...zero }]));
  }

  #streamsOf(process: Process): Generator<Intent, void>[] {
    const sizes = this.#sizes(process);
    if (process.definition.kind === 'background') {
      const pairs = this.#pairs.get(process.index) ?? [];
      return [backgroundIntents(process.index, process.definition.background, pairs, sizes, this.durationSeconds)];
    }
    const { workflow } = process.definition;
    const context: WorkflowContext = {
      process: process.index,
      experiment: process.experiment,
      workflow,
      seed: this.#scenario.seed,
      durationSeconds: this.durationSeconds,
      sizes,
    };
    return [
      ...(workflow.inject === undefined ? [] : [injectionIntents(context, workflow.inject)]),
      ...workflow.replicate.map((step) => replicationIntents(context, step)),
      ...workflow.transition.map((step) => transitionIntents(context, step)),
      ...workflow.access.map((access) => accessIntents(context, access)),
    ];
  }

  #sizes(process: Process) {
    return fileSizeStream(this.#scenario.seed, process.experiment, process.workflow);
  }
}

type CountedTotals = { -readonly [Key in keyof PlannedTotals]: number };

function count(intent: Intent, totals: CountedTotals): void {
  if (intent.kind === 'inject') {
    totals.files++;
    totals.bytes += intent.sizeBytes;
    if (intent.file === 0) totals.datasets++;
  } else if (intent.kind === 'replicate') {
    totals.rules++;
  } else if (intent.kind === 'access') {
    totals.sessions++;
  }
}

function processesOf(scenario: Scenario): Process[] {
  const processes: Process[] = [];
  for (const experiment of scenario.experiments.values()) {
    for (const workflow of experiment.workflows.values()) {
      processes.push({
        index: processes.length,
        experiment: experiment.name,
        workflow: workflow.name,
        scope: workflow.scope,
        activity: workflow.activity,
        isRead: workflow.access.length > 0,
        stepsPerDataset: workflow.replicate.length + workflow.transition.length,
        definition: { kind: 'workflow', workflow },
      });
    }
  }
  for (const background of scenario.background.values()) {
    processes.push({
      index: processes.length,
      experiment: '',
      workflow: background.name,
      scope: background.scope,
      activity: background.activity,
      isRead: false,
      stepsPerDataset: 1,
      definition: { kind: 'background', background },
    });
  }
  return processes;
}
