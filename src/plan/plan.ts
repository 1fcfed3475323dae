// The plan: what the scenario wants to happen and when, as a lazy ordered stream of intents. No back end is known here.
import type {
  Access,
  Background,
  Fault,
  Injection,
  ReplicationStep,
  TransitionStep,
  Workflow,
} from '../scenario/scenario.ts';

/** One workflow of one experiment, or one background activity, with the number by which intents refer to it. */
export interface Process {
  readonly index: number;
  /** Empty for a background activity. */
  readonly experiment: string;
  /** The workflow's or the background activity's name. */
  readonly workflow: string;
  readonly scope: string;
  readonly activity: string;
  /** Whether sessions read its datasets. Otherwise a back end may forget a dataset after `stepsPerDataset` steps on it. */
  readonly isRead: boolean;
  /** How many replicate and transition intents each dataset gets, but for those that fall after the day. */
  readonly stepsPerDataset: number;
  readonly definition:
    | { readonly kind: 'workflow'; readonly workflow: Workflow }
    | { readonly kind: 'background'; readonly background: Background };
}

/**
 * A dataset of a process is known by its number: first all those of its `uses`, in order, then those it injects. A file is
 * known by its number in its dataset. Everything else (size, name) follows from the numbers and the seed.
 */
export type Intent =
  /** One file is to be written to `storage`; `last` marks the dataset's last file. */
  | {
      readonly kind: 'inject';
      readonly atSeconds: number;
      readonly process: number;
      readonly dataset: number;
      readonly file: number;
      readonly files: number;
      readonly sizeBytes: number;
      readonly storage: string;
      readonly injection: Injection | undefined;
      readonly last: boolean;
    }
  /** A rule on a dataset. It waits where the dataset is not complete at that time. */
  | {
      readonly kind: 'replicate';
      readonly atSeconds: number;
      readonly process: number;
      readonly dataset: number;
      readonly step: ReplicationStep;
    }
  | {
      readonly kind: 'transition';
      readonly atSeconds: number;
      readonly process: number;
      readonly dataset: number;
      readonly step: TransitionStep;
    }
  /** One session starts. */
  | {
      readonly kind: 'access';
      readonly atSeconds: number;
      readonly process: number;
      readonly access: Access;
      readonly session: number;
    }
  | {
      readonly kind: 'fault';
      readonly atSeconds: number;
      readonly fault: Fault;
      readonly index: number;
      readonly phase: 'start' | 'end';
    };

/** What there is before the day: the datasets of every `uses`. */
export interface ExistingDataset {
  readonly process: number;
  readonly dataset: number;
  readonly name: string;
  readonly storage: string;
  readonly fileSizesBytes: readonly number[];
}

export interface Plan {
  readonly processes: readonly Process[];
  readonly durationSeconds: number;
  /** Made anew at each call; nothing of it is kept. */
  existing(): Iterable<ExistingDataset>;
  /**
   * All intents with 0 <= atSeconds < duration, ordered by time, then faults (ends before starts), then process, dataset
   * and file, then injections, rules, transitions and sessions. Made anew at each call.
   */
  intents(): Iterable<Intent>;
  /** What `intents()` yields, added up: what falls after the day is not counted. Counted when first asked for. */
  readonly totals: ReadonlyMap<number, PlannedTotals>;
}

/** What a process wants in all, by process number. */
export interface PlannedTotals {
  /** Injected, with their bytes and the datasets begun; data that is there before the day does not count. */
  readonly files: number;
  readonly bytes: number;
  readonly datasets: number;
  readonly rules: number;
  readonly sessions: number;
}

/** The dataset's name within its scope: as `uses` names it, with a number where it stands for several; or by its workflow. */
export function datasetName(process: Process, dataset: number): string {
  let first = 0;
  for (const data of process.definition.kind === 'workflow' ? process.definition.workflow.uses : []) {
    const part = dataset - first;
    if (part < data.datasets) return data.datasets === 1 ? data.name : numbered(data.name, part);
    first += data.datasets;
  }
  return numbered(process.workflow, dataset);
}

/** A file's name within its dataset's scope. */
export function fileName(dataset: string, file: number): string {
  return numbered(dataset, file);
}

function numbered(name: string, number: number): string {
  return `${name}.${String(number).padStart(6, '0')}`;
}
