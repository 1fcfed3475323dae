// Demand against capacity, resource by resource: what fits, what falls behind for a while, and what cannot be caught up.
import { formatDuration, formatRate, formatShare } from '../core/units.ts';
import type { DayClock } from './day-clock.ts';
import { finding, type Finding } from './finding.ts';
import { queueFluid } from './fluid-queue.ts';
import { RESOURCE_KINDS, type ResourceKind } from './places.ts';
import type { Resource } from './resources.ts';
import { partSeconds, partStart, regrid, type TimeGrid } from './time-grid.ts';

/** From this share of a period's capacity on, a resource is called busy. */
const BUSY_SHARE = 0.9;
/** What is not done at the end and would take longer than this share of the day cannot be meant: an hour in a day. */
const LEFT_OVER_SHARE = 1 / 24;
/** On a short clock, what is asked for just before its end is not done either. */
const LEFT_OVER_SECONDS = 60;

/** A resource in the period of the day when most of its capacity is asked for. */
export interface PeakUse {
  readonly resource: Resource;
  readonly period: number;
  /** Of what the resource gives where nothing is wrong with it. */
  readonly share: number;
  readonly askedPerSecond: number;
}

/** The busiest period of a resource without its faults; undefined where nothing is asked or the lake sets no limit. */
export function peakOf(resource: Resource, bins: TimeGrid, periods: TimeGrid): PeakUse | undefined {
  if (resource.perSecond === Infinity) return undefined;
  const asked = regrid(resource.asked, bins, periods);
  let peak: PeakUse | undefined;
  for (let period = 0; period < periods.count; period++) {
    if (asked[period] === 0) continue;
    const askedPerSecond = asked[period]! / partSeconds(periods, period);
    const share = askedPerSecond / resource.perSecond;
    if (peak === undefined || share > peak.share) peak = { resource, period, share, askedPerSecond };
  }
  return peak;
}

/** One finding for each resource that is busy or more, and one for each kind of resource on how much room there is. */
export function resourceFindings(
  resources: readonly Resource[],
  bins: TimeGrid,
  periods: TimeGrid,
  clock: DayClock,
): Finding[] {
  const findings: Finding[] = [];
  const calm = new Map<ResourceKind, PeakUse[]>(RESOURCE_KINDS.map((kind) => [kind, []]));
  for (const resource of resources) {
    const peak = peakOf(resource, bins, periods);
    if (peak === undefined) continue;
    const found = pressure(peak, bins, periods, clock);
    if (found !== undefined) findings.push(found);
    else calm.get(resource.kind)!.push(peak);
  }
  for (const [kind, peaks] of calm) if (peaks.length > 0) findings.push(headroom(kind, peaks, periods, clock));
  return findings;
}

function pressure(peak: PeakUse, bins: TimeGrid, periods: TimeGrid, clock: DayClock): Finding | undefined {
  const { resource } = peak;
  const queue = queueFluid(resource.asked, resource.available, bins.stepSeconds);
  const leftSeconds = queue.left / resource.perSecond;
  const common = {
    subject: subjectOf(resource),
    fromSeconds: partStart(periods, peak.period),
    toSeconds: partStart(periods, peak.period) + partSeconds(periods, peak.period),
    asked: peak.askedPerSecond,
    available: resource.perSecond,
    unit: resource.unit === 'bytes' ? ('bytes per second' as const) : ('slots' as const),
  };
  const when = clock.window(common.fromSeconds, common.toSeconds);
  const what = `${amount(resource, peak.askedPerSecond)} asked from ${when}, ${amount(resource, resource.perSecond)} there`;
  if (leftSeconds > Math.max(LEFT_OVER_SECONDS, bins.durationSeconds * LEFT_OVER_SHARE)) {
    const text = `${what}; at the end ${formatDuration(leftSeconds)} of work is left`;
    return finding({ ...common, severity: 'error', code: 'over-capacity', text, hint: hintFor(resource) });
  }
  if (peak.share > 1) {
    const from = clock.timeOfDay(partStart(bins, Math.max(0, queue.longestWaitPart)));
    const wait = Number.isFinite(queue.longestWaitSeconds)
      ? `what is asked at ${from} waits up to ${formatDuration(queue.longestWaitSeconds)}`
      : `what is asked from ${from} is not all done at the end`;
    const text = `${what}; ${wait}`;
    return finding({ ...common, severity: 'warning', code: 'falls-behind', text, hint: hintFor(resource) });
  }
  if (peak.share >= BUSY_SHARE) {
    const text = `${what}: ${formatShare(peak.share)} in use`;
    return finding({ ...common, severity: 'warning', code: 'busy', text });
  }
  return undefined;
}

function headroom(kind: ResourceKind, peaks: readonly PeakUse[], periods: TimeGrid, clock: DayClock): Finding {
  const busiest = peaks.reduce((most, peak) => (peak.share > most.share ? peak : most));
  const { resource } = busiest;
  const fromSeconds = partStart(periods, busiest.period);
  const name = resource.name === '' ? '' : ` ${resource.name}`;
  const others = peaks.length === 1 ? '' : `the busiest of ${peaks.length},${name},`;
  const text =
    `${others === '' ? name.trim() : others} is asked for ${formatShare(busiest.share)} of ` +
    `${amount(resource, resource.perSecond)} from ${clock.timeOfDay(fromSeconds)}`;
  return finding({
    severity: 'ok',
    code: 'headroom',
    subject: kind,
    text: text.trim(),
    where: resource.name,
    fromSeconds,
    toSeconds: fromSeconds + partSeconds(periods, busiest.period),
    asked: busiest.askedPerSecond,
    available: resource.perSecond,
    unit: resource.unit === 'bytes' ? 'bytes per second' : 'slots',
  });
}

export function subjectOf(resource: Resource): string {
  return resource.name === '' ? resource.kind : `${resource.kind} ${resource.name}`;
}

function amount(resource: Resource, perSecond: number): string {
  if (resource.unit === 'bytes') return formatRate(perSecond);
  const noun = resource.kind === 'upload workers' ? 'workers' : 'slots';
  return `${perSecond >= 10 ? Math.round(perSecond) : Number(perSecond.toPrecision(2))} ${noun}`;
}

function hintFor(resource: Resource): string {
  const [first] = resource.faults;
  if (first !== undefined) return `the fault "${first.text}" takes part of it`;
  const largest = resource.flows.reduce((most, flow) => (flow.totalBytes > most.totalBytes ? flow : most));
  const { experiment, workflow } = largest.process;
  const who = experiment === '' ? workflow : `${experiment}/${workflow}`;
  if (resource.kind === 'upload workers') return 'give it more workers, or a longer schedule';
  return `most of it is ${who}; a longer schedule or another time would ease it`;
}
