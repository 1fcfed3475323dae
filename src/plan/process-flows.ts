// The flows that follow from what one process asks for: uploads, copies, reads, and what caches fetch.
import { assert } from '../core/errors.ts';
import type { Lake, Storage } from '../lake/lake.ts';
import { networkPath } from '../lake/path.ts';
import type { Access, Background, ReplicationStep, TransitionStep, Workflow } from '../scenario/scenario.ts';
import { backgroundPairs } from './background.ts';
import { meanFileBytes, type Counter, type Holding } from './counter.ts';
import { flowOf, scaled, type Flow, type FlowEnd } from './flow.ts';
import type { Process } from './plan.ts';
import { Whereabouts } from './whereabouts.ts';

export function flowsOf(counter: Counter, lake: Lake): Flow[] {
  const { definition } = counter.process;
  return definition.kind === 'background'
    ? backgroundFlows(counter, definition.background, lake)
    : workflowFlows(counter, definition.workflow, lake);
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

/** Each pair has the same share of every round: one array serves them all. */
function backgroundFlows(counter: Counter, background: Background, lake: Lake): Flow[] {
  const pairs = backgroundPairs(background.between, lake);
  if (pairs.length === 0) return [];
  const bytes = scaled(counter.injectedBytes, 1 / pairs.length);
  const files = scaled(counter.injectedFiles, 1 / pairs.length);
  const pairsBySource = new Map<string, number>();
  for (const { source } of pairs) pairsBySource.set(source, (pairsBySource.get(source) ?? 0) + 1);
  const common = {
    process: counter.process,
    largestFileBytes: counter.holdings[0]!.largestFileBytes,
    lifetimeSeconds: background.lifetimeSeconds,
    freedPerByte: 0,
  };
  const uploads = [...pairsBySource].map(([name, count]) => {
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
        largestFileBytes: holding.largestFileBytes,
        lifetimeSeconds: undefined,
        freedPerByte: 0,
      }),
    );
  }
  const whereabouts = counter.holdings.map((holding) => new Whereabouts(lake, holding.storage));
  for (const [step, byHolding] of counter.due) {
    counter.holdings.forEach((holding, index) => {
      const due = byHolding[index]!;
      if (due.every((count) => count === 0)) return;
      flows.push(...copyFlows(process, step, holding, due, whereabouts[index]!, lake));
    });
  }
  for (const [access, sessions] of counter.sessions) {
    flows.push(...readFlows(counter, access, sessions, whereabouts, lake));
  }
  return flows;
}

function copyFlows(
  process: Process,
  step: ReplicationStep | TransitionStep,
  holding: Holding,
  due: Float64Array,
  whereabouts: Whereabouts,
  lake: Lake,
): Flow[] {
  const datasetBytes = meanFileBytes(holding) * holding.filesPerDataset;
  return whereabouts.take(step).map(({ from, to, share, freedPerByte }) =>
    flowOf({
      kind: 'copy',
      process,
      from: storageEnd(storageNamed(lake, from)),
      to: storageEnd(storageNamed(lake, to)),
      bytes: scaled(due, share * datasetBytes),
      files: scaled(due, share * holding.filesPerDataset),
      largestFileBytes: holding.largestFileBytes,
      lifetimeSeconds: step.lifetimeSeconds,
      freedPerByte,
    }),
  );
}

function readFlows(
  counter: Counter,
  access: Access,
  sessions: Float64Array,
  whereabouts: readonly Whereabouts[],
  lake: Lake,
): Flow[] {
  const files = counter.holdings.reduce((total, holding) => total + holding.files, 0);
  const filesPerSession = Math.min((access.filesPerSession.min + access.filesPerSession.max) / 2, files);
  return counter.holdings.flatMap((holding, index) => {
    if (holding.files === 0) return [];
    // Every file as likely: a holding's share is its share of the files. Zipf's law prefers the first; see docs/plan.md.
    const filesRead = scaled(sessions, filesPerSession * (holding.files / files));
    const bytesRead = scaled(filesRead, meanFileBytes(holding) * access.readShare);
    const from = storageEnd(storageNamed(lake, readPlace(access, whereabouts[index]!.complete, holding, lake)));
    const common = {
      kind: 'read' as const,
      process: counter.process,
      largestFileBytes: holding.largestFileBytes * access.readShare,
      lifetimeSeconds: undefined,
      freedPerByte: 0,
    };
    const to = clientEnd(access.at);
    if (access.through === '') return [flowOf({ ...common, from, to, bytes: bytesRead, files: filesRead })];
    const cache = lake.caches.get(access.through);
    assert(cache !== undefined, `a checked scenario names only caches of its lake, not ${access.through}`);
    const cacheEnd = { site: cache.site, storage: '', cache: cache.name };
    const fetched = {
      bytes: firstOf(bytesRead, holding.bytes * access.readShare),
      files: firstOf(filesRead, holding.files),
    };
    return [
      flowOf({ ...common, from, to: cacheEnd, ...fetched }),
      flowOf({ ...common, from: cacheEnd, to, bytes: bytesRead, files: filesRead }),
    ];
  });
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

/** The storage named, or of those that hold all the data or will the nearest to the readers. */
function readPlace(access: Access, complete: ReadonlySet<string>, holding: Holding, lake: Lake): string {
  if (access.from !== 'nearest') return access.from;
  const places = complete.size === 0 ? [holding.storage] : [...complete];
  const reader = access.through === '' ? access.at : (lake.caches.get(access.through)?.site ?? access.at);
  const distance = (name: string): number => networkPath(lake, storageNamed(lake, name).site, reader).rttSeconds;
  return places.reduce((best, name) => (distance(name) < distance(best) ? name : best));
}
