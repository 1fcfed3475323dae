// What the plan wants to do while something is down: what is to be written then, and what has to wait and for how long.
import { formatBytes, formatCount, formatDuration } from '../core/units.ts';
import type { CheckedScenario, Expectation, Fault } from '../scenario/scenario.ts';
import { patienceSeconds } from './client-patience.ts';
import type { DayClock } from './day-clock.ts';
import type { Demand } from './demand.ts';
import type { Flow } from './flow.ts';
import { flowsMeeting } from './fault-share.ts';
import { finding, type Finding } from './finding.ts';
import { queueFluid, type FluidQueue } from './fluid-queue.ts';
import type { Resource } from './resources.ts';
import { partAt } from './time-grid.ts';

/** One finding for each fault that something planned runs into. */
export function faultFindings(
  { scenario, lake }: CheckedScenario,
  demand: Demand,
  resources: readonly Resource[],
  clock: DayClock,
): Finding[] {
  const queues = new Map<Resource, FluidQueue>();
  return scenario.faults.flatMap((fault) => {
    if (!(fault.forSeconds > 0) || fault.atSeconds >= demand.grid.durationSeconds) return [];
    const { reach, flows } = flowsMeeting(fault, demand.flows, resources, lake);
    const partly = reach === 'some';
    const met = sumsWithin(fault, flows, demand);
    const wait = longestWaitIn(fault, resources, queues, demand);
    const tooMuch = partly ? [] : brokenVolumes(met, demand, scenario.expectations);
    return describe(fault, met, wait, partly, tooMuch, clock);
  });
}

interface Met {
  readonly uploadedFiles: number;
  readonly uploadedBytes: number;
  readonly movedBytes: number;
  /** Who writes, largest first. */
  readonly writers: readonly string[];
  /** What clients give up before the fault is over. */
  readonly givenUpByExperiment: ReadonlyMap<string, number>;
}

function sumsWithin(fault: Fault, flows: readonly Flow[], demand: Demand): Met {
  const first = partAt(demand.grid, fault.atSeconds);
  const last = partAt(demand.grid, fault.atSeconds + fault.forSeconds - 1e-6);
  let uploadedFiles = 0;
  let uploadedBytes = 0;
  let movedBytes = 0;
  const bytesByWriter = new Map<string, number>();
  const givenUpByExperiment = new Map<string, number>();
  for (const flow of flows) {
    let bytes = 0;
    let files = 0;
    for (let bin = first; bin <= last; bin++) {
      bytes += flow.bytes[bin]!;
      files += flow.files[bin]!;
    }
    if (flow.kind !== 'upload') {
      movedBytes += bytes;
      continue;
    }
    uploadedFiles += files;
    uploadedBytes += bytes;
    const { experiment, workflow } = flow.process;
    const writer = experiment === '' ? workflow : `${experiment}/${workflow}`;
    if (patienceSeconds(flow.process) < fault.forSeconds) {
      givenUpByExperiment.set(experiment, (givenUpByExperiment.get(experiment) ?? 0) + bytes);
    }
    if (bytes > 0) bytesByWriter.set(writer, (bytesByWriter.get(writer) ?? 0) + bytes);
  }
  const writers = [...bytesByWriter].toSorted((one, other) => other[1] - one[1]).map(([writer]) => writer);
  return { uploadedFiles: Math.round(uploadedFiles), uploadedBytes, movedBytes, writers, givenUpByExperiment };
}

/**
 * Experiments that expect more of their volume than is left if what their clients give up during the fault is not written. Not
 * an error: a client that waits for a worker meanwhile may write later.
 */
function brokenVolumes(met: Met, demand: Demand, expectations: readonly Expectation[]): string[] {
  const broken: string[] = [];
  for (const [experiment, lost] of met.givenUpByExperiment) {
    if (experiment === '') continue;
    const own = demand.flows.filter((flow) => flow.process.experiment === experiment);
    const planned = own.reduce((sum, flow) => sum + flow.totalBytes, 0);
    const expectation = expectations.find(
      (one) =>
        one.per === 'experiment' &&
        one.metric === 'volume' &&
        one.relativeTo !== '' &&
        !one.exceptFaults &&
        (one.of.length === 0 || one.of.includes(experiment)) &&
        lost > planned * (1 - one.limit),
    );
    if (expectation !== undefined) broken.push(`${experiment} may miss "${expectation.text}"`);
  }
  return broken;
}

/** The longest wait, at any resource that the fault reduces, of what is asked while it lasts. */
function longestWaitIn(
  fault: Fault,
  resources: readonly Resource[],
  queues: Map<Resource, FluidQueue>,
  demand: Demand,
): number {
  const first = partAt(demand.grid, fault.atSeconds);
  const last = partAt(demand.grid, fault.atSeconds + fault.forSeconds - 1e-6);
  let longest = 0;
  for (const resource of resources) {
    if (!resource.faults.includes(fault) || resource.perSecond === Infinity) continue;
    let queue = queues.get(resource);
    if (queue === undefined) {
      queue = queueFluid(resource.asked, resource.available, demand.grid.stepSeconds);
      queues.set(resource, queue);
    }
    for (let bin = first; bin <= last; bin++) longest = Math.max(longest, queue.waitSeconds[bin]!);
  }
  return longest;
}

function describe(
  fault: Fault,
  met: Met,
  waitSeconds: number,
  partly: boolean,
  tooMuch: readonly string[],
  clock: DayClock,
): Finding[] {
  const parts: string[] = [];
  if (met.uploadedFiles > 0) {
    const [first, ...rest] = met.writers;
    const who = rest.length === 0 ? first : `${first} and ${rest.length} more`;
    const files = met.uploadedFiles === 1 ? '1 file' : `${formatCount(met.uploadedFiles)} files`;
    const are = met.uploadedFiles === 1 ? 'is' : 'are';
    parts.push(`${files} (${formatBytes(met.uploadedBytes)}) ${are} to be written by ${who}`);
  }
  if (met.movedBytes >= 1)
    parts.push(`${formatBytes(met.movedBytes)} ${met.uploadedFiles > 0 ? '' : 'are '}to be copied or read`);
  if (waitSeconds > 0) {
    parts.push(
      Number.isFinite(waitSeconds)
        ? `what can wait waits up to ${formatDuration(wholeMinutes(waitSeconds))}`
        : 'not all that waits is done at the end',
    );
  }
  if (parts.length === 0) return [];
  if (partly && met.uploadedBytes + met.movedBytes > 0) parts.push('part of which fails and is tried again');
  const toSeconds = fault.atSeconds + fault.forSeconds;
  return [
    finding({
      severity: 'warning',
      code: 'meets-fault',
      subject: fault.text,
      text: `${clock.window(fault.atSeconds, toSeconds)}; meanwhile ${parts.join(', ')}`,
      fromSeconds: fault.atSeconds,
      toSeconds,
      asked: met.uploadedBytes + met.movedBytes,
      unit: 'bytes',
      hint: met.uploadedFiles > 0 && !partly ? [clientsWord(met), ...tooMuch].join('; ') : '',
    }),
  ];
}

function clientsWord({ givenUpByExperiment }: Met): string {
  return givenUpByExperiment.size > 0 ? 'clients try a few times and give up' : 'clients try until it is over';
}

/** Seconds say nothing about what is known to five minutes. */
function wholeMinutes(seconds: number): number {
  return seconds < 600 ? seconds : Math.round(seconds / 60) * 60;
}
