// What a declared fault leaves of a resource while it lasts: a share of its capacity, for the plan's arithmetic.
import { linkName } from '../core/sink.ts';
import type { Lake } from '../lake/lake.ts';
import type { Fault, FaultEffect, FaultTarget } from '../scenario/scenario.ts';
import type { Flow } from './flow.ts';
import type { ResourceKind } from './places.ts';
import type { Resource } from './resources.ts';

/** A fault and what it leaves of a resource while it lasts, 0..1: on average, and at most. */
export interface Reduction {
  readonly fault: Fault;
  readonly share: number;
  readonly shareAtMost: number;
}

/** The faults that reduce a resource, by how much. */
export function faultsOn(kind: ResourceKind, name: string, lake: Lake, faults: readonly Fault[]): Reduction[] {
  return faults
    .filter((fault) => hits(fault.target, kind, name, lake))
    .map((fault) => ({ fault, share: shareLeft(fault.effect, kind), shareAtMost: shareAtMost(fault.effect) }))
    .filter(({ share }) => share < 1);
}

/**
 * A fault of one protocol leaves a storage whole where it has others. A fault of credentials hits an experiment or a
 * storage's certificate; the former is no resource.
 */
function hits(target: FaultTarget, kind: ResourceKind, name: string, lake: Lake): boolean {
  switch (target.kind) {
    case 'site':
      return (
        ((kind === 'site uplink' || kind === 'site downlink') && name === target.name) ||
        (isOfStorage(kind) && lake.storages.get(name)?.site === target.name) ||
        (kind === 'cache read' && lake.caches.get(name)?.site === target.name)
      );
    case 'storage': {
      const alone = target.protocol === '' || (lake.storages.get(target.name)?.protocols.length ?? 0) <= 1;
      return isOfStorage(kind) && name === target.name && alone;
    }
    case 'link':
      return kind === 'network' && name === linkName(target.from, target.to);
    case 'service':
      return target.name === 'transfers' && kind === 'transfer service slots';
    case 'cache':
      return kind === 'cache read' && name === target.name;
    case 'experiment':
      return false;
  }
}

function isOfStorage(kind: ResourceKind): boolean {
  return kind === 'storage read' || kind === 'storage write';
}

/**
 * The flows that a fault keeps from going on as usual while it lasts, and whether nothing of them can begin (`all`) or
 * part of them fails (`some`). What is only slow is left to the capacities.
 */
export function flowsMeeting(
  fault: Fault,
  flows: readonly Flow[],
  resources: readonly Resource[],
  lake: Lake,
): { reach: 'all' | 'some' | 'none'; flows: readonly Flow[] } {
  const { target, effect } = fault;
  const reach = reachOf(effect);
  if (reach === 'none') return { reach, flows: [] };
  if (target.kind === 'experiment') {
    return { reach, flows: flows.filter((flow) => flow.process.experiment === target.name) };
  }
  if (target.kind === 'service') {
    if (NEEDED_BY_ALL.has(target.name)) return { reach, flows };
    return { reach, flows: target.name === 'transfers' ? flows.filter((flow) => flow.kind === 'copy') : [] };
  }
  const met = new Set<Flow>();
  for (const resource of resources) {
    if (effect.is === 'full' && resource.kind !== 'storage write') continue;
    if (hits(target, resource.kind, resource.name, lake)) for (const flow of resource.flows) met.add(flow);
  }
  return { reach, flows: [...met] };
}

function reachOf(effect: FaultEffect): 'all' | 'some' | 'none' {
  switch (effect.is) {
    case 'unreachable':
    case 'expired':
    case 'full':
      return 'all';
    case 'failing':
    case 'corrupting':
    case 'flapping':
      return 'some';
    case 'slow':
    case 'capacity':
      return 'none';
  }
}

/** Services without which no client and no transfer can begin. */
const NEEDED_BY_ALL: ReadonlySet<string> = new Set(['catalogue', 'tokens']);

/**
 * What is refused takes no bandwidth, and what fails is tried again: neither counts against capacity. What arrives wrong
 * is moved in vain. A full storage takes nothing and gives what it has.
 */
function shareLeft(effect: FaultEffect, kind: ResourceKind): number {
  switch (effect.is) {
    case 'unreachable':
    case 'expired':
      return 0;
    case 'slow':
      return 1 / Math.max(1, effect.factor);
    case 'failing':
      return 1;
    case 'corrupting':
      return 1 - effect.share;
    case 'full':
      return kind === 'storage write' ? 0 : 1;
    case 'capacity':
      return Math.min(1, effect.share);
    case 'flapping':
      return effect.upSeconds / (effect.upSeconds + effect.downSeconds);
  }
}

/** Only what takes bandwidth away from what is under way too. */
function shareAtMost(effect: FaultEffect): number {
  if (effect.is === 'slow') return 1 / Math.max(1, effect.factor);
  if (effect.is === 'capacity') return Math.min(1, effect.share);
  return effect.is === 'unreachable' && effect.how === 'hanging' ? 0 : 1;
}
