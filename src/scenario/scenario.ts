// A scenario as pure data: what happens on a day. All quantities are in base units; times are seconds since the start.
import type { Law } from '../core/law.ts';
import type { Lake, ServiceName } from '../lake/lake.ts';

export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly clock: { readonly start: Date; readonly durationSeconds: number };
  readonly seed: number;
  readonly experiments: ReadonlyMap<string, Experiment>;
  readonly background: ReadonlyMap<string, Background>;
  readonly faults: readonly Fault[];
  readonly expectations: readonly Expectation[];
  readonly simulation: SimulationOptions;
}

/** A scenario whose names were all looked up in its lake, and the lake. What a plan is made from. */
export interface CheckedScenario {
  readonly scenario: Scenario;
  readonly lake: Lake;
}

export interface SimulationOptions {
  /** Seconds between solutions of the bandwidth shares; 0 solves at each event (exact). */
  readonly quantumSeconds: number;
}

export interface Experiment {
  readonly name: string;
  readonly scope: string;
  readonly workflows: ReadonlyMap<string, Workflow>;
}

export interface Workflow {
  readonly name: string;
  readonly activity: string;
  readonly scope: string;
  /** Data that is there before the day starts, by name. */
  readonly uses: readonly ExistingData[];
  readonly inject: Injection | undefined;
  readonly replicate: readonly ReplicationStep[];
  readonly transition: readonly TransitionStep[];
  readonly access: readonly Access[];
}

export interface ExistingData {
  readonly name: string;
  readonly at: string;
  readonly datasets: number;
  readonly filesPerDataset: number;
  readonly size: Law;
}

export interface Injection {
  /** The storage written to. */
  readonly at: string;
  /** The client's site; the storage's own where not named. */
  readonly from: string;
  readonly datasets: number;
  readonly filesPerDataset: number;
  readonly size: Law;
  readonly schedule: Schedule;
  /** Uploads that may run at once. */
  readonly workers: number;
  /** Protocol asked for, or empty: the storage's first choice. */
  readonly protocol: string;
  readonly retries: number;
}

export interface Schedule {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** `steady`: evenly spaced in intensity; `poisson`: random; `burst`: all at the start. */
  readonly arrivals: 'steady' | 'poisson' | 'burst';
  /** Relative intensity of equal parts of the window; [1] is flat. */
  readonly shape: readonly number[];
}

export interface ReplicationStep {
  /** RSE expression. */
  readonly to: string;
  readonly copies: number;
  readonly lifetimeSeconds: number | undefined;
  /** After the dataset is complete at its origin. For existing data: not used. */
  readonly afterSeconds: number;
  /** A fixed time of the day, for existing data or a whole container; undefined: `after` each dataset. */
  readonly atSeconds: number | undefined;
  readonly activity: string;
  readonly priority: number;
  /** Rule evaluated by the judge's next cycle and not in the request (Rucio's asynchronous=True). */
  readonly asynchronous: boolean;
  /** The origin's copy goes when this rule is done (Rucio: child rule on the source's rule). */
  readonly deleteSourceWhenDone: boolean;
  /** RSE expression the sources must be in, or empty. */
  readonly sources: string;
}

export interface TransitionStep {
  /** RSE expression of the class to move to. */
  readonly to: string;
  readonly afterSeconds: number;
  /** False: the old copy stays. */
  readonly release: boolean;
  readonly lifetimeSeconds: number | undefined;
}

export interface Access {
  readonly name: string;
  /** Site of the readers. */
  readonly at: string;
  /** Cache read through, or empty. */
  readonly through: string;
  /** `nearest`, or the storage read from. */
  readonly from: string;
  readonly schedule: Schedule;
  /** Mean sessions a second while intensity is 1, or a fixed count over the schedule. */
  readonly sessions: { readonly perSecond: number } | { readonly count: number };
  readonly filesPerSession: { readonly min: number; readonly max: number };
  /** Exponent of Zipf's law over files by rank; 0 is uniform. */
  readonly zipf: number;
  /** Whole files, or a share of each in ranges of a block. */
  readonly readShare: number;
  readonly rangeBytes: number;
  readonly protocol: string;
  /** How fast one session consumes. */
  readonly processingBps: number;
}

export interface Background {
  readonly name: string;
  readonly everySeconds: number;
  /** Storages between which every ordered pair gets a file (RSE expression; `*` is all that can). */
  readonly between: string;
  readonly size: Law;
  readonly lifetimeSeconds: number;
  readonly activity: string;
  readonly scope: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export type FaultTarget =
  | { readonly kind: 'site'; readonly name: string }
  | { readonly kind: 'storage'; readonly name: string; readonly protocol: string }
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'service'; readonly name: ServiceName }
  | { readonly kind: 'cache'; readonly name: string }
  | { readonly kind: 'experiment'; readonly name: string };

export type FaultEffect =
  /** `refused` answers at once, `hanging` only by the timeout. */
  | { readonly is: 'unreachable'; readonly how: 'refused' | 'hanging' }
  /** Everything takes `factor` times as long. */
  | { readonly is: 'slow'; readonly factor: number }
  | { readonly is: 'failing'; readonly share: number }
  /** Data arrives wrong: found by the checksum, or not where checksums are off. */
  | { readonly is: 'corrupting'; readonly share: number }
  | { readonly is: 'full' }
  | { readonly is: 'capacity'; readonly share: number }
  /** Credentials are refused as expired. */
  | { readonly is: 'expired' }
  /** Comes and goes, staying at least the given times in each state. */
  | {
      readonly is: 'flapping';
      readonly downSeconds: number;
      readonly upSeconds: number;
      readonly how: 'refused' | 'hanging';
    };

export interface Fault {
  readonly atSeconds: number;
  readonly forSeconds: number;
  readonly target: FaultTarget;
  readonly effect: FaultEffect;
  /** Announced in the topology: whoever refreshes it knows. */
  readonly declared: boolean;
  /** One line for timelines: `GSI unreachable (hanging)`. */
  readonly text: string;
}

export const EXPECTATION_SUBJECTS = [
  'run',
  'site',
  'storage',
  'link',
  'service',
  'experiment',
  'workflow',
  'cache',
] as const;
export type ExpectationSubject = (typeof EXPECTATION_SUBJECTS)[number];

/** Metrics and the unit in which their limit is kept; percentile metrics take `.p50 .p90 .p95 .p99 .max .mean`. */
export const METRICS = {
  success: 'share',
  rate: 'share of requested or bytes per second',
  volume: 'share of planned or bytes',
  'time-to-data': 'seconds',
  'time-to-first-copy': 'seconds',
  latency: 'seconds',
  'access-latency': 'seconds',
  'access-rate': 'bytes per second',
  availability: 'share',
  stuck: 'share',
  queue: 'count',
  'hit-rate': 'share',
  cost: 'currency',
} as const;
export type Metric = keyof typeof METRICS;
export type Statistic = 'value' | 'p50' | 'p90' | 'p95' | 'p99' | 'max' | 'mean';

export interface Expectation {
  readonly per: ExpectationSubject;
  /** Names to judge; empty: all that the run touched. */
  readonly of: readonly string[];
  readonly metric: Metric;
  readonly statistic: Statistic;
  readonly comparison: '>=' | '<=' | '>' | '<' | '=';
  readonly limit: number;
  /** `rate` and `volume` may be asked as a share of what was requested or planned. */
  readonly relativeTo: '' | 'requested' | 'planned';
  /** Sliding window, seconds; undefined: the whole day. */
  readonly overSeconds: number | undefined;
  /** Part of the day; undefined: all of it. */
  readonly during: { readonly fromSeconds: number; readonly toSeconds: number } | undefined;
  /** Leave out the time of declared faults on the subject. */
  readonly exceptFaults: boolean;
  /** As written: `success >= 95%`. */
  readonly text: string;
}
