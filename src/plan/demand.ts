// What the plan asks of the lake, added up from one pass over its intents: flows of bytes and files by route and time.
import { assert } from '../core/errors.ts';
import { meanOf } from '../core/law.ts';
import type { Lake, Storage } from '../lake/lake.ts';
import { networkPath } from '../lake/path.ts';
import { selectStorages } from '../lake/rse-expression.ts';
import type { Access, CheckedScenario, ReplicationStep, TransitionStep, Workflow } from '../scenario/scenario.ts';
import { backgroundPairs } from './background.ts';
import type { Plan, Process } from './plan.ts';
import { binsOf, partAt, type TimeGrid } from './time-grid.ts';

/** An end of a flow: a storage, or a client or cache at a site. */
export interface FlowEnd {
  readonly site: string;
  /** Empty for a client and for a cache. */
  readonly storage: string;
  /** Empty but for a cache. */
  readonly cache: string;
}

/** Bytes that one activity wants to move over one route. */
export interface Flow {
  readonly kind: 'upload' | 'copy' | 'read';
  readonly process: Process;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  /** By bin of the demand's grid. Flows may share an array: not to be changed. */
  readonly bytes: Float64Array;
  readonly files: Float64Array;
  readonly totalBytes: number;
  readonly totalFiles: number;
  /** Of a dataset on average, for copies; of one file otherwise. */
  readonly unitBytes: number;
  /** The largest file met, or the mean where files are not met one by one. */
  readonly largestFileBytes: number;
  /** How long the copy stays at the destination; undefined: for ever, or not a copy. */
  readonly lifetimeSeconds: number | undefined;
  /** Bytes that go from the source for each byte copied: 1, shared among the copies, where the source's copy is freed. */
  readonly freedPerByte: number;
}

/** What one process does by bin, as people see it in a timeline. */
export interface Activity {
  readonly process: Process;
  readonly injectedBytes: Float64Array;
  readonly injectedFiles: Float64Array;
  /** Rules' and transitions' copies, without those that need no transfer. */
  readonly copiedBytes: Float64Array;
  readonly rules: Float64Array;
  readonly transitions: Float64Array;
  readonly sessions: Float64Array;
  readonly readBytes: Float64Array;
}

export interface Demand {
  readonly grid: TimeGrid;
  readonly flows: readonly Flow[];
  readonly activities: readonly Activity[];
  /** Bytes there before the day by storage: those of `uses`. */
  readonly existingBytes: ReadonlyMap<string, number>;
}

/** Data of a process that lies in one place: one entry of `uses`, or all it injects. */
interface Holding {
  readonly storage: string;
  readonly firstDataset: number;
  readonly datasets: number;
  readonly filesPerDataset: number;
  bytes: number;
  files: number;
  largestFileBytes: number;
}

/** Counts of one process while the plan streams by. */
interface Counter {
  readonly process: Process;
  readonly holdings: Holding[];
  readonly injectedBytes: Float64Array;
  readonly injectedFiles: Float64Array;
  /** Datasets due by bin, for each step and each holding: `due.get(step)[holding][bin]`. */
  readonly due: Map<ReplicationStep | TransitionStep, Float64Array[]>;
  readonly sessions: Map<Access, Float64Array>;
}

/**
 * Streams the plan once. A dataset counts with the mean size of those that lie where it lies, so that nothing is kept per
 * dataset. Where an expression leaves a choice, the copies are spread evenly over what it selects; a copy that is already
 * there needs none. Sessions read from the place named, or from the nearest that will hold the data; a cache fetches each
 * byte once.
 */
export function demandOf(checked: CheckedScenario, plan: Plan): Demand {
  const grid = binsOf(plan.durationSeconds);
  const counters = plan.processes.map((process) => newCounter(process, grid));
  const existingBytes = countExisting(plan, counters);
  countIntents(plan, counters, grid);
  const flows: Flow[] = [];
  const activities: Activity[] = [];
  for (const counter of counters) {
    const own =
      counter.process.definition.kind === 'background'
        ? backgroundFlows(counter, checked.lake)
        : workflowFlows(counter, counter.process.definition.workflow, checked.lake);
    flows.push(...own);
    activities.push(activityOf(counter, own, grid));
  }
  return { grid, flows, activities, existingBytes };
}

function newCounter(process: Process, grid: TimeGrid): Counter {
  const holdings: Holding[] = [];
  let firstDataset = 0;
  const add = (storage: string, datasets: number, filesPerDataset: number): void => {
    holdings.push({ storage, firstDataset, datasets, filesPerDataset, bytes: 0, files: 0, largestFileBytes: 0 });
    firstDataset += datasets;
  };
  if (process.definition.kind === 'workflow') {
    const { uses, inject } = process.definition.workflow;
    for (const data of uses) add(data.at, data.datasets, data.filesPerDataset);
    if (inject !== undefined) add(inject.at, inject.datasets, inject.filesPerDataset);
  } else {
    add('', Infinity, 1);
  }
  return {
    process,
    holdings,
    injectedBytes: new Float64Array(grid.count),
    injectedFiles: new Float64Array(grid.count),
    due: new Map(),
    sessions: new Map(),
  };
}

function countExisting(plan: Plan, counters: readonly Counter[]): Map<string, number> {
  const bytesByStorage = new Map<string, number>();
  for (const { process, dataset, storage, fileSizesBytes } of plan.existing()) {
    const holding = holdingOf(counters[process]!, dataset);
    let bytes = 0;
    for (const size of fileSizesBytes) {
      bytes += size;
      holding.largestFileBytes = Math.max(holding.largestFileBytes, size);
    }
    holding.bytes += bytes;
    holding.files += fileSizesBytes.length;
    bytesByStorage.set(storage, (bytesByStorage.get(storage) ?? 0) + bytes);
  }
  return bytesByStorage;
}

function holdingOf(counter: Counter, dataset: number): Holding {
  const { holdings } = counter;
  for (let index = holdings.length - 1; index >= 0; index--) {
    if (dataset >= holdings[index]!.firstDataset) return holdings[index]!;
  }
  throw new Error('internal fault: a dataset of a plan has a holding');
}

function countIntents(plan: Plan, counters: readonly Counter[], grid: TimeGrid): void {
  for (const intent of plan.intents()) {
    if (intent.kind === 'fault') continue;
    const counter = counters[intent.process]!;
    const bin = partAt(grid, intent.atSeconds);
    switch (intent.kind) {
      case 'inject': {
        counter.injectedBytes[bin]! += intent.sizeBytes;
        counter.injectedFiles[bin]!++;
        const holding = counter.holdings.at(-1)!;
        holding.bytes += intent.sizeBytes;
        holding.files++;
        if (intent.sizeBytes > holding.largestFileBytes) holding.largestFileBytes = intent.sizeBytes;
        break;
      }
      case 'access':
        valuesOf(counter.sessions, intent.access, grid)[bin]!++;
        break;
      default: {
        // All rules of a background activity have the same shape: they count under one step.
        const step = counter.process.definition.kind === 'background' ? BACKGROUND_STEP : intent.step;
        let byHolding = counter.due.get(step);
        if (byHolding === undefined) {
          byHolding = counter.holdings.map(() => new Float64Array(grid.count));
          counter.due.set(step, byHolding);
        }
        byHolding[counter.holdings.indexOf(holdingOf(counter, intent.dataset))]![bin]!++;
      }
    }
  }
}

const BACKGROUND_STEP: TransitionStep = { to: '', afterSeconds: 0, release: false, lifetimeSeconds: undefined };

function valuesOf<Key>(map: Map<Key, Float64Array>, key: Key, grid: TimeGrid): Float64Array {
  let values = map.get(key);
  if (values === undefined) {
    values = new Float64Array(grid.count);
    map.set(key, values);
  }
  return values;
}

function scaled(values: Float64Array, factor: number): Float64Array {
  return values.map((value) => value * factor);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function storageEnd(storage: Storage): FlowEnd {
  return { site: storage.site, storage: storage.name, cache: '' };
}

function clientEnd(site: string): FlowEnd {
  return { site, storage: '', cache: '' };
}

function storageNamed(lake: Lake, name: string): Storage {
  const storage = lake.storages.get(name);
  assert(storage !== undefined, `a checked scenario names only storages of its lake, not ${name}`);
  return storage;
}

function flowOf(parts: Omit<Flow, 'totalBytes' | 'totalFiles'>): Flow {
  return { ...parts, totalBytes: sum(parts.bytes), totalFiles: sum(parts.files) };
}

/** Each pair has the same share of every round: one array serves them all. */
function backgroundFlows(counter: Counter, lake: Lake): Flow[] {
  assert(counter.process.definition.kind === 'background', 'only a background activity has pairs');
  const { background } = counter.process.definition;
  const pairs = backgroundPairs(background.between, lake);
  if (pairs.length === 0) return [];
  const bytes = scaled(counter.injectedBytes, 1 / pairs.length);
  const files = scaled(counter.injectedFiles, 1 / pairs.length);
  const sources = new Map<string, number>();
  for (const { source } of pairs) sources.set(source, (sources.get(source) ?? 0) + 1);
  const common = {
    process: counter.process,
    unitBytes: meanOf(background.size),
    largestFileBytes: counter.holdings[0]!.largestFileBytes,
    lifetimeSeconds: background.lifetimeSeconds,
    freedPerByte: 0,
  };
  const uploads = [...sources].map(([name, count]) => {
    const storage = storageNamed(lake, name);
    const ends = { from: clientEnd(storage.site), to: storageEnd(storage) };
    return flowOf({ ...common, ...ends, kind: 'upload', bytes: scaled(bytes, count), files: scaled(files, count) });
  });
  const copies = pairs.map(({ source, destination }) => {
    const ends = { from: storageEnd(storageNamed(lake, source)), to: storageEnd(storageNamed(lake, destination)) };
    return flowOf({ ...common, ...ends, kind: 'copy', bytes, files });
  });
  return [...uploads, ...copies];
}

function workflowFlows(counter: Counter, workflow: Workflow, lake: Lake): Flow[] {
  const flows: Flow[] = [];
  const { process } = counter;
  if (workflow.inject !== undefined) {
    const holding = counter.holdings.at(-1)!;
    flows.push(
      flowOf({
        kind: 'upload',
        process,
        from: clientEnd(workflow.inject.from),
        to: storageEnd(storageNamed(lake, workflow.inject.at)),
        bytes: counter.injectedBytes,
        files: counter.injectedFiles,
        unitBytes: meanFileBytes(holding),
        largestFileBytes: holding.largestFileBytes,
        lifetimeSeconds: undefined,
        freedPerByte: 0,
      }),
    );
  }
  for (const [step, byHolding] of counter.due) {
    counter.holdings.forEach((holding, index) => {
      if (byHolding[index]!.some((count) => count > 0)) {
        flows.push(...copyFlows(process, step, holding, byHolding[index]!, lake));
      }
    });
  }
  for (const [access, sessions] of counter.sessions)
    flows.push(...readFlows(counter, workflow, access, sessions, lake));
  return flows;
}

function meanFileBytes(holding: Holding): number {
  return holding.files === 0 ? 0 : holding.bytes / holding.files;
}

/** The storages a step's copies may go to, how many copies are needed, and the share of the datasets that each gets. */
export function destinationsOf(
  step: ReplicationStep | TransitionStep,
  origin: string,
  lake: Lake,
): { storages: readonly string[]; needed: number; share: number } {
  const matches = selectStorages(step.to, lake.storages.values());
  const others = matches.filter((name) => name !== origin);
  const there = others.length < matches.length ? 1 : 0;
  const copies = 'copies' in step ? step.copies : 1;
  const needed = Math.min(Math.max(0, copies - there), others.length);
  return { storages: others, needed, share: others.length === 0 ? 0 : needed / others.length };
}

function copyFlows(
  process: Process,
  step: ReplicationStep | TransitionStep,
  holding: Holding,
  due: Float64Array,
  lake: Lake,
): Flow[] {
  const { storages, share, needed } = destinationsOf(step, holding.storage, lake);
  if (needed === 0) return [];
  const datasetBytes = meanFileBytes(holding) * holding.filesPerDataset;
  const bytes = scaled(due, share * datasetBytes);
  const files = scaled(due, share * holding.filesPerDataset);
  const frees = 'copies' in step ? step.deleteSourceWhenDone : step.release;
  return storages.map((name) =>
    flowOf({
      kind: 'copy',
      process,
      from: storageEnd(storageNamed(lake, sourceOf(step, holding.storage, lake))),
      to: storageEnd(storageNamed(lake, name)),
      bytes,
      files,
      unitBytes: datasetBytes,
      largestFileBytes: holding.largestFileBytes,
      lifetimeSeconds: step.lifetimeSeconds,
      freedPerByte: frees ? 1 / needed : 0,
    }),
  );
}

/** The origin, unless the rule names sources that leave it out: then the first of those. */
function sourceOf(step: ReplicationStep | TransitionStep, origin: string, lake: Lake): string {
  if (!('sources' in step) || step.sources === '') return origin;
  const allowed = selectStorages(step.sources, lake.storages.values());
  return allowed.includes(origin) ? origin : (allowed[0] ?? origin);
}

function readFlows(counter: Counter, workflow: Workflow, access: Access, sessions: Float64Array, lake: Lake): Flow[] {
  const files = counter.holdings.reduce((total, holding) => total + holding.files, 0);
  const filesPerSession = Math.min((access.filesPerSession.min + access.filesPerSession.max) / 2, files);
  const flows: Flow[] = [];
  for (const holding of counter.holdings) {
    if (holding.files === 0) continue;
    // Every file as likely: a holding's share is its share of the files. Zipf's law prefers the first; see docs/plan.md.
    const filesRead = scaled(sessions, filesPerSession * (holding.files / files));
    const bytesRead = scaled(filesRead, meanFileBytes(holding) * access.readShare);
    const storage = storageNamed(lake, readPlace(workflow, access, holding, lake));
    const common = {
      kind: 'read' as const,
      process: counter.process,
      unitBytes: meanFileBytes(holding) * access.readShare,
      largestFileBytes: holding.largestFileBytes * access.readShare,
      lifetimeSeconds: undefined,
      freedPerByte: 0,
    };
    if (access.through === '') {
      const ends = { from: storageEnd(storage), to: clientEnd(access.at) };
      flows.push(flowOf({ ...common, ...ends, bytes: bytesRead, files: filesRead }));
      continue;
    }
    const cache = lake.caches.get(access.through);
    assert(cache !== undefined, `a checked scenario names only caches of its lake, not ${access.through}`);
    const cacheEnd = { site: cache.site, storage: '', cache: cache.name };
    const fetched = firstOf(bytesRead, holding.bytes * access.readShare);
    const fills = { from: storageEnd(storage), to: cacheEnd, bytes: fetched, files: firstOf(filesRead, holding.files) };
    flows.push(flowOf({ ...common, ...fills }));
    flows.push(flowOf({ ...common, from: cacheEnd, to: clientEnd(access.at), bytes: bytesRead, files: filesRead }));
  }
  return flows;
}

/** The values until they add up to a limit, nothing after. */
function firstOf(values: Float64Array, limit: number): Float64Array {
  let left = limit;
  return values.map((value) => {
    const taken = Math.min(value, left);
    left -= taken;
    return taken;
  });
}

/** The storage named, or of those that hold the data or will by a rule the nearest to the readers. */
function readPlace(workflow: Workflow, access: Access, holding: Holding, lake: Lake): string {
  if (access.from !== 'nearest') return access.from;
  const places = new Set([holding.storage]);
  for (const step of workflow.replicate) {
    const { storages, share } = destinationsOf(step, holding.storage, lake);
    // Only where every dataset will be: an even spread over many leaves most of them elsewhere.
    if (share === 1) for (const name of storages) places.add(name);
  }
  const reader = access.through === '' ? access.at : (lake.caches.get(access.through)?.site ?? access.at);
  const distance = (name: string): number => networkPath(lake, storageNamed(lake, name).site, reader).rttSeconds;
  return [...places].reduce((best, name) => (distance(name) < distance(best) ? name : best));
}

function activityOf(counter: Counter, flows: readonly Flow[], grid: TimeGrid): Activity {
  const copiedBytes = new Float64Array(grid.count);
  const readBytes = new Float64Array(grid.count);
  for (const flow of flows) {
    const target =
      flow.kind === 'copy' ? copiedBytes : flow.kind === 'read' && flow.to.cache === '' ? readBytes : undefined;
    if (target !== undefined) flow.bytes.forEach((value, bin) => (target[bin]! += value));
  }
  const rules = new Float64Array(grid.count);
  const transitions = new Float64Array(grid.count);
  for (const [step, byHolding] of counter.due) {
    const target = 'copies' in step || step === BACKGROUND_STEP ? rules : transitions;
    for (const due of byHolding) due.forEach((count, bin) => (target[bin]! += count));
  }
  const sessions = new Float64Array(grid.count);
  for (const starts of counter.sessions.values()) starts.forEach((count, bin) => (sessions[bin]! += count));
  return {
    process: counter.process,
    injectedBytes: counter.injectedBytes,
    injectedFiles: counter.injectedFiles,
    copiedBytes,
    rules,
    transitions,
    sessions,
    readBytes,
  };
}
