// Turns a CRIC export of RSEs into a lake file, with a comment wherever something was inferred or assumed.
import { basename } from 'node:path';
import { readCricExport } from './export.ts';
import type { CricDistance, CricProtocol } from './model.ts';
import { formatImportWarning, type CricReport, type ImportWarning } from './report.ts';
import { placeStorages, type FoundSite, type PlacedStorage } from './sites.ts';
import { PROTOCOL_ACTIVITIES } from '../lake.ts';
import { commentText, flowMap, scalar } from './lake-text.ts';
import type { SourceText } from '../../language/source.ts';
import type { SiteMapping } from './site-mapping.ts';
import { technologyOf } from './technology-of-storage.ts';

export interface CricImport {
  /** The lake file. */
  readonly yaml: string;
  readonly warnings: readonly ImportWarning[];
  readonly sites: number;
  readonly storages: number;
  readonly protocols: number;
}

/** What the language needs and CRIC does not know: a round figure that nobody takes for a fact. */
const ASSUMED = {
  capacity: '100 TB',
  rate: '10 Gbit/s',
  link: '10 Gbit/s',
  tape: { drives: 2, speed: '360 MB/s' },
} as const;

/**
 * Makes a lake file of a CRIC export. Throws ProblemsError with all that cannot be understood; then there is no lake at
 * all, never a part of one.
 */
export function importCric(source: SourceText, mapping?: SiteMapping): CricImport {
  const { export: cric, report } = readCricExport(source);
  const { placed, sites } = placeStorages(cric, mapping, report);
  const storages = placed.map((one) => writeStorage(one, report));
  const file = basename(source.path);
  const organisations = cric.organisations.length === 0 ? 'A lake' : `The lake of ${cric.organisations.join(', ')}`;
  const yaml = [
    ...heading(file, report),
    'fdr-lake: 1',
    `name: ${scalar(`${organisations}, from ${file}`)}`,
    '',
    'sites:',
    ...[...sites.values()].flatMap(writeSite),
    '',
    'storages:',
    ...storages.flat(),
    '',
    ...writeNetwork(cric.distances),
    '',
    ...writeServices(placed),
    '',
  ].join('\n');
  const protocols = placed.reduce((sum, { storage }) => sum + storage.protocols.length, 0);
  return { yaml, warnings: report.sorted(), sites: sites.size, storages: placed.length, protocols };
}

function heading(file: string, report: CricReport): string[] {
  const lines = [
    `# A lake made of the CRIC export ${commentText(file)} by \`fdr lake import cric\`.`,
    '# CRIC knows neither capacities nor rates nor links: all that says [assumed: ...] is for you to replace.',
    '# What was inferred says from what. The number of each protocol in `activities` is its rank, 1 first.',
  ];
  if (report.warnings.length > 0) lines.push('#', '# Warnings of the import:');
  return [...lines, ...report.sorted().map((warning) => `# - ${commentText(formatImportWarning(file, warning))}`)];
}

function writeSite(site: FoundSite): string[] {
  const { position } = site;
  return [
    `  ${scalar(site.name)}:`,
    site.country === ''
      ? '    # country: not known'
      : `    country: ${scalar(site.country)}${site.countryHow === 'CRIC' ? '' : ` # ${commentText(site.countryHow)}`}`,
    position === undefined
      ? '    # at: [degrees north, degrees east], not known'
      : `    at: [${position.latitude}, ${position.longitude}]`,
    `    uplink: ${ASSUMED.link} # [assumed: CRIC does not say]`,
    `    downlink: ${ASSUMED.link} # [assumed: CRIC does not say]`,
  ];
}

function writeStorage({ storage, site, how }: PlacedStorage, report: CricReport): string[] {
  const { technology, reason } = technologyOf(storage);
  if (reason === '') {
    const message = `${storage.name} could be anything; ${technology} was taken`;
    report.warn('technology-not-inferred', storage.pointer, message);
  }
  const fts = storage.fts.length === 0 ? [] : [['fts', scalar(storage.fts.join(','))] as const];
  const attributes = [...storage.attributes].map(([key, value]) => [key, attributeValue(value)] as const);
  const lines = [
    `  ${scalar(storage.name)}:${storage.comment === undefined ? '' : ` # in CRIC: ${commentText(storage.comment)}`}`,
    `    site: ${scalar(site)} # ${commentText(how)}`,
    `    technology: ${technology} # ${reason === '' ? '[assumed: nothing tells it]' : `inferred from ${commentText(reason)}`}`,
  ];
  if (storage.qosClass !== undefined) lines.push(`    class: ${scalar(storage.qosClass)}`);
  lines.push(
    `    attributes: ${flowMap([...fts, ...attributes])}`,
    storage.spaceBytes === undefined
      ? `    capacity: ${ASSUMED.capacity} # [assumed: CRIC does not say]`
      : `    capacity: ${storage.spaceBytes} B # the space that CRIC grants`,
    `    read: ${ASSUMED.rate} # [assumed: CRIC does not say]`,
    `    write: ${ASSUMED.rate} # [assumed: CRIC does not say]`,
    `    deterministic: ${storage.isDeterministic}`,
    `    verify-checksum: ${storage.verifyChecksum}`,
  );
  if (storage.isTape) {
    const { drives, speed } = ASSUMED.tape;
    lines.push(
      `    tape: { drives: ${drives}, speed: ${speed} } # [assumed: CRIC does not say; an LTO-8 drive's speed]`,
    );
    report.warn('tape-assumed', storage.pointer, `${storage.name}: ${drives} drives of ${speed} were assumed`);
  }
  return storage.protocols.length === 0 ? lines : [...lines, '    protocols:', ...writeProtocols(storage.protocols)];
}

/** Flags and whole numbers are left as such: RSE expressions compare texts all the same. */
function attributeValue(text: string): string {
  return /^(true|false|0|[1-9]\d{0,14})$/.test(text) ? text : scalar(text);
}

function writeProtocols(protocols: readonly CricProtocol[]): string[] {
  const seen = new Map<string, number>();
  return protocols.flatMap((protocol) => {
    const count = (seen.get(protocol.scheme) ?? 0) + 1;
    seen.set(protocol.scheme, count);
    const key = count === 1 ? protocol.scheme : `${protocol.scheme}-${count}`;
    const ranks = PROTOCOL_ACTIVITIES.flatMap((activity) => {
      const rank = protocol.ranks.get(activity);
      return rank === undefined ? [] : [[activity, rank] as const];
    });
    return [
      `      ${scalar(key)}: # ${commentText(protocol.name)}`,
      ...(protocol.host === undefined ? [] : [`        url: ${scalar(addressOf(protocol, protocol.host))}`]),
      `        activities: ${flowMap(ranks)}`,
    ];
  });
}

function addressOf({ scheme, port, path }: CricProtocol, host: string): string {
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}${path}`;
}

function writeNetwork(distances: readonly CricDistance[]): string[] {
  const lines = [
    'network:',
    `  default: { rtt: by-distance, capacity: ${ASSUMED.link} } # [assumed: CRIC does not say]`,
  ];
  if (distances.length === 0) return lines;
  const known = new Map(distances.map(({ from, to, distance }) => [`${from} ${to}`, distance]));
  lines.push('  distances: # smaller is nearer');
  for (const { from, to, distance } of distances) {
    const isBothWays = known.get(`${to} ${from}`) === distance;
    if (isBothWays && to < from) continue;
    const ends = `from: ${scalar(from)}, to: ${scalar(to)}, distance: ${distance}`;
    lines.push(`    - { ${ends}${isBothWays ? '' : ', one-way: true'} }`);
  }
  return lines;
}

function writeServices(placed: readonly PlacedStorage[]): string[] {
  const servers = [...new Set(placed.flatMap(({ storage }) => storage.fts))];
  const [first] = servers;
  const more = servers.length > 1 ? ` # and ${servers.slice(1).map(commentText).join(', ')}: see the attributes` : '';
  return [
    'services:',
    '  catalogue: { model: rucio }',
    `  transfers: ${flowMap([['model', 'fts3'], ...(first === undefined ? [] : [['url', scalar(first)] as const])])}${more}`,
    '  topology: { model: cric }',
  ];
}
