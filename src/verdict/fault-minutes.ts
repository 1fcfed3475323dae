// Which minutes `except: faults` leaves out for a subject: those in which a fault of the scenario touched it.
import type { CheckedScenario, ExpectationSubject, Fault, FaultTarget } from '../scenario/scenario.ts';

/** Services that every experiment's work goes through. */
const CENTRAL_SERVICES: ReadonlySet<string> = new Set(['catalogue', 'transfers', 'tokens']);

/**
 * Marks the minutes (1) in which a fault touched the subject. Where a fault makes things hang, also the transfer
 * service's timeout after it: what was started under the fault fails only then.
 */
export function faultMinutes(
  checked: CheckedScenario,
  per: ExpectationSubject,
  subject: string,
  minutes: number,
): Uint8Array {
  const marked = new Uint8Array(minutes);
  for (const fault of checked.scenario.faults) {
    if (!touches(checked, fault.target, per, subject)) continue;
    const until = fault.atSeconds + fault.forSeconds + hangingSeconds(checked, fault);
    const to = Math.min(minutes, Math.ceil(until / 60));
    for (let minute = Math.max(0, Math.floor(fault.atSeconds / 60)); minute < to; minute++) marked[minute] = 1;
  }
  return marked;
}

function hangingSeconds(checked: CheckedScenario, fault: Fault): number {
  const { effect } = fault;
  const hangs = (effect.is === 'unreachable' || effect.is === 'flapping') && effect.how === 'hanging';
  return hangs ? checked.lake.services.transfers.timeoutSeconds : 0;
}

/**
 * Whether a fault on `target` touches a subject. A site is touched through its storages and caches, a storage through its
 * site, a link through its two storages, their sites and the network between them, an experiment through its own
 * credentials and the central services but not through storages (it is to work around those), the run through all.
 */
function touches(checked: CheckedScenario, target: FaultTarget, per: ExpectationSubject, subject: string): boolean {
  switch (per) {
    case 'run':
      return true;
    case 'site':
      return siteOf(checked, target) === subject;
    case 'storage':
      return touchesStorage(checked, target, subject);
    case 'link': {
      const [from = '', to = ''] = subject.split(' -> ');
      return (
        touchesStorage(checked, target, from) ||
        touchesStorage(checked, target, to) ||
        (target.kind === 'link' && endMatches(checked, target.from, from) && endMatches(checked, target.to, to))
      );
    }
    case 'cache':
      return (
        (target.kind === 'cache' && target.name === subject) ||
        (target.kind === 'site' && target.name === checked.lake.caches.get(subject)?.site)
      );
    case 'service':
      return target.kind === 'service' && target.name === subject;
    case 'experiment':
    case 'workflow':
      return (
        (target.kind === 'experiment' && target.name === subject.split('/')[0]) ||
        (target.kind === 'service' && CENTRAL_SERVICES.has(target.name))
      );
  }
}

function touchesStorage(checked: CheckedScenario, target: FaultTarget, storage: string): boolean {
  if (target.kind === 'storage') return target.name === storage;
  return target.kind === 'site' && target.name === checked.lake.storages.get(storage)?.site;
}

/** The site a fault is at, or undefined for faults of links, services and experiments. */
function siteOf(checked: CheckedScenario, target: FaultTarget): string | undefined {
  if (target.kind === 'site') return target.name;
  if (target.kind === 'storage') return checked.lake.storages.get(target.name)?.site;
  if (target.kind === 'cache') return checked.lake.caches.get(target.name)?.site;
  return undefined;
}

/** A link's end as a fault names it: the storage itself, or its site. */
function endMatches(checked: CheckedScenario, end: string, storage: string): boolean {
  return end === storage || end === checked.lake.storages.get(storage)?.site;
}
