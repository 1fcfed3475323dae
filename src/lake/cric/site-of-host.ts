// Which site a host belongs to, by its domain: for topologies that name no site.

export interface InferredSite {
  readonly site: string;
  /** Why, for a comment. */
  readonly reason: string;
}

interface KnownDomain {
  readonly domain: string;
  /** The host's first label begins with this; empty: any host. */
  readonly hostBegins: string;
  readonly site: string;
}

/** Institutes whose name is not that of their registrable domain. The first match holds. */
const KNOWN_DOMAINS: readonly KnownDomain[] = [
  { domain: 'in2p3.fr', hostBegins: 'lapp', site: 'LAPP' },
  { domain: 'in2p3.fr', hostBegins: 'cc', site: 'CC-IN2P3' },
  { domain: 'cnaf.infn.it', hostBegins: '', site: 'CNAF' },
  { domain: 'na.infn.it', hostBegins: '', site: 'INFN-NAPOLI' },
  { domain: 'roma1.infn.it', hostBegins: '', site: 'INFN-ROMA' },
  { domain: 'lnf.infn.it', hostBegins: '', site: 'INFN-FRASCATI' },
  { domain: 'sara.nl', hostBegins: '', site: 'SURFSARA' },
  { domain: 'surfsara.nl', hostBegins: '', site: 'SURFSARA' },
  { domain: 'surf.nl', hostBegins: '', site: 'SURFSARA' },
  { domain: 'magic.iac.es', hostBegins: '', site: 'ORM' },
  { domain: 'rl.ac.uk', hostBegins: '', site: 'RAL' },
  { domain: 'gridka.de', hostBegins: '', site: 'KIT' },
];

/** Organisations under whose domain many sites stand: the label before it names the site. */
const UMBRELLA_DOMAINS = ['infn.it'];

/** Second-level domains under which institutes register (`ac.uk`, `edu.au`), where the country's is the last label. */
const SECOND_LEVEL = new Set([
  'ac',
  'academic',
  'co',
  'com',
  'edu',
  'gov',
  'gob',
  'go',
  'net',
  'or',
  'org',
  'res',
  're',
]);

/** Top-level domains of two letters that tell no country of a data centre. */
const NO_COUNTRY = new Set(['ai', 'co', 'eu', 'io', 'me', 'su', 'tv']);

/** True for IPv4 and IPv6 addresses, the latter with or without brackets. */
export function isAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(':') || host.startsWith('[');
}

/**
 * The site of a host: one of the known institutes, or the label that the institute registered in capitals
 * (`door05.pic.es` is PIC). Undefined for an address and for a host without a domain.
 */
export function siteOfHost(host: string): InferredSite | undefined {
  const labels = labelsOf(host);
  if (labels === undefined) return undefined;
  const name = labels.join('.');
  for (const known of KNOWN_DOMAINS) {
    if (!isWithin(name, known.domain) || !(labels[0] ?? '').startsWith(known.hostBegins)) continue;
    const which = known.hostBegins === '' ? '' : `, hosts that begin with ${known.hostBegins}`;
    return { site: known.site, reason: `host ${name}: ${known.domain}${which}` };
  }
  for (const umbrella of UMBRELLA_DOMAINS) {
    const label = labels.at(-umbrella.split('.').length - 1);
    if (!isWithin(name, umbrella) || label === undefined || labels.length < 4) continue;
    const site = `${(umbrella.split('.')[0] ?? '').toUpperCase()}-${label.toUpperCase()}`;
    return { site, reason: `host ${name}: ${label}.${umbrella}` };
  }
  const domain = registrableDomain(labels);
  const site = (domain[0] ?? '').toUpperCase();
  return site === '' ? undefined : { site, reason: `host ${name}: ${domain.join('.')}` };
}

/** The country of a host by its top-level domain, as ISO 3166 has it; undefined where that tells none. */
export function countryOfHost(host: string): string | undefined {
  const last = labelsOf(host)?.at(-1);
  if (last === undefined || last.length !== 2 || NO_COUNTRY.has(last)) return undefined;
  return last === 'uk' ? 'GB' : last.toUpperCase();
}

/** Whether a host is a domain or stands below it. */
export function isWithin(host: string, domain: string): boolean {
  const [inner, outer] = [host.toLowerCase(), domain.toLowerCase()];
  return inner === outer || inner.endsWith(`.${outer}`);
}

function labelsOf(host: string): string[] | undefined {
  if (isAddress(host)) return undefined;
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  return labels.length < 2 || labels.includes('') ? undefined : labels;
}

function registrableDomain(labels: readonly string[]): string[] {
  const [second = '', top = ''] = labels.slice(-2);
  const isSecondLevel = top.length === 2 && SECOND_LEVEL.has(second) && labels.length > 2;
  return labels.slice(isSecondLevel ? -3 : -2);
}
