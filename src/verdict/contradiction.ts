// Whether a suspicion is contradicted by what went well: a storage that serves most of its peers is not down.
import type { OutcomeRoute } from './outcome-routes.ts';
import { countsAgainst, type Suspect } from './suspects.ts';
import type { Suspicion } from './suspicion.ts';

/** Failures to expect of a part before its going well says anything. */
const LEAST_EXPECTED = 3;
/** A part goes well where it has at most this share of the failures expected of it. */
const WELL = 0.25;
/** Share of a suspect's operations that may go well with some peers before it is cleared. */
const TOLERATED = 0.2;
/** An unnamed service is only blamed where nearly all that goes through it fails, at several storages. */
const LEAST_SERVICE_SHARE = 0.8;
const LEAST_SERVICE_STORAGES = 3;

interface Part {
  succeeded: number;
  failed: number;
}

/** Whether what went well during that time clears the suspect. */
export function isContradicted(suspect: Suspect, suspicion: Suspicion): boolean {
  const share = suspicion.failed / (suspicion.succeeded + suspicion.failed);
  if (suspect.protocol !== '' && !otherProtocolsWork(suspect, suspicion, share)) return true;
  const wellShare = (parts: ReadonlyMap<string, Part>): number => shareGoingWell(parts, share);
  switch (suspect.kind) {
    case 'named service':
    case 'link':
      return false;
    case 'service':
      return (
        share < LEAST_SERVICE_SHARE ||
        !failsWidely(suspect, suspicion) ||
        wellShare(partsBy(suspect, suspicion, pairOf)) > 0
      );
    case 'site':
    case 'site source':
    case 'site destination': {
      const own = partsBy(suspect, suspicion, (route) => ownPartsOf(suspect, route));
      const failing = [...own.values()].filter((part) => part.failed > 0).length;
      return failing < 2 || wellShare(own) > 0 || wellShare(partsBy(suspect, suspicion, peersOf(suspect))) > TOLERATED;
    }
    case 'source':
    case 'destination':
    case 'storage':
    case 'cache':
    case 'network':
    case 'readers':
    case 'clients':
    case 'experiment':
      return wellShare(partsBy(suspect, suspicion, peersOf(suspect))) > TOLERATED;
  }
}

/** Without another protocol that works there is no telling that it is the protocol's fault and not the storage's. */
function otherProtocolsWork({ besides }: Suspect, { fromBucket, toBucket }: Suspicion, share: number): boolean {
  let succeeded = 0;
  let failed = 0;
  for (const route of besides) {
    for (const slot of route.slots) {
      if (slot.bucket < fromBucket || slot.bucket > toBucket) continue;
      succeeded += slot.succeeded;
      for (const failure of slot.failures) if (failure.booked === 'no') failed += failure.count;
    }
  }
  return succeeded >= LEAST_EXPECTED && failed <= (succeeded + failed) * share * WELL;
}

/** Share of the operations that are in parts which go well although failures were to be expected there. */
function shareGoingWell(parts: ReadonlyMap<string, Part>, share: number): number {
  let all = 0;
  let well = 0;
  for (const { succeeded, failed } of parts.values()) {
    const count = succeeded + failed;
    all += count;
    const expected = count * share;
    if (expected >= LEAST_EXPECTED && failed <= expected * WELL) well += count;
  }
  return all === 0 ? 0 : well / all;
}

function partsBy(
  suspect: Suspect,
  { fromBucket, toBucket }: Suspicion,
  keysOf: (route: OutcomeRoute) => string[],
): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const route of suspect.routes) {
    if (route.kind === 'delete') continue;
    const ended: Part = { succeeded: 0, failed: 0 };
    for (const slot of route.slots) {
      if (slot.bucket < fromBucket || slot.bucket > toBucket) continue;
      let failed = 0;
      for (const failure of slot.failures) {
        if (failure.booked === 'no' && countsAgainst(suspect, route, failure)) failed += failure.count;
      }
      ended.succeeded += slot.succeeded;
      ended.failed += failed;
    }
    for (const key of ended.succeeded + ended.failed === 0 ? [] : keysOf(route)) {
      const part = parts.get(key) ?? { succeeded: 0, failed: 0 };
      part.succeeded += ended.succeeded;
      part.failed += ended.failed;
      parts.set(key, part);
    }
  }
  return parts;
}

function pairOf(route: OutcomeRoute): string[] {
  return [`${endOf(route.source, route.sourceSite)}\n${endOf(route.destination, route.destinationSite)}`];
}

/** A storage, or the site of a client. */
function endOf(storage: string, site: string): string {
  return storage === '' ? `clients at ${site}` : storage;
}

/** Those with whom the suspect worked, told apart by the direction. */
function peersOf(suspect: Suspect): (route: OutcomeRoute) => string[] {
  return (route) => {
    const from = endOf(route.source, route.sourceSite);
    const to = endOf(route.destination, route.destinationSite);
    switch (suspect.kind) {
      case 'source':
        return [to];
      case 'destination':
        return [from];
      case 'storage':
        return [route.source === suspect.subject ? `to ${to}` : `from ${from}`];
      case 'site source':
      case 'site destination':
      case 'site':
        return [route.sourceSite === suspect.site ? `to ${to}` : `from ${from}`];
      case 'cache':
        return [from];
      case 'readers':
      case 'clients':
        return [route.source === '' ? to : from];
      case 'experiment':
        return [from, to];
      case 'network':
      case 'link':
      case 'named service':
      case 'service':
        return pairOf(route);
    }
  };
}

/** The storages, caches and clients of the suspect site that a route touches. */
function ownPartsOf(suspect: Suspect, route: OutcomeRoute): string[] {
  const parts: string[] = [];
  const asSource = suspect.kind !== 'site destination' && route.sourceSite === suspect.site;
  const asDestination = suspect.kind !== 'site source' && route.destinationSite === suspect.site;
  if (asSource) parts.push(endOf(route.source, route.sourceSite));
  if (asDestination) parts.push(endOf(route.destination, route.destinationSite));
  return parts;
}

function failsWidely(suspect: Suspect, { fromBucket, toBucket }: Suspicion): boolean {
  if (!suspect.routes.some((route) => route.atStorages)) return true;
  const storages = new Set<string>();
  for (const route of suspect.routes) {
    const fails = route.slots.some(
      (slot) =>
        slot.bucket >= fromBucket && slot.bucket <= toBucket && slot.failures.some((one) => one.booked === 'no'),
    );
    if (fails) for (const storage of [route.source, route.destination]) if (storage !== '') storages.add(storage);
  }
  return storages.size >= LEAST_SERVICE_STORAGES;
}
