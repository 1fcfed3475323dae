// At which site each storage of a CRIC export stands, how that was found out, and what is known of the site.
import { LIMITS } from '../../language/limits.ts';
import type { CricExport, CricStorage } from './model.ts';
import type { CricReport } from './report.ts';
import { countryOfHost, isAddress, siteOfHost } from './site-of-host.ts';
import { mappedSite, type SiteMapping } from './site-mapping.ts';

export interface PlacedStorage {
  readonly storage: CricStorage;
  readonly site: string;
  /** How the site was found, for a comment. */
  readonly how: string;
}

export interface FoundSite {
  readonly name: string;
  country: string;
  /** How the country was found, for a comment. */
  countryHow: string;
  position: { readonly latitude: number; readonly longitude: number } | undefined;
}

/**
 * The mapping file goes first, then CRIC's resource centre, then the domain of the hosts; a storage of which nothing is known
 * becomes a site of its own, with a warning.
 */
export function placeStorages(
  cric: CricExport,
  mapping: SiteMapping | undefined,
  report: CricReport,
): { placed: PlacedStorage[]; sites: Map<string, FoundSite> } {
  const used = new Set<string>();
  const placed = cric.storages.map((storage) => place(storage, mapping, used, report));
  for (const key of mapping?.sites.keys() ?? []) {
    if (!used.has(key)) report.warn('mapping-unused', '', `${mapping?.file}: ${key} matches no storage and no host`);
  }
  const sites = new Map<string, FoundSite>();
  for (const { storage, site } of placed) {
    const found = sites.get(site) ?? { name: site, country: '', countryHow: '', position: undefined };
    sites.set(site, found);
    describe(found, storage, report);
  }
  warnOfGaps([...sites.values()], report);
  return { placed, sites: new Map([...sites].sort(([one], [other]) => (one < other ? -1 : 1))) };
}

function place(
  storage: CricStorage,
  mapping: SiteMapping | undefined,
  used: Set<string>,
  report: CricReport,
): PlacedStorage {
  const hosts = hostsOf(storage);
  const mapped = mapping === undefined ? undefined : mappedSite(mapping, storage.name, hosts);
  if (mapping !== undefined && mapped !== undefined) {
    used.add(mapped.key);
    return { storage, site: mapped.site, how: `${mapping.file}: ${mapped.key}` };
  }
  if (storage.site !== undefined) {
    const site = siteName(storage.site);
    if (site !== '') return { storage, site, how: "CRIC's resource centre" };
  }
  const inferred = hosts.map(siteOfHost).filter((found) => found !== undefined);
  const [first] = inferred;
  if (first === undefined) return unplaced(storage, hosts, report);
  const others = new Set(inferred.map(({ site }) => site));
  if (others.size > 1) {
    const message = `hosts of ${[...others].join(' and ')}: ${first.site} was taken; a mapping file can say otherwise`;
    report.warn('sites-disagree', storage.pointer, message);
  }
  return { storage, site: siteName(first.site), how: `inferred from ${first.reason}` };
}

function unplaced(storage: CricStorage, hosts: readonly string[], report: CricReport): PlacedStorage {
  const addresses = hosts.filter(isAddress);
  const why = addresses.length > 0 ? `the address ${addresses.join(', ')} tells none` : 'no host tells one';
  const message = `has no site, and ${why}; name it in a mapping file: ${storage.name}: SITE`;
  report.warn('site-not-inferred', storage.pointer, message);
  return {
    storage,
    site: storage.name,
    how: 'not known: a site of its own, so that nothing is put in the wrong place',
  };
}

/** A site's name as the lake language takes it. */
function siteName(text: string): string {
  const allowed = text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[._-]+/, '');
  return allowed.slice(0, LIMITS.nameLength).replace(/[._-]+$/, '');
}

/** Those of the protocols read first come first. */
function hostsOf(storage: CricStorage): string[] {
  const rank = (ranks: ReadonlyMap<string, number>): number => ranks.get('read-wan') ?? Number.POSITIVE_INFINITY;
  const ordered = [...storage.protocols].sort((one, other) => {
    const [left, right] = [rank(one.ranks), rank(other.ranks)];
    return left === right ? 0 : left - right;
  });
  return [...new Set(ordered.flatMap(({ host }) => host ?? []))];
}

function describe(site: FoundSite, storage: CricStorage, report: CricReport): void {
  const { position, country } = storage;
  if (site.position === undefined) site.position = position;
  else if (position !== undefined && !isSamePlace(site.position, position)) {
    report.warn('sites-disagree', storage.pointer, `${site.name} has another position here; the first was taken`);
  }
  const said = country !== undefined && /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : undefined;
  if (said !== undefined && site.countryHow !== 'CRIC') {
    site.country = said;
    site.countryHow = 'CRIC';
  } else if (site.country === '') {
    const host = hostsOf(storage).find((candidate) => countryOfHost(candidate) !== undefined);
    if (host === undefined) return;
    site.country = countryOfHost(host) ?? '';
    site.countryHow = `inferred from host ${host}`;
  }
}

function isSamePlace(
  one: { readonly latitude: number; readonly longitude: number },
  other: { readonly latitude: number; readonly longitude: number },
): boolean {
  // A tenth of a degree is about 10 km: two buildings of one site.
  return Math.abs(one.latitude - other.latitude) < 0.1 && Math.abs(one.longitude - other.longitude) < 0.1;
}

function warnOfGaps(sites: readonly FoundSite[], report: CricReport): void {
  const list = (gaps: readonly FoundSite[]): string => gaps.map(({ name }) => name).join(', ');
  const nowhere = sites.filter(({ position }) => position === undefined);
  if (nowhere.length > 0) {
    const message = `no position (0.0, 0.0 or none) for ${list(nowhere)}: their round-trip times will be a default`;
    report.warn('position-unknown', '', message);
  }
  const stateless = sites.filter(({ country }) => country === '');
  if (stateless.length > 0) report.warn('country-unknown', '', `no country for ${list(stateless)}`);
}
