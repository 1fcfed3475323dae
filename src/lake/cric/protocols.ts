// The protocols of one storage of a CRIC export: endpoint, port, path, and the rank of each for every activity.
import { child } from '../../language/pointer.ts';
import type { CricProtocol } from './model.ts';
import { CricFields, isObject, kindOf } from './fields.ts';
import type { CricReport } from './report.ts';
import { PROTOCOL_ACTIVITIES, type ProtocolActivity } from '../lake.ts';

type Ranks = Map<ProtocolActivity, number>;

/** Schemes in the storage lists of the field; others are taken as they are, with a warning. */
const KNOWN_SCHEMES = new Set([
  'dav',
  'davs',
  'file',
  'gsiftp',
  'http',
  'https',
  'root',
  'roots',
  's3',
  's3s',
  'srm',
  'xroot',
  'xroots',
]);

/** `[scheme://]host[:port][/path]`, the host also as an IPv6 address in brackets. */
const ENDPOINT = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?(\/\S*)?$/;

/** Reads `protocols` as an object (ranks in `aprotocols`) or as a list (ranks in each one's `domains`). */
export function readProtocols(storage: string, fields: CricFields, report: CricReport): CricProtocol[] {
  const raw = fields.raw('protocols');
  const protocols = Array.isArray(raw)
    ? readList(raw, fields, report)
    : raw === undefined
      ? missing(fields, report)
      : readByName(fields, report);
  if (protocols?.length === 0 && raw !== undefined) {
    report.warn(
      'no-protocols',
      fields.pointer,
      `${storage} has no protocol: nothing can reach it but by the default one`,
    );
  }
  return protocols ?? [];
}

function missing(fields: CricFields, report: CricReport): undefined {
  report.error(fields.pointer, 'has no protocols', 'is this an export of /api/doma/rse/query/?json ?');
  return undefined;
}

function readByName(fields: CricFields, report: CricReport): CricProtocol[] | undefined {
  const byName = fields.object('protocols');
  if (byName === undefined) return undefined;
  const names = byName.keys();
  const ordered = fields.object('aprotocols');
  const ranks = ordered === undefined ? undefined : readRanks(ordered, names, report);
  if (ranks === undefined && names.length > 0) {
    report.warn('no-ranks', fields.pointer, 'has no aprotocols: every protocol is first choice for its activities');
  }
  const protocols: CricProtocol[] = [];
  for (const name of names) {
    const protocol = byName.object(name);
    if (protocol === undefined) continue;
    protocol.skip('id', 'name');
    const listed = readActivities(protocol, report);
    const ranked = ranks?.get(name) ?? (ranks === undefined ? firstChoice(listed ?? PROTOCOL_ACTIVITIES) : new Map());
    if (ranks !== undefined && listed !== undefined) warnWhereDisagreeing(protocol, listed, ranked, report);
    const read = readProtocol(name, protocol, protocol.text('flavour'), ranked, report);
    if (read !== undefined) protocols.push(read);
  }
  return protocols;
}

/** Rank by protocol and activity: the place in each list of `aprotocols`. */
function readRanks(ordered: CricFields, names: readonly string[], report: CricReport): Map<string, Ranks> {
  const ranks = new Map<string, Ranks>(names.map((name) => [name, new Map()]));
  for (const key of ordered.keys()) {
    const activity = activityOf(key);
    if (activity === undefined) {
      ordered.skip(key);
      report.warn('unknown-activity', ordered.at(key), `${key} is no activity known here and was left out`);
      continue;
    }
    for (const [index, name] of (ordered.texts(key) ?? []).entries()) {
      const of = ranks.get(name);
      const at = child(ordered.at(key), index);
      if (of === undefined) report.warn('unknown-protocol', at, `${name} is not among the storage's protocols`);
      else if (of.has(activity)) report.error(at, `${name} is there twice`);
      else of.set(activity, index + 1);
    }
  }
  return ranks;
}

function readActivities(protocol: CricFields, report: CricReport): ProtocolActivity[] | undefined {
  const keys = protocol.texts('activities');
  if (keys === undefined) return undefined;
  const activities = new Set<ProtocolActivity>();
  for (const key of keys) {
    const activity = activityOf(key);
    if (activity === undefined) report.warn('unknown-activity', protocol.at('activities'), `${key} was left out`);
    else activities.add(activity);
  }
  return [...activities];
}

/** `aprotocols` decides, as it does when CRIC's content is pushed into Rucio. */
function warnWhereDisagreeing(
  protocol: CricFields,
  listed: readonly ProtocolActivity[],
  ranked: ReadonlyMap<ProtocolActivity, number>,
  report: CricReport,
): void {
  const different = PROTOCOL_ACTIVITIES.filter((activity) => listed.includes(activity) !== ranked.has(activity));
  if (different.length === 0) return;
  const message = `activities and aprotocols disagree on ${different.join(', ')}; aprotocols was taken`;
  report.warn('activities-disagree', protocol.pointer, message);
}

function readList(list: readonly unknown[], fields: CricFields, report: CricReport): CricProtocol[] {
  const protocols: CricProtocol[] = [];
  for (const [index, value] of list.entries()) {
    const pointer = child(fields.at('protocols'), index);
    if (!isObject(value)) {
      report.error(pointer, `expected an object that describes a protocol, found ${kindOf(value)}`);
      continue;
    }
    const protocol = new CricFields(value, pointer, report);
    protocol.skip('id', 'impl');
    const scheme = protocol.text('scheme') ?? protocol.text('flavour');
    const domains = protocol.object('domains');
    const ranks = domains === undefined ? firstChoice(PROTOCOL_ACTIVITIES) : readDomains(domains, report);
    if (domains === undefined) report.warn('no-ranks', pointer, 'has no domains: first choice for every activity');
    const read = readProtocol(protocol.text('name') ?? scheme ?? '', protocol, scheme, ranks, report);
    if (read !== undefined) protocols.push(read);
  }
  return protocols;
}

/** Rucio's form: `{lan: {read: 1}, wan: {write: 2, third_party_copy_read: 1}}`; 0 is "not allowed". */
function readDomains(domains: CricFields, report: CricReport): Ranks {
  const ranks: Ranks = new Map();
  const set = (activity: ProtocolActivity, rank: number | undefined, pointer: string): void => {
    if (rank === undefined || rank === 0) return;
    if (!Number.isInteger(rank) || rank < 0) report.error(pointer, `expected a rank of 0 or more, found ${rank}`);
    else ranks.set(activity, Math.min(rank, ranks.get(activity) ?? rank));
  };
  for (const area of ['lan', 'wan'] as const) {
    const fields = domains.object(area);
    for (const verb of ['read', 'write', 'delete'] as const) {
      set(`${verb}-${area}`, fields?.number(verb), fields?.at(verb) ?? '');
    }
    for (const key of ['third_party_copy', 'third_party_copy_read', 'third_party_copy_write']) {
      if (area === 'wan') set('third-party-copy', fields?.number(key), fields?.at(key) ?? '');
    }
    for (const key of fields?.unknown() ?? []) report.warn('unknown-activity', fields?.at(key) ?? '', 'was left out');
  }
  const copies = domains.object('third_party_copy');
  for (const verb of ['read', 'write']) set('third-party-copy', copies?.number(verb), copies?.at(verb) ?? '');
  for (const key of domains.unknown()) report.warn('unknown-activity', domains.at(key), 'was left out');
  return ranks;
}

function readProtocol(
  name: string,
  fields: CricFields,
  flavour: string | undefined,
  ranks: ReadonlyMap<ProtocolActivity, number>,
  report: CricReport,
): CricProtocol | undefined {
  const endpoint = readEndpoint(fields, report);
  const path = fields.text('path') ?? fields.text('prefix') ?? '';
  const scheme = (flavour ?? endpoint.scheme)?.toLowerCase();
  warnOfExtras(fields, report);
  if (scheme === undefined || !/^[a-z][a-z0-9+.-]*$/.test(scheme)) {
    report.error(fields.pointer, scheme === undefined ? 'has no flavour' : `${kindOf(scheme)} is no scheme`);
    return undefined;
  }
  if (!KNOWN_SCHEMES.has(scheme)) {
    report.warn('scheme-unknown', fields.pointer, `${scheme} is not a scheme known here; it is taken as it is`);
  }
  if (endpoint.scheme !== undefined && flavour !== undefined && endpoint.scheme !== scheme) {
    const message = `the endpoint says ${endpoint.scheme}://, the protocol ${scheme}; ${scheme} was taken`;
    report.warn('endpoint-with-scheme', fields.at('endpoint'), message);
  }
  if (endpoint.host === undefined) {
    report.warn('missing-field', fields.pointer, 'has no endpoint: the lake has no address for it');
  } else if (endpoint.port === undefined) {
    report.warn('endpoint-without-port', fields.pointer, `${endpoint.host}: the scheme's usual port is meant`);
  }
  const { host, port } = endpoint;
  return { name, scheme, host, port, path: joinPaths(scheme, endpoint.path, path), ranks };
}

interface Endpoint {
  readonly scheme: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly path: string;
}

function readEndpoint(fields: CricFields, report: CricReport): Endpoint {
  const hostname = fields.text('hostname');
  const text = fields.text('endpoint') ?? hostname;
  const none: Endpoint = { scheme: undefined, host: undefined, port: undefined, path: '' };
  const apart = hostname === undefined ? undefined : fields.number('port');
  if (text === undefined) return none;
  const match = ENDPOINT.exec(text);
  const port = match?.[3] === undefined ? apart : Number(match[3]);
  const key = hostname === undefined ? 'endpoint' : 'hostname';
  if (match === null || (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535))) {
    report.error(fields.at(key), `${kindOf(text)} is no host:port`);
    return none;
  }
  return { scheme: match[1]?.toLowerCase(), host: match[2], port: port === 0 ? undefined : port, path: match[4] ?? '' };
}

/** One slash before the path, or two where XRootD's addresses need them: `root://host:1094//absolute/path`. */
function joinPaths(scheme: string, outer: string, inner: string): string {
  const joined = `${outer.replace(/\/+$/, '')}/${inner.replace(/^\/+/, '')}`.replace(/^\/+/, '');
  return /^x?roots?$/.test(scheme) ? `//${joined}` : `/${joined}`;
}

function warnOfExtras(fields: CricFields, report: CricReport): void {
  const extras = fields.raw('ext_attrs');
  const isEmpty = extras === undefined || extras === '' || extras === 'NULL' || JSON.stringify(extras) === '{}';
  if (!isEmpty) report.warn('extra-attributes', fields.at('ext_attrs'), 'has no place in a lake and was left out');
  for (const key of fields.unknown()) {
    report.warn('unknown-key', fields.at(key), 'is not known here and was left out');
  }
}

function firstChoice(activities: readonly ProtocolActivity[]): Ranks {
  return new Map(activities.map((activity) => [activity, 1]));
}

function activityOf(key: string): ProtocolActivity | undefined {
  const activity = key.replaceAll('_', '-');
  return PROTOCOL_ACTIVITIES.find((known) => known === activity);
}
