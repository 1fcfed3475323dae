// Experiments, their workflows and the background: from what is written to the model, names looked up.
import { checkLaw } from '../language/law-mistakes.ts';
import { child } from '../language/pointer.ts';
import { bytes, lawOf, rate, seconds, share } from '../language/quantities.ts';
import { checkReference } from '../language/references.ts';
import { parseQuantity } from '../core/units.ts';
import { selectOrReport } from './expressions.ts';
import { resolveMoment, resolveWindow } from './moments.ts';
import type { ScenarioContext } from './names.ts';
import type {
  Access,
  Background,
  ExistingData,
  Experiment,
  Injection,
  ReplicationStep,
  Schedule,
  TransitionStep,
  Workflow,
} from './scenario.ts';
import {
  SHAPES,
  type WrittenAccess,
  type WrittenBackground,
  type WrittenExisting,
  type WrittenExperiment,
  type WrittenInjection,
  type WrittenReplication,
  type WrittenSchedule,
  type WrittenTransition,
  type WrittenWorkflow,
} from './schema.ts';

/** What is read at once of a file without a cache in between, where the scenario does not say: 8 MiB. */
const DEFAULT_RANGE_BYTES = 8 * 1024 * 1024;

export function resolveExperiment(
  name: string,
  written: WrittenExperiment,
  at: string,
  context: ScenarioContext,
): Experiment {
  const scope = written.scope ?? name;
  const workflows = new Map<string, Workflow>();
  for (const [workflow, each] of Object.entries(written.workflows)) {
    workflows.set(workflow, resolveWorkflow(workflow, each, scope, child(child(at, 'workflows'), workflow), context));
  }
  return { name, scope, workflows };
}

function resolveWorkflow(
  name: string,
  written: WrittenWorkflow,
  scope: string,
  at: string,
  context: ScenarioContext,
): Workflow {
  const { report } = context;
  const { activity } = written;
  if (written.inject === undefined && written.uses.length === 0) {
    report.mismatch(at, '', 'the workflow has no data', 'it needs `inject` or `uses`');
  }
  const steps = <T, R>(list: readonly T[], key: string, make: (item: T, at: string) => R): R[] =>
    report.entries(list, child(at, key)).map((entry) => make(entry.item, entry.at));
  return {
    name,
    activity,
    scope: written.scope ?? scope,
    uses: steps(written.uses, 'uses', (item, place) => resolveExisting(item, place, context)),
    inject: written.inject === undefined ? undefined : resolveInjection(written.inject, child(at, 'inject'), context),
    replicate: steps(written.replicate, 'replicate', (item, place) => resolveRule(item, activity, place, context)),
    transition: steps(written.transition, 'transition', (item, place) => resolveTransition(item, place, context)),
    access: steps(written.access, 'access', (item, place) => resolveAccess(item, place, context)),
  };
}

function resolveExisting(written: WrittenExisting, at: string, context: ScenarioContext): ExistingData {
  checkStorage(written.at, child(at, 'at'), context);
  checkLaw(context.report, child(at, 'size'), written.size, 'bytes');
  return {
    name: written.name,
    at: written.at,
    datasets: written.datasets,
    filesPerDataset: written.files,
    size: lawOf(written.size, 'bytes'),
  };
}

function resolveInjection(written: WrittenInjection, at: string, context: ScenarioContext): Injection {
  const { report, lake, lakeNames } = context;
  checkStorage(written.at, child(at, 'at'), context);
  const storage = lake?.storages.get(written.at);
  if (written.from !== undefined && lakeNames !== undefined) {
    checkReference(report, child(at, 'from'), written.from, lakeNames.sites);
  }
  checkProtocol(written.protocol, written.at, child(at, 'protocol'), context);
  const [key, data] =
    written.datasets === undefined
      ? (['files', { count: 1, files: written.files?.count ?? 1, size: written.files?.size ?? '1 B' }] as const)
      : (['datasets', written.datasets] as const);
  checkLaw(report, child(child(at, key), 'size'), data.size, 'bytes');
  return {
    at: written.at,
    from: written.from ?? storage?.site ?? '',
    datasets: data.count,
    filesPerDataset: data.files,
    size: lawOf(data.size, 'bytes'),
    schedule: resolveSchedule(written.schedule, child(at, 'schedule'), context),
    workers: written.workers,
    protocol: written.protocol,
    retries: written.retries,
  };
}

function resolveSchedule(written: WrittenSchedule, at: string, context: ScenarioContext): Schedule {
  const shape = typeof written.shape === 'string' ? SHAPES[written.shape] : written.shape;
  if (shape.every((part) => part === 0)) {
    context.report.error(child(at, 'shape'), 'every part is 0: nothing happens', 'give at least one more');
  }
  return { ...resolveWindow(written, at, context), arrivals: written.arrivals, shape };
}

function resolveRule(
  written: WrittenReplication,
  activity: string,
  at: string,
  context: ScenarioContext,
): ReplicationStep {
  const { report } = context;
  const selected = selectOrReport(written.to, child(at, 'to'), context);
  if (selected !== undefined && written.copies > selected.length) {
    const place = selected.length === 1 ? '1 storage matches' : `${selected.length} storages match`;
    report.mismatch(at, 'copies', `${written.copies} copies, but ${place} ${written.to}`);
  }
  if (written.after !== undefined && written.at !== undefined) {
    report.mismatch(at, 'after', 'only one of after, at can be there, and both are', '', 'key');
  }
  if (written.sources !== '') selectOrReport(written.sources, child(at, 'sources'), context);
  return {
    to: written.to,
    copies: written.copies,
    lifetimeSeconds: written.lifetime === undefined ? undefined : seconds(written.lifetime),
    afterSeconds: written.after === undefined ? 0 : seconds(written.after),
    atSeconds:
      written.at === undefined ? undefined : resolveMoment(written.at, child(at, 'at'), context, { end: 'outside' }),
    activity: written.activity ?? activity,
    priority: written.priority,
    asynchronous: written.asynchronous,
    deleteSourceWhenDone: written['delete-source-when-done'],
    sources: written.sources,
  };
}

function resolveTransition(written: WrittenTransition, at: string, context: ScenarioContext): TransitionStep {
  selectOrReport(written.to, child(at, 'to'), context);
  return {
    to: written.to,
    afterSeconds: seconds(written.after),
    release: written.release,
    lifetimeSeconds: written.lifetime === undefined ? undefined : seconds(written.lifetime),
  };
}

function resolveAccess(written: WrittenAccess, at: string, context: ScenarioContext): Access {
  const { report, lakeNames, lake } = context;
  if (lakeNames !== undefined) {
    checkReference(report, child(at, 'at'), written.at, lakeNames.sites);
    if (written.through !== undefined) {
      checkReference(report, child(at, 'through'), written.through, lakeNames.caches);
    }
  }
  if (written.from !== 'nearest') {
    checkStorage(written.from, child(at, 'from'), context);
    checkProtocol(written.reads.protocol, written.from, child(child(at, 'reads'), 'protocol'), context);
  }
  const cache = lake?.caches.get(written.through ?? '');
  const { ranges } = written.reads;
  return {
    name: written.name,
    at: written.at,
    through: written.through ?? '',
    from: written.from,
    schedule: resolveSchedule(written.schedule, child(at, 'schedule'), context),
    sessions:
      'rate' in written.sessions
        ? { perSecond: parseQuantity(written.sessions.rate, 'event-rate') }
        : { count: written.sessions.count },
    filesPerSession: filesPerSession(written.reads.files, child(child(at, 'reads'), 'files'), context),
    zipf: written.reads.of === 'uniform' ? 0 : Number(written.reads.of.slice('zipf '.length)),
    readShare: share(written.reads.share),
    rangeBytes: ranges === undefined ? (cache?.blockBytes ?? DEFAULT_RANGE_BYTES) : bytes(ranges),
    protocol: written.reads.protocol,
    processingBps: rate(written.processing),
  };
}

function filesPerSession(written: number | string, at: string, context: ScenarioContext): { min: number; max: number } {
  if (typeof written === 'number') return { min: written, max: written };
  const [min = 1, max = 1] = written.split('..').map(Number);
  if (min > max) context.report.error(at, 'the range runs backwards', `write ${max}..${min}`);
  return { min, max };
}

export function resolveBackground(
  name: string,
  written: WrittenBackground,
  at: string,
  context: ScenarioContext,
): Background {
  const selected = selectOrReport(written.between, child(at, 'between'), context);
  if (selected?.length === 1) {
    context.report.warning(child(at, 'between'), `matches only ${selected[0]?.name ?? ''}: there is no pair`);
  }
  checkLaw(context.report, child(at, 'size'), written.size, 'bytes');
  return {
    name,
    everySeconds: seconds(written.every),
    between: written.between,
    size: lawOf(written.size, 'bytes'),
    lifetimeSeconds: seconds(written.lifetime),
    activity: written.activity,
    scope: written.scope,
    ...resolveWindow(written, at, context),
  };
}

function checkStorage(name: string, at: string, context: ScenarioContext): void {
  if (context.lakeNames !== undefined) checkReference(context.report, at, name, context.lakeNames.storages);
}

function checkProtocol(protocol: string, storage: string, at: string, context: ScenarioContext): void {
  const protocols = context.lake?.storages.get(storage)?.protocols;
  if (protocol === '' || protocols === undefined) return;
  const known = new Set(protocols.map(({ name }) => name));
  checkReference(context.report, at, protocol, { kind: 'protocol', known, where: ` at ${storage}` });
}
