// Expectations that no run can meet: what is expected against the most that each resource can give.
//
// Only bounds are used: each resource is looked at alone and given to the subject in full, less what faults take for
// certain. What passes here may still fail in a run; what fails here cannot pass.
import { formatBytes, formatDuration, formatRate, formatShare } from '../core/units.ts';
import { linkName } from '../core/sink.ts';
import type { Lake } from '../lake/lake.ts';
import type { CheckedScenario, Expectation } from '../scenario/scenario.ts';
import type { DayClock } from './day-clock.ts';
import type { Demand } from './demand.ts';
import type { Flow } from './flow.ts';
import { finding, type Finding } from './finding.ts';
import { bestHeldShare, leastLate, queueFluid } from './fluid-queue.ts';
import { subjectOf } from './resource-findings.ts';
import { bestRateBps, costPerFile } from './places.ts';
import type { Resource } from './resources.ts';
import { partStart } from './time-grid.ts';

/** Sums of many parts are not exact: a bound counts as broken only beyond this share. */
const TOLERANCE = 0.001;

interface Context {
  readonly lake: Lake;
  readonly demand: Demand;
  readonly resources: readonly Resource[];
  readonly clock: DayClock;
}

/** The findings on expectations that cannot hold, in the order in which they are written. */
export function expectationFindings(
  checked: CheckedScenario,
  demand: Demand,
  resources: readonly Resource[],
  clock: DayClock,
): Finding[] {
  const context: Context = { lake: checked.lake, demand, resources, clock };
  return checked.scenario.expectations.flatMap((expectation) => boundsOf(expectation, context));
}

function boundsOf(expectation: Expectation, context: Context): Finding[] {
  const { metric, comparison } = expectation;
  // Parts of the day and faults left out would need the same cut of demand and capacity: no bound is claimed there.
  if (expectation.during !== undefined || expectation.exceptFaults) return [];
  const atLeast = comparison === '>=' || comparison === '>';
  if (metric === 'time-to-data' && !atLeast) return lateFindings(expectation, context);
  if (metric === 'access-rate' && atLeast) return accessRateFindings(expectation, context);
  if ((metric === 'volume' || metric === 'rate') && atLeast && expectation.relativeTo !== '') {
    return expectation.overSeconds === undefined
      ? volumeFindings(expectation, context)
      : heldRateFindings(expectation, expectation.overSeconds, context);
  }
  return [];
}

/** The flows that count towards a subject, by its name. */
function flowsBySubject(expectation: Expectation, flows: readonly Flow[]): Map<string, Flow[]> {
  const subjects = new Map<string, Flow[]>();
  for (const flow of flows) {
    const name = subjectName(expectation, flow);
    if (name === undefined || (expectation.of.length > 0 && !expectation.of.includes(name))) continue;
    const known = subjects.get(name);
    if (known === undefined) subjects.set(name, [flow]);
    else known.push(flow);
  }
  return subjects;
}

function subjectName(expectation: Expectation, flow: Flow): string | undefined {
  const { experiment, workflow } = flow.process;
  switch (expectation.per) {
    case 'run':
      return experiment === '' ? undefined : 'run';
    case 'experiment':
      return experiment === '' ? undefined : experiment;
    case 'workflow':
      return experiment === '' ? undefined : `${experiment}/${workflow}`;
    case 'link':
      return flow.kind === 'copy' ? linkName(flow.from.storage, flow.to.storage) : undefined;
    default:
      return undefined;
  }
}

/** What a set of flows asks of each resource that it uses and that has a limit. */
function* demandsOn(flows: readonly Flow[], context: Context): Generator<{ resource: Resource; asked: Float64Array }> {
  const wanted = new Set(flows);
  for (const resource of context.resources) {
    if (resource.perSecond === Infinity) continue;
    let asked: Float64Array | undefined;
    for (const flow of resource.flows) {
      if (!wanted.has(flow)) continue;
      asked ??= new Float64Array(context.demand.grid.count);
      const bytes = resource.unit === 'bytes';
      const factor = bytes ? 1 : costPerFile(resource, flow, context.lake);
      const values = bytes ? flow.bytes : flow.files;
      for (let bin = 0; bin < asked.length; bin++) asked[bin]! += values[bin]! * factor;
    }
    if (asked !== undefined) yield { resource, asked };
  }
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function volumeFindings(expectation: Expectation, context: Context): Finding[] {
  const findings: Finding[] = [];
  for (const [subject, flows] of flowsBySubject(expectation, context.demand.flows)) {
    const counted = flows.filter((flow) => flow.to.cache === '');
    const planned = counted.reduce((sum, flow) => sum + flow.totalBytes, 0);
    let worst: { resource: Resource; share: number } | undefined;
    for (const { resource, asked } of demandsOn(counted, context)) {
      const { left } = queueFluid(asked, resource.availableAtMost, context.demand.grid.stepSeconds);
      // What is left of a resource's slots stands for the same share of its bytes.
      const bytes = resource.unit === 'bytes' ? left : (left / total(asked)) * bytesOf(counted, resource);
      const share = 1 - bytes / planned;
      if (share < (worst?.share ?? 1)) worst = { resource, share };
    }
    if (worst === undefined || worst.share >= expectation.limit - TOLERANCE) continue;
    const text = `at most ${formatShare(worst.share)} of ${formatBytes(planned)} passes ${subjectOf(worst.resource)} in the time there is`;
    findings.push(
      broken(expectation, subject, text, { asked: expectation.limit, available: worst.share, unit: 'share' }),
    );
  }
  return findings;
}

function bytesOf(flows: readonly Flow[], resource: Resource): number {
  const used = new Set(resource.flows);
  return flows.reduce((sum, flow) => sum + (used.has(flow) ? flow.totalBytes : 0), 0);
}

function heldRateFindings(expectation: Expectation, overSeconds: number, context: Context): Finding[] {
  // Only a link's bytes all pass the same places.
  if (expectation.per !== 'link') return [];
  const { grid } = context.demand;
  const length = Math.max(1, Math.round(overSeconds / grid.stepSeconds));
  const findings: Finding[] = [];
  for (const [subject, flows] of flowsBySubject(expectation, context.demand.flows)) {
    let worst: { resource: Resource; share: number; part: number } | undefined;
    for (const { resource, asked } of demandsOn(flows, context)) {
      const held = bestHeldShare(asked, resource.availableAtMost, length);
      if (held.share < (worst?.share ?? 1)) worst = { resource, ...held };
    }
    if (worst === undefined || worst.share >= expectation.limit - TOLERANCE) continue;
    const fromSeconds = partStart(grid, worst.part);
    const text =
      `from ${context.clock.timeOfDay(fromSeconds)} on, ${subjectOf(worst.resource)} can hold at most ` +
      `${formatShare(worst.share)} of what is asked, at any moment within ${formatDuration(overSeconds)}`;
    const parts = { asked: expectation.limit, available: worst.share, unit: 'share' as const, fromSeconds };
    findings.push(broken(expectation, subject, text, parts));
  }
  return findings;
}

/** The share of the subject's datasets that must be in time: 0.95 for p95; undefined where no bound is claimed. */
function shareInTime(expectation: Expectation): number | undefined {
  switch (expectation.statistic) {
    case 'p50':
      return 0.5;
    case 'p90':
      return 0.9;
    case 'p95':
      return 0.95;
    case 'p99':
      return 0.99;
    case 'max':
    case 'value':
      return 1;
    case 'mean':
      return undefined;
  }
}

function lateFindings(expectation: Expectation, context: Context): Finding[] {
  const inTime = shareInTime(expectation);
  if (inTime === undefined || expectation.overSeconds !== undefined) return [];
  const { grid } = context.demand;
  const limitParts = Math.ceil(expectation.limit / grid.stepSeconds);
  const decided = Math.max(0, grid.count - limitParts - 1);
  const findings: Finding[] = [];
  const copies = context.demand.flows.filter((flow) => flow.kind === 'copy');
  for (const [subject, flows] of flowsBySubject(expectation, copies)) {
    let worst: { resource: Resource; share: number } | undefined;
    for (const { resource, asked } of demandsOn(flows, context)) {
      const due = total(asked.subarray(0, decided));
      // A resource that few of the subject's datasets pass can hold up only those.
      const part = bytesOf(flows, resource) / flows.reduce((sum, flow) => sum + flow.totalBytes, 0);
      const share = due === 0 ? 0 : (leastLate(asked, resource.availableAtMost, limitParts) / due) * part;
      if (share > (worst?.share ?? 0)) worst = { resource, share };
    }
    if (worst === undefined || worst.share <= 1 - inTime + TOLERANCE) continue;
    const text = `${formatShare(worst.share)} of it cannot pass ${subjectOf(worst.resource)} within ${formatDuration(expectation.limit)}`;
    findings.push(broken(expectation, subject, text, { asked: 1 - inTime, available: worst.share, unit: 'share' }));
  }
  return findings;
}

function accessRateFindings(expectation: Expectation, context: Context): Finding[] {
  if (expectation.relativeTo !== '') return [];
  const findings: Finding[] = [];
  const reads = context.demand.flows.filter((flow) => flow.kind === 'read' && flow.to.cache === '');
  for (const [subject, flows] of flowsBySubject(expectation, reads)) {
    const best = Math.max(...flows.map((flow) => sessionRateBps(flow, context.lake)));
    if (best >= expectation.limit * (1 - TOLERANCE)) continue;
    const text = `one session reads at most ${formatRate(best)}; ${formatRate(expectation.limit)} is expected`;
    findings.push(
      broken(expectation, subject, text, { asked: expectation.limit, available: best, unit: 'bytes per second' }),
    );
  }
  return findings;
}

/** The most one session can read: its own processing, its path, the places it passes. */
function sessionRateBps(flow: Flow, lake: Lake): number {
  const { definition } = flow.process;
  const processing =
    definition.kind === 'workflow'
      ? Math.max(...definition.workflow.access.map((access) => access.processingBps))
      : Infinity;
  return Math.min(processing, bestRateBps(flow, lake));
}

function broken(expectation: Expectation, subject: string, text: string, parts: Partial<Finding>): Finding {
  return finding({
    severity: 'error',
    code: 'expectation-cannot-hold',
    subject: subject === 'run' ? 'run' : `${expectation.per} ${subject}`,
    text,
    expectation: expectation.text,
    hint: 'ask for less, give it more time, or change the lake',
    ...parts,
  });
}
