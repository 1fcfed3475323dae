// Who may be the cause of failures: storages, protocols of storages, caches, sites, links, the network, services, clients.
import { linkName } from '../core/sink.ts';
import type { Lake } from '../lake/lake.ts';
import { serviceNamed, type OutcomeRoute, type RouteFailure } from './outcome-routes.ts';

/**
 * `source`, `destination`: a storage in that role; `storage`: in both. `site source` and so on likewise for all storages
 * and caches of a site and the clients there. `readers`: who downloads at a site;
 * `clients`: they and who uploads from there. `named service`: a service that the failures themselves name;
 * `service`: one through which everything fails.
 */
export type SuspectKind =
  | 'source'
  | 'destination'
  | 'storage'
  | 'cache'
  | 'link'
  | 'network'
  | 'site source'
  | 'site destination'
  | 'site'
  | 'readers'
  | 'clients'
  | 'experiment'
  | 'named service'
  | 'service';

export interface Suspect {
  readonly kind: SuspectKind;
  readonly subject: string;
  /** The site blamed with it, or empty. */
  readonly site: string;
  /** Only operations with this protocol; empty: all. */
  readonly protocol: string;
  /** Only failures of this class: what fails in two ways has two causes, as a rule. Empty: all, as for services. */
  readonly errorClass: string;
  readonly routes: OutcomeRoute[];
  /** Of a suspect with a protocol: the same storage's operations with other protocols, which must have gone well. */
  readonly besides: readonly OutcomeRoute[];
}

/** Whether a failure on one of the suspect's routes speaks against it. */
export function countsAgainst(suspect: Suspect, route: OutcomeRoute, failure: RouteFailure): boolean {
  if (suspect.errorClass !== '' && failure.errorClass !== suspect.errorClass) return false;
  return suspect.kind !== 'named service' || serviceNamed(route, failure) === suspect.subject;
}

const ROLES: readonly (readonly SuspectKind[])[] = [
  ['source', 'destination', 'storage'],
  ['site source', 'site destination', 'site'],
];

/** Whether both are about the same thing, in whatever role, with whatever protocol and class of failures. */
export function isSameThing(one: Suspect, other: Suspect): boolean {
  if (one.subject !== other.subject) return false;
  return one.kind === other.kind || ROLES.some((roles) => roles.includes(one.kind) && roles.includes(other.kind));
}

/** All suspects that at least two failures speak against, in the order in which the routes name them. */
export function suspectsOf(routes: readonly OutcomeRoute[], lake: Lake): Suspect[] {
  const suspects = new Map<string, Suspect>();
  for (const route of routes) {
    for (const named of namesOf(route, lake)) {
      const key = `${named.kind}\n${named.subject}\n${named.protocol}`;
      let suspect = suspects.get(key);
      if (suspect === undefined) {
        suspect = { ...named, errorClass: '', routes: [], besides: [] };
        suspects.set(key, suspect);
      }
      suspect.routes.push(route);
    }
  }
  addNamedServices(routes, suspects);
  return [...suspects.values()].flatMap((suspect) => byClass(suspect, suspects));
}

/** The suspect once for each class that at least two of its failures have; services once for all of theirs. */
function byClass(suspect: Suspect, suspects: ReadonlyMap<string, Suspect>): Suspect[] {
  const counts = failuresByClass(suspect);
  if (suspect.kind === 'named service' || suspect.kind === 'service') {
    return [...counts.values()].reduce((sum, count) => sum + count, 0) >= 2 ? [suspect] : [];
  }
  const besides = otherProtocols(suspect, suspects);
  return [...counts].filter(([, count]) => count >= 2).map(([errorClass]) => ({ ...suspect, errorClass, besides }));
}

function otherProtocols(suspect: Suspect, suspects: ReadonlyMap<string, Suspect>): OutcomeRoute[] {
  if (suspect.protocol === '') return [];
  const all = suspects.get(`${suspect.kind}\n${suspect.subject}\n`)?.routes ?? [];
  return all.filter((route) => route.protocol !== '' && route.protocol !== suspect.protocol);
}

/** What a service was needed for: tokens by everything at storages, other services by the requests to them. */
function addNamedServices(routes: readonly OutcomeRoute[], suspects: Map<string, Suspect>): void {
  const services = new Set<string>();
  for (const route of routes) {
    for (const slot of route.slots) for (const failure of slot.failures) services.add(serviceNamed(route, failure));
  }
  services.delete('');
  for (const service of services) {
    const needing = routes.filter(
      (route) => route.service === service || (service === 'tokens' && route.atStorages) || names(route, service),
    );
    suspects.set(`named service\n${service}\n`, {
      kind: 'named service',
      subject: service,
      site: '',
      protocol: '',
      errorClass: '',
      routes: needing,
      besides: [],
    });
  }
}

function names(route: OutcomeRoute, service: string): boolean {
  return route.slots.some((slot) => slot.failures.some((failure) => serviceNamed(route, failure) === service));
}

function failuresByClass(suspect: Suspect): Map<string, number> {
  const counts = new Map<string, number>();
  for (const route of suspect.routes) {
    for (const slot of route.slots) {
      for (const failure of slot.failures) {
        if (!countsAgainst(suspect, route, failure)) continue;
        counts.set(failure.errorClass, (counts.get(failure.errorClass) ?? 0) + failure.count);
      }
    }
  }
  return counts;
}

type Named = Omit<Suspect, 'errorClass' | 'routes' | 'besides'>;

function namesOf(route: OutcomeRoute, lake: Lake): Named[] {
  const names: Named[] = [];
  const add = (kind: SuspectKind, subject: string, site = '', protocol = ''): void => {
    if (subject !== '') names.push({ kind, subject, site, protocol });
  };
  // An upload goes to the catalogue too, but it is the storage that it fails at: see `named service` for the other case.
  if (!route.atStorages || route.kind === 'transfer' || route.kind === 'stage') add('service', route.service);
  if (!route.atStorages) return names;
  add('experiment', route.experiment);
  const { source, sourceSite, destination, destinationSite, protocol, cache } = route;
  // Deleting works at a storage that is full or damages data: it speaks of the storage as a whole only.
  if (route.kind !== 'delete') {
    add('source', source, sourceSite);
    add('destination', destination, destinationSite);
  }
  if (protocol !== '') {
    add('source', source, sourceSite, protocol);
    add('destination', destination, destinationSite, protocol);
  }
  for (const [storage, site] of source === destination ? [[source, sourceSite]] : bothEnds(route)) {
    add('storage', storage ?? '', site);
    if (protocol !== '') add('storage', storage ?? '', site, protocol);
  }
  const cacheSite = lake.caches.get(cache)?.site ?? '';
  add('cache', cache, cacheSite);
  addSites(route, cacheSite, add);
  if (source !== '' && destination !== '') add('link', linkName(source, destination));
  if (sourceSite !== '' && destinationSite !== '' && sourceSite !== destinationSite) {
    add('network', linkName(sourceSite, destinationSite));
  }
  return names;
}

function bothEnds(route: OutcomeRoute): (readonly [string, string])[] {
  return [
    [route.source, route.sourceSite],
    [route.destination, route.destinationSite],
  ];
}

function addSites(
  route: OutcomeRoute,
  cacheSite: string,
  add: (kind: SuspectKind, subject: string, site?: string) => void,
): void {
  const { sourceSite, destinationSite, source, destination } = route;
  add('site source', sourceSite, sourceSite);
  add('site destination', destinationSite, destinationSite);
  for (const site of new Set([sourceSite, destinationSite, cacheSite])) add('site', site, site);
  if (source === '') add('clients', sourceSite, sourceSite);
  if (destination === '') {
    add('readers', destinationSite, destinationSite);
    add('clients', destinationSite, destinationSite);
  }
}
