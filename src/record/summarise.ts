// Makes the summary of a run from what the recorder kept. All its maps are sorted by name, so that the same run gives the same bytes.
import { VERSION } from '../core/version.ts';
import type { Plan } from '../plan/plan.ts';
import type { CheckedScenario, Fault, FaultTarget } from '../scenario/scenario.ts';
import type { AggregateBuilder } from './aggregate-builder.ts';
import { isoTime } from './iso-time.ts';
import { byName } from './summarise-common.ts';
import { summariseLinks, summariseNetwork, summariseSites, summariseStorages } from './summarise-ends.ts';
import { summariseExperiments } from './summarise-experiments.ts';
import { summariseCaches, summariseServices } from './summarise-services.ts';
import { SUMMARY_SCHEMA, type Incident, type JudgedExpectation, type RunVerdict, type Summary } from './summary.ts';

export interface SummariseOptions {
  readonly checked: CheckedScenario;
  readonly plan: Plan;
  readonly aggregate: AggregateBuilder;
  /** What `judge` gave; the verdict is `stopped` where the run was. */
  readonly judged: { readonly verdict: RunVerdict; readonly expectations: readonly JudgedExpectation[] };
  readonly incidents: readonly Incident[];
  /** The two files as they were named and what they held. */
  readonly sources: {
    readonly scenario: { readonly path: string; readonly sha256: string };
    readonly lake: { readonly path: string; readonly sha256: string };
  };
  /** Path of the run folder. */
  readonly run: string;
  readonly backend?: 'simulated' | 'live';
  readonly wallSeconds: number;
  readonly peakResidentBytes: number;
}

/** The summary of a run that has ended. Pure: it depends on its arguments alone. */
export function summarise(options: SummariseOptions): Summary {
  const { checked, aggregate, judged, sources } = options;
  const { scenario, lake } = checked;
  const { expectations } = judged;
  return {
    schema: SUMMARY_SCHEMA,
    version: VERSION,
    run: options.run,
    backend: options.backend ?? 'simulated',
    seed: scenario.seed,
    scenario: {
      name: scenario.name,
      description: scenario.description,
      file: sources.scenario.path,
      sha256: sources.scenario.sha256,
    },
    lake: { name: lake.name, file: sources.lake.path, sha256: sources.lake.sha256 },
    clock: { start: isoTime(scenario.clock.start), durationSeconds: scenario.clock.durationSeconds },
    wallSeconds: options.wallSeconds,
    peakResidentBytes: options.peakResidentBytes,
    verdict: judged.verdict,
    expectations: [...expectations],
    operations: Object.fromEntries(aggregate.operations()),
    errors: errorsOf(aggregate),
    incidents: [...options.incidents],
    faults: scenario.faults.map(faultSummary),
    sites: summariseSites(checked, aggregate, expectations),
    storages: summariseStorages(checked, aggregate),
    links: summariseLinks(aggregate),
    network: summariseNetwork(aggregate),
    services: summariseServices(checked, aggregate),
    caches: summariseCaches(checked, aggregate),
    experiments: summariseExperiments(options),
  };
}

/** Failures by class and scope, the commonest first. */
function errorsOf(aggregate: AggregateBuilder): Summary['errors'] {
  const counts = new Map<string, { class: string; scope: string; count: number }>();
  for (const cell of aggregate.outcomes()) {
    if (cell.errorClass === '' && cell.errorScope === '') continue;
    const key = `${cell.errorClass} ${cell.errorScope}`;
    const error = counts.get(key) ?? { class: cell.errorClass, scope: cell.errorScope, count: 0 };
    error.count += cell.count;
    counts.set(key, error);
  }
  return [...counts.values()].toSorted(
    (a, b) => b.count - a.count || byName(`${a.class} ${a.scope}`, `${b.class} ${b.scope}`),
  );
}

function faultSummary(fault: Fault): Summary['faults'][number] {
  return {
    text: fault.text,
    target: targetText(fault.target),
    atSeconds: fault.atSeconds,
    forSeconds: fault.forSeconds,
  };
}

/** `site CERN`, `storage EULAKE-1 root`, `link A -> B`. */
function targetText(target: FaultTarget): string {
  if (target.kind === 'link') return `link ${target.from} -> ${target.to}`;
  const protocol = target.kind === 'storage' && target.protocol !== '' ? ` ${target.protocol}` : '';
  return `${target.kind} ${target.name}${protocol}`;
}
