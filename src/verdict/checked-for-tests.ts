// A small lake and scenario, and a run's sums kept in plain maps: for the tests of this folder.
import { constant } from '../core/law.ts';
import { SERVICES } from '../lake/services-for-tests.ts';
import type { OperationKind } from '../core/operation.ts';
import type { SubjectKind } from '../core/sink.ts';
import type { Cache, Lake, Site, Storage } from '../lake/lake.ts';
import type { OutcomeCell, RunAggregate } from '../record/aggregate.ts';
import type { OperationCounts, Percentiles } from '../record/summary.ts';
import type { CheckedScenario, Expectation, Experiment, Fault, Scenario } from '../scenario/scenario.ts';

interface LakeSketch {
  /** Storage to site. */
  readonly storages: Readonly<Record<string, string>>;
  /** Cache to site. */
  readonly caches?: Readonly<Record<string, string>>;
  readonly egressCost?: Readonly<Record<string, string>>;
}

interface ScenarioSketch {
  readonly experiments?: Readonly<Record<string, readonly string[]>>;
  readonly faults?: readonly Fault[];
  readonly expectations?: readonly Expectation[];
  readonly durationSeconds?: number;
}

export function checkedForTests(lake: LakeSketch, scenario: ScenarioSketch = {}): CheckedScenario {
  return { lake: lakeFrom(lake), scenario: scenarioFrom(scenario) };
}

function lakeFrom({ storages, caches = {}, egressCost = {} }: LakeSketch): Lake {
  const siteNames = new Set([...Object.values(storages), ...Object.values(caches)]);
  return {
    name: 'test lake',
    sites: new Map([...siteNames].map((name) => [name, siteFrom(name, egressCost[name])])),
    storages: new Map(Object.entries(storages).map(([name, site]) => [name, storageFrom(name, site)])),
    caches: new Map(Object.entries(caches).map(([name, site]) => [name, cacheFrom(name, site)])),
    network: {
      default: { rttSeconds: undefined, capacityBps: Infinity, loss: 0, windowBytes: 4 << 20 },
      links: [],
      distances: new Map(),
    },
    services: SERVICES,
  };
}

function siteFrom(name: string, currency: string | undefined): Site {
  return {
    name,
    kind: 'grid',
    country: '',
    position: undefined,
    uplinkBps: Infinity,
    downlinkBps: Infinity,
    egressCost: currency === undefined ? undefined : { perByte: 1e-10, currency },
    inbound: true,
  };
}

function storageFrom(name: string, site: string): Storage {
  return {
    name,
    site,
    technology: 'dcache',
    qosClass: '',
    attributes: new Map(),
    capacityBytes: 1e15,
    usedBytes: 0,
    readBps: 1e9,
    writeBps: 1e9,
    perStreamBps: Infinity,
    setUp: constant(1),
    deterministic: true,
    verifyChecksum: true,
    protocols: [],
    tape: undefined,
  };
}

function cacheFrom(name: string, site: string): Cache {
  return {
    name,
    site,
    capacityBytes: 1e13,
    blockBytes: 1 << 20,
    highWatermark: 0.95,
    lowWatermark: 0.85,
    readBps: 1e9,
    writeBps: 1e9,
  };
}

function scenarioFrom({
  experiments = {},
  faults = [],
  expectations = [],
  durationSeconds = 86400,
}: ScenarioSketch): Scenario {
  return {
    name: 'test day',
    description: '',
    clock: { start: new Date('2020-11-24T00:00:00Z'), durationSeconds },
    seed: 1,
    experiments: new Map(
      Object.entries(experiments).map(([name, workflows]) => [name, experimentFrom(name, workflows)]),
    ),
    background: new Map(),
    faults,
    expectations,
    simulation: { quantumSeconds: 0.5 },
  };
}

function experimentFrom(name: string, workflows: readonly string[]): Experiment {
  const make = (workflow: string) => ({
    name: workflow,
    activity: '',
    scope: name,
    uses: [],
    inject: undefined,
    replicate: [],
    transition: [],
    access: [],
  });
  return { name, scope: name, workflows: new Map(workflows.map((workflow) => [workflow, make(workflow)])) };
}

/** An expectation; what is not said is as where the scenario does not say it. */
export function expectationForTests(
  given: Partial<Expectation> & Pick<Expectation, 'per' | 'metric' | 'comparison' | 'limit'>,
): Expectation {
  return {
    of: [],
    statistic: 'value',
    relativeTo: '',
    overSeconds: undefined,
    during: undefined,
    exceptFaults: false,
    text: `${given.metric} ${given.comparison} ${given.limit}`,
    ...given,
  };
}

interface Duration {
  readonly minute: number;
  readonly seconds: number;
}

/** A run's sums that a test writes by hand. Percentiles are exact: nearest rank over the durations themselves. */
export class AggregateForTests implements RunAggregate {
  readonly durationSeconds: number;
  readonly minutes: number;
  readonly #series = new Map<SubjectKind, Map<string, Map<string, Float64Array>>>();
  readonly #durations = new Map<string, Duration[]>();
  readonly #cells: OutcomeCell[] = [];

  constructor(durationSeconds = 86400) {
    this.durationSeconds = durationSeconds;
    this.minutes = Math.ceil(durationSeconds / 60);
  }

  /** Sets a series: one value for all minutes, or one by minute. */
  put(kind: SubjectKind, subject: string, measure: string, values: number | ((minute: number) => number)): this {
    const ofKind = this.#series.get(kind) ?? new Map<string, Map<string, Float64Array>>();
    const ofSubject = ofKind.get(subject) ?? new Map<string, Float64Array>();
    const series = Float64Array.from({ length: this.minutes }, (_, minute) =>
      typeof values === 'number' ? values : values(minute),
    );
    this.#series.set(kind, ofKind.set(subject, ofSubject.set(measure, series)));
    return this;
  }

  putDurations(kind: SubjectKind, subject: string, duration: string, durations: readonly Duration[]): this {
    this.#durations.set(`${kind}\n${subject}\n${duration}`, [...durations]);
    return this;
  }

  putOutcomes(cells: readonly OutcomeCell[]): this {
    for (const cell of cells) this.#cells.push(cell);
    return this;
  }

  subjects(kind: SubjectKind): readonly string[] {
    return [...(this.#series.get(kind)?.keys() ?? [])].toSorted();
  }

  measures(kind: SubjectKind, subject: string): readonly string[] {
    return [...(this.#series.get(kind)?.get(subject)?.keys() ?? [])].toSorted();
  }

  series(kind: SubjectKind, subject: string, measure: string): Float64Array | undefined {
    return this.#series.get(kind)?.get(subject)?.get(measure);
  }

  percentiles(kind: SubjectKind, subject: string, duration: string, keep?: (minute: number) => boolean): Percentiles {
    const values = this.#selected(kind, subject, duration, keep);
    const finished = values.filter((value) => value !== Infinity);
    const at = (share: number): number | null => {
      const value = nearestRank(values, share);
      return Number.isFinite(value) ? value : null;
    };
    return {
      count: values.length,
      unfinished: values.length - finished.length,
      meanSeconds: finished.length === 0 ? null : finished.reduce((sum, value) => sum + value, 0) / finished.length,
      p50Seconds: at(0.5),
      p90Seconds: at(0.9),
      p95Seconds: at(0.95),
      p99Seconds: at(0.99),
      maxSeconds: at(1),
    };
  }

  quantile(
    kind: SubjectKind,
    subject: string,
    duration: string,
    quantile: number,
    keep?: (minute: number) => boolean,
  ): number {
    return nearestRank(this.#selected(kind, subject, duration, keep), quantile);
  }

  operations(): ReadonlyMap<OperationKind, OperationCounts> {
    return new Map();
  }

  outcomes(): Iterable<OutcomeCell> {
    return this.#cells;
  }

  #selected(kind: SubjectKind, subject: string, duration: string, keep?: (minute: number) => boolean): number[] {
    return (this.#durations.get(`${kind}\n${subject}\n${duration}`) ?? [])
      .filter(({ minute }) => keep === undefined || keep(minute))
      .map(({ seconds }) => seconds)
      .sort((a, b) => a - b);
  }
}

function nearestRank(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return NaN;
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(share * sorted.length - 1e-9)));
  return sorted[rank - 1]!;
}
