// What one process asks for, counted while its plan streams by: by part of the day, never by dataset or file.
import type { Access, ReplicationStep, TransitionStep } from '../scenario/scenario.ts';
import type { Plan, Process } from './plan.ts';
import { partAt, type TimeGrid } from './time-grid.ts';

/** Data of a process that begins in one place: one entry of `uses`, or all it injects. */
export interface Holding {
  readonly storage: string;
  readonly firstDataset: number;
  readonly filesPerDataset: number;
  bytes: number;
  files: number;
  largestFileBytes: number;
}

export interface Counter {
  readonly process: Process;
  readonly holdings: Holding[];
  readonly injectedBytes: Float64Array;
  readonly injectedFiles: Float64Array;
  /** Datasets due by bin, for each step (in the order in which steps begin) and each holding: `due.get(step)[holding][bin]`. */
  readonly due: Map<ReplicationStep | TransitionStep, Float64Array[]>;
  readonly sessions: Map<Access, Float64Array>;
}

/** The rules of a background activity are all of one shape: they count under this step. */
export const BACKGROUND_STEP: TransitionStep = {
  to: '',
  afterSeconds: 0,
  release: false,
  lifetimeSeconds: undefined,
};

export function meanFileBytes(holding: Holding): number {
  return holding.files === 0 ? 0 : holding.bytes / holding.files;
}

/** Streams the plan once; one counter for each process, by its number. */
export function countPlan(plan: Plan, grid: TimeGrid): { counters: Counter[]; existingBytes: Map<string, number> } {
  const counters = plan.processes.map((process) => newCounter(process, grid));
  const existingBytes = countExisting(plan, counters);
  countIntents(plan, counters, grid);
  return { counters, existingBytes };
}

function newCounter(process: Process, grid: TimeGrid): Counter {
  const holdings: Holding[] = [];
  let firstDataset = 0;
  const add = (storage: string, datasets: number, filesPerDataset: number): void => {
    holdings.push({ storage, firstDataset, filesPerDataset, bytes: 0, files: 0, largestFileBytes: 0 });
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

/** Bytes there before the day by storage. */
function countExisting(plan: Plan, counters: readonly Counter[]): Map<string, number> {
  const bytesByStorage = new Map<string, number>();
  for (const { process, dataset, storage, fileSizesBytes } of plan.existing()) {
    const { holdings } = counters[process]!;
    const holding = holdings[holdingAt(holdings, dataset)]!;
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

/** The number of the holding to which a dataset belongs. */
function holdingAt(holdings: readonly Holding[], dataset: number): number {
  let index = holdings.length - 1;
  while (index > 0 && dataset < holdings[index]!.firstDataset) index--;
  return index;
}

function countIntents(plan: Plan, counters: readonly Counter[], grid: TimeGrid): void {
  for (const intent of plan.intents()) {
    if (intent.kind === 'fault') continue;
    const counter = counters[intent.process]!;
    const bin = partAt(grid, intent.atSeconds);
    if (intent.kind === 'inject') {
      countFile(counter, bin, intent.sizeBytes);
    } else if (intent.kind === 'access') {
      let starts = counter.sessions.get(intent.access);
      if (starts === undefined) counter.sessions.set(intent.access, (starts = new Float64Array(grid.count)));
      starts[bin]!++;
    } else {
      const step = counter.process.definition.kind === 'background' ? BACKGROUND_STEP : intent.step;
      let byHolding = counter.due.get(step);
      if (byHolding === undefined) {
        byHolding = counter.holdings.map(() => new Float64Array(grid.count));
        counter.due.set(step, byHolding);
      }
      byHolding[holdingAt(counter.holdings, intent.dataset)]![bin]!++;
    }
  }
}

function countFile(counter: Counter, bin: number, sizeBytes: number): void {
  counter.injectedBytes[bin]! += sizeBytes;
  counter.injectedFiles[bin]!++;
  const holding = counter.holdings.at(-1)!;
  holding.bytes += sizeBytes;
  holding.files++;
  if (sizeBytes > holding.largestFileBytes) holding.largestFileBytes = sizeBytes;
}
