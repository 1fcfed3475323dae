// What a declared fault leaves of a resource while it lasts: a share of its capacity, for the plan's arithmetic.
import { linkName } from '../core/sink.ts';
import type { Lake } from '../lake/lake.ts';
import type { Fault, FaultEffect, FaultTarget } from '../scenario/scenario.ts';
import type { Flow } from './demand.ts';
import { placesOf, type ResourceKind } from './places.ts';

/** The faults that reduce a resource and the share each leaves of it, 0..1. */
export function faultsOn(
  kind: ResourceKind,
  name: string,
  lake: Lake,
  faults: readonly Fault[],
): { fault: Fault; share: number }[] {
  return faults
    .filter((fault) => hits(fault.target, kind, name, lake))
    .map((fault) => ({ fault, share: shareLeft(fault.effect, kind) }))
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

/** Whether a fault stops a flow altogether while it lasts: nothing of it can begin. */
export function stops(fault: Fault, flow: Flow, lake: Lake): boolean {
  const { target, effect } = fault;
  const dead = effect.is === 'unreachable' || effect.is === 'expired';
  if (target.kind === 'experiment') return dead && flow.process.experiment === target.name;
  if (target.kind === 'service') {
    const needed = target.name === 'transfers' ? flow.kind === 'copy' : NEEDED_BY_ALL.has(target.name);
    return dead && needed;
  }
  return placesOf(flow, lake).some(
    (place) => hits(target, place.kind, place.name, lake) && shareLeft(effect, place.kind) === 0,
  );
}

/** Services without which no client and no transfer can begin. */
const NEEDED_BY_ALL: ReadonlySet<string> = new Set(['catalogue', 'tokens']);

/** Failures and corruption cost what they spoil; a full storage takes nothing and gives what it has. */
function shareLeft(effect: FaultEffect, kind: ResourceKind): number {
  switch (effect.is) {
    case 'unreachable':
    case 'expired':
      return 0;
    case 'slow':
      return 1 / Math.max(1, effect.factor);
    case 'failing':
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
