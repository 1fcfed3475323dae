import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ProblemsError } from '../../core/problem.ts';
import type { SourceText } from '../../language/source.ts';
import { formatImportWarning } from './report.ts';
import { importCric, type CricImport } from './import-cric.ts';
import { loadLake } from '../load.ts';
import { readSiteMapping } from './site-mapping.ts';

const FILE = 'cric-rse-escape-2020-09.json';
const EXPORT = readFileSync(join(import.meta.dirname, 'test-data', FILE), 'utf8');

const source = (text: string, path = FILE): SourceText => ({ path, text, sha256: '' });
const imported = (data: unknown): CricImport => importCric(source(JSON.stringify(data, null, 2), 'rses.json'));
const warnings = (result: CricImport): string[] => result.warnings.map((one) => formatImportWarning('rses.json', one));

interface LakeFile {
  name: string;
  sites: Record<string, Record<string, unknown>>;
  storages: Record<string, StorageFile>;
  network: { default: unknown; distances?: unknown[] };
  services: Record<string, Record<string, unknown>>;
}
interface StorageFile {
  site: string;
  technology: string;
  attributes: Record<string, unknown>;
  protocols: Record<string, { url?: string; activities: Record<string, number> }>;
  [key: string]: unknown;
}
const read = (result: CricImport): LakeFile => parse(result.yaml) as LakeFile;

/** The smallest storage that leaves nothing to say. */
const storage = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  aprotocols: { read_wan: ['A-davs'], write_wan: ['A-davs'] },
  country_code: 'CH',
  fts: 'https://fts.example:8446',
  is_deterministic: true,
  lfn2pfn_algorithm: 'hash',
  protocols: { 'A-davs': { endpoint: 'se.cern.ch:443', flavour: 'davs', path: '/eos/a' } },
  siteinfo: { latitude: 46.23, longitude: 6.05 },
  state: 'ACTIVE',
  type: 'DISK',
  verify_checksum: true,
  ...changes,
});
const davs = (changes: Record<string, unknown>): Record<string, unknown> => ({
  protocols: { 'A-davs': { endpoint: 'se.cern.ch:443', flavour: 'davs', path: '/eos/a', ...changes } },
});

describe('the export of the ESCAPE lake', () => {
  const result = importCric(source(EXPORT));
  const lake = read(result);

  it('has 14 storages and 28 protocols', () => {
    expect([result.storages, result.protocols]).toEqual([14, 28]);
    expect(Object.keys(lake.storages)).toHaveLength(14);
    expect(Object.values(lake.storages).flatMap(({ protocols }) => Object.keys(protocols))).toHaveLength(28);
  });

  it('keeps host, port, path and the ranks by activity of all 28 protocols', () => {
    interface Entry {
      aprotocols: Record<string, string[]>;
      protocols: Record<string, { endpoint: string; flavour: string; path: string }>;
    }
    for (const [name, entry] of Object.entries(JSON.parse(EXPORT) as Record<string, Entry>)) {
      for (const [protocolName, { endpoint, flavour, path }] of Object.entries(entry.protocols)) {
        const protocol = lake.storages[name]?.protocols[flavour];
        const address = new URL((protocol?.url ?? '').replace(/^\w+:/, 'http:'));
        const port = address.port === '' ? '80' : address.port;
        expect(`${address.hostname}:${port}`).toBe(endpoint.replace('https://', ''));
        expect(address.pathname.replace(/^\/+/, '')).toBe(path.replace(/^\/+/, ''));
        expect(protocol?.url?.startsWith(`${flavour}://`)).toBe(true);
        const ranks = Object.entries(entry.aprotocols)
          .filter(([, names]) => names.includes(protocolName))
          .map(([activity, names]) => [activity.replaceAll('_', '-'), names.indexOf(protocolName) + 1]);
        expect(protocol?.activities).toEqual(Object.fromEntries(ranks));
      }
    }
  });

  // The next three were written down by hand from the export.
  it('ALPAMED-DPM: three protocols, and davs may not write over the wide area', () => {
    expect(lake.storages['ALPAMED-DPM']).toEqual({
      site: 'LAPP',
      technology: 'dpm',
      attributes: { fts: 'https://fts3-pilot.cern.ch:8446', lfn2pfn_algorithm: 'hash' },
      capacity: '100 TB',
      read: '10 Gbit/s',
      write: '10 Gbit/s',
      deterministic: true,
      'verify-checksum': true,
      protocols: {
        davs: {
          url: 'davs://lapp-testse01.in2p3.fr:443/dpm/in2p3.fr/home/escape/rucio/lapp_dpm',
          activities: {
            'read-lan': 3,
            'write-lan': 2,
            'delete-lan': 3,
            'read-wan': 3,
            'delete-wan': 3,
            'third-party-copy': 3,
          },
        },
        gsiftp: {
          url: 'gsiftp://lapp-testse01.in2p3.fr:2811/dpm/in2p3.fr/home/escape/rucio/lapp_dpm',
          activities: {
            'read-lan': 2,
            'write-lan': 3,
            'delete-lan': 2,
            'read-wan': 2,
            'write-wan': 2,
            'delete-wan': 2,
            'third-party-copy': 2,
          },
        },
        root: {
          url: 'root://lapp-testse01.in2p3.fr:1094//dpm/in2p3.fr/home/escape/rucio/lapp_dpm',
          activities: {
            'read-lan': 1,
            'write-lan': 1,
            'delete-lan': 1,
            'read-wan': 1,
            'write-wan': 1,
            'delete-wan': 1,
            'third-party-copy': 1,
          },
        },
      },
    });
  });

  it('LAPP-WEBDAV: one davs door at port 8001, without checksums', () => {
    expect(lake.storages['LAPP-WEBDAV']).toMatchObject({
      site: 'LAPP',
      technology: 'webdav',
      deterministic: true,
      'verify-checksum': false,
    });
    expect(lake.storages['LAPP-WEBDAV']?.protocols).toEqual({
      davs: {
        url: 'davs://lapp-esc02.in2p3.fr:8001/webdav',
        activities: {
          'read-lan': 1,
          'write-lan': 1,
          'delete-lan': 1,
          'read-wan': 1,
          'write-wan': 1,
          'delete-wan': 1,
          'third-party-copy': 1,
        },
      },
    });
  });

  it('PIC-INJECT: not deterministic, paths by identity, davs before root', () => {
    const inject = lake.storages['PIC-INJECT'];
    expect(inject).toMatchObject({ site: 'PIC', technology: 'dcache', deterministic: false, 'verify-checksum': true });
    expect(inject?.attributes).toEqual({ fts: 'https://fts3-pilot.cern.ch:8446', lfn2pfn_algorithm: 'identity' });
    expect(inject?.protocols['davs']?.url).toBe('davs://door05.pic.es:8452/rucio/pic_inject');
    expect(inject?.protocols['davs']?.activities['write-wan']).toBe(1);
    expect(inject?.protocols['root']?.url).toBe('root://xrootd.pic.es:1094//pnfs/pic.es/data/escape/rucio/pic_inject');
    expect(inject?.protocols['root']?.activities['write-wan']).toBe(2);
  });

  it('infers each site from the domain of its hosts', () => {
    expect(Object.fromEntries(Object.entries(lake.storages).map(([name, { site }]) => [name, site]))).toEqual({
      'ALPAMED-DPM': 'LAPP',
      'CNAF-STORM': 'CNAF',
      CNAF_CMS_TEMP: 'CNAF_CMS_TEMP',
      'DESY-DCACHE': 'DESY',
      'EULAKE-1': 'CERN',
      'EULAKE-2': 'CERN',
      'GSI-ROOT': 'GSI',
      'IN2P3-CC-DCACHE': 'CC-IN2P3',
      'INFN-NA-DPM': 'INFN-NAPOLI',
      'LAPP-DCACHE': 'LAPP',
      'LAPP-WEBDAV': 'LAPP',
      'PIC-DCACHE': 'PIC',
      'PIC-INJECT': 'PIC',
      'SARA-DCACHE': 'SURFSARA',
    });
  });

  it('says in a comment how each site, country and technology was found', () => {
    const lines = result.yaml.split('\n');
    const uncommented = lines.filter((line) => /^ {4}(site|technology|country): /.test(line) && !line.includes(' # '));
    expect(uncommented).toEqual([]);
    expect(lines).toContain('    site: PIC # inferred from host door05.pic.es: pic.es');
    expect(lines).toContain('    country: ES # inferred from host door05.pic.es');
    expect(lines).toContain('    technology: eos # inferred from its paths under /eos/');
  });

  it('marks all that CRIC does not know as assumed', () => {
    const figures = result.yaml.split('\n').filter((line) => /(capacity|read|write|uplink|downlink): \d/.test(line));
    expect(figures).toHaveLength(14 * 3 + 10 * 2 + 1);
    expect(figures.filter((line) => !line.includes('# [assumed: CRIC does not say]'))).toEqual([]);
  });

  it('takes the transfer service from the storages', () => {
    expect(lake.services['transfers']).toEqual({ model: 'fts3', url: 'https://fts3-pilot.cern.ch:8446' });
    expect(lake.name).toBe('The lake of ESCAPE, from cric-rse-escape-2020-09.json');
  });

  it('warns of four things, and repeats them at the head of the lake', () => {
    expect(result.warnings.map(({ name, path }) => `${name} ${path}`.trim())).toEqual([
      'position-unknown',
      'country-unknown',
      'site-not-inferred CNAF_CMS_TEMP',
      'endpoint-with-scheme LAPP-WEBDAV.protocols.LAPP-WEBDAV-webdav.endpoint',
    ]);
    expect(result.yaml.split('\n').filter((line) => line.startsWith('# - '))).toHaveLength(4);
  });
});

describe('a mapping file', () => {
  const mapping = (text: string) => readSiteMapping(source(text, 'sites.yaml'));

  it('goes before what is inferred: by the name of a storage, by address, and by the longest host ending', () => {
    const text =
      'CNAF_CMS_TEMP: CNAF\nin2p3.fr: FRANCE\ncc.in2p3.fr: NEVER\nlapp-esc02.in2p3.fr: ANNECY\ndesy.de: HAMBURG\n';
    const result = importCric(source(EXPORT), mapping(text));
    const sites = Object.fromEntries(Object.entries(read(result).storages).map(([name, { site }]) => [name, site]));
    expect(sites).toMatchObject({
      CNAF_CMS_TEMP: 'CNAF',
      'LAPP-DCACHE': 'FRANCE',
      'IN2P3-CC-DCACHE': 'FRANCE',
      'LAPP-WEBDAV': 'ANNECY',
      'DESY-DCACHE': 'HAMBURG',
      'PIC-DCACHE': 'PIC',
    });
    expect(result.yaml).toContain('    site: CNAF # sites.yaml: CNAF_CMS_TEMP\n');
    expect(result.warnings.map(({ name }) => name)).not.toContain('site-not-inferred');
    expect(result.warnings.filter(({ name }) => name === 'mapping-unused')).toMatchObject([
      { message: 'sites.yaml: cc.in2p3.fr matches no storage and no host' },
    ]);
  });

  it('matches whole labels of a host only', () => {
    const result = importCric(source(EXPORT), mapping('esy.de: WRONG\n'));
    expect(read(result).storages['DESY-DCACHE']?.site).toBe('DESY');
  });

  it.each([
    ['[CERN]', 'sites.yaml:1:1: expected a mapping from storages or host endings to sites'],
    ['a: 1\n', "sites.yaml:1:4 a: expected a site's name"],
    ['a: two words\n', "sites.yaml:1:4 a: expected a site's name"],
    ['a: {b: c}\n', "sites.yaml:1:4 a: expected a site's name"],
    ['a: CERN\na: DESY\n', 'sites.yaml:2:1 a: is there twice'],
  ])('%j is refused', (text, message) => {
    expect(errorOf(() => mapping(text))).toContain(message);
  });
});

describe('what CRIC knows is kept', () => {
  it('position and country', () => {
    const result = imported({ A: storage() });
    expect(read(result).sites).toEqual({
      CERN: { country: 'CH', at: [46.23, 6.05], uplink: '10 Gbit/s', downlink: '10 Gbit/s' },
    });
    expect(result.warnings).toEqual([]);
  });

  it('a resource centre is the site', () => {
    const result = imported({ A: storage({ rcsite: 'CERN-PROD' }) });
    expect(result.yaml).toContain("    site: CERN-PROD # CRIC's resource centre\n");
  });

  it('a storage that is volatile, and several transfer services', () => {
    const result = imported({
      A: storage({ is_volatile: true, fts: 'https://one.example,https://two.example' }),
    });
    expect(read(result).storages['A']?.attributes).toEqual({
      fts: 'https://one.example,https://two.example',
      lfn2pfn_algorithm: 'hash',
      volatile: true,
    });
    expect(result.yaml).toContain('url: https://one.example } # and https://two.example: see the attributes');
  });

  it('tape gets drives that are assumed, with a warning', () => {
    const result = imported({ A: storage({ type: 'TAPE' }) });
    expect(read(result).storages['A']).toMatchObject({ technology: 'tape', tape: { drives: 2, speed: '360 MB/s' } });
    expect(result.warnings.map(({ name }) => name)).toEqual(['tape-assumed']);
  });

  it('two protocols of one scheme', () => {
    const protocols = {
      one: { endpoint: 'a.cern.ch:1', flavour: 'davs', path: '/' },
      two: { endpoint: 'b.cern.ch:2', flavour: 'davs', path: '/' },
    };
    const result = imported({ A: storage({ protocols, aprotocols: { read_wan: ['two', 'one'] } }) });
    expect(read(result).storages['A']?.protocols).toEqual({
      davs: { url: 'davs://a.cern.ch:1/', activities: { 'read-wan': 2 } },
      'davs-2': { url: 'davs://b.cern.ch:2/', activities: { 'read-wan': 1 } },
    });
  });

  it('an IPv6 endpoint', () => {
    const result = imported({ A: storage({ rcsite: 'X', ...davs({ endpoint: '[2001:db8::1]:443' }) }) });
    expect(read(result).storages['A']?.protocols['davs']?.url).toBe('davs://[2001:db8::1]:443/eos/a');
  });

  it('names and comments that YAML would read as something else', () => {
    const result = imported({ NULL: storage({ state_comment: 'do not\n# use: "this" ${HOME}' }), '1E5': storage() });
    expect(Object.keys(read(result).storages).toSorted()).toEqual(['1E5', 'NULL']);
    expect(result.yaml).toContain('1E5');
    expect(result.yaml).toContain('# in CRIC: do not # use: "this" ${HOME}\n');
  });
});

describe('the other shapes of an export', () => {
  it('a list, as query/list gives it, is the same as an object', () => {
    const byName = imported({ A: storage({ name: 'A' }), B: storage({ name: 'B' }) });
    const list = imported([storage({ name: 'A' }), storage({ name: 'B' })]);
    expect(list.yaml).toBe(byName.yaml);
  });

  const doma = (): Record<string, unknown> => ({
    rses: {
      A: {
        name: 'A',
        rse_type: '',
        fts: 'https://fts.example:8446',
        lfn2pfn_algorithm: 'hash',
        deterministic: true,
        volatile: false,
        country_name: 'CH',
        latitude: 46.23,
        longitude: 6.05,
        space: 5e13,
        MinFreeSpace: 1e11,
        availability_write: false,
        params: { QOS: 'FAST', SITE: 'CERN', verify_checksum: 'True', tier: 1 },
        protocols: [
          {
            name: 'A-davs',
            scheme: 'davs',
            hostname: 'se.cern.ch',
            port: 443,
            prefix: '/eos/a',
            ext_attrs: '',
            domains: {
              lan: { read: 1, write: 1, delete: 0 },
              wan: { read: 2, write: 1, delete: 1 },
              third_party_copy: { read: 1, write: 2 },
            },
          },
        ],
      },
      B: { ...storage(), protocols: [] },
    },
    distances: { A: { B: { distance: 2 } }, B: { A: { ranking: 2 }, C: { distance: 1 } } },
  });

  it('preset=doma: ranks by domain, the space granted, the class, and distances', () => {
    const result = imported(doma());
    const lake = read(result);
    expect(lake.storages['A']).toEqual({
      site: 'CERN',
      technology: 'eos',
      class: 'FAST',
      attributes: { fts: 'https://fts.example:8446', lfn2pfn_algorithm: 'hash', MinFreeSpace: 100000000000, tier: 1 },
      capacity: '50000000000000 B',
      read: '10 Gbit/s',
      write: '10 Gbit/s',
      deterministic: true,
      'verify-checksum': true,
      protocols: {
        davs: {
          url: 'davs://se.cern.ch:443/eos/a',
          activities: {
            'read-lan': 1,
            'write-lan': 1,
            'read-wan': 2,
            'write-wan': 1,
            'delete-wan': 1,
            'third-party-copy': 1,
          },
        },
      },
    });
    expect(lake.network.distances).toEqual([{ from: 'A', to: 'B', distance: 2 }]);
    expect(result.warnings.map(({ name }) => name).toSorted()).toEqual([
      'distance-unknown-storage',
      'missing-field',
      'no-protocols',
      'not-active',
      'site-not-inferred',
      'technology-not-inferred',
      'unknown-key',
    ]);
  });

  it('distances that differ by direction are two', () => {
    const data = doma();
    data['distances'] = { A: { B: { distance: 2 } }, B: { A: { distance: 3 } } };
    expect(read(imported(data)).network.distances).toEqual([
      { from: 'A', to: 'B', distance: 2, 'one-way': true },
      { from: 'B', to: 'A', distance: 3, 'one-way': true },
    ]);
  });
});

describe('odd input gives a named warning', () => {
  it.each([
    ['aprotocols', { aprotocols: undefined }, 'A: no-ranks: has no aprotocols'],
    ['fts', { fts: '' }, 'A: missing-field: has no fts'],
    ['checksum and type', { verify_checksum: null, type: 'NULL' }, 'missing-field: has no type, verify_checksum'],
    ['unknown keys', { colour: 'blue' }, 'unknown-key: colour of A is not known here'],
    ['a state', { state: 'DISABLED' }, 'A.state: not-active: state is DISABLED'],
    ['another name inside', { name: 'B' }, 'A.name: name-disagrees: says B; A was taken'],
    ['no protocols', { protocols: {} }, 'A: no-protocols: A has no protocol'],
    ['position 0.0', { siteinfo: { latitude: 0.0, longitude: 0.0 } }, 'position-unknown: no position'],
    [
      'country',
      { country_code: '', ...davs({ endpoint: 'se.example.org:1' }) },
      'country-unknown: no country for EXAMPLE',
    ],
    ['an unknown activity', { aprotocols: { fly: ['A-davs'] } }, 'A.aprotocols.fly: unknown-activity: fly'],
    [
      'ranks of nothing',
      { aprotocols: { read_wan: ['B-davs'] } },
      'A.aprotocols.read_wan[0]: unknown-protocol: B-davs',
    ],
    ['activities that disagree', davs({ activities: ['read_wan'] }), 'activities-disagree: activities and aprotocols'],
    ['no port', davs({ endpoint: 'se.cern.ch' }), 'endpoint-without-port: se.cern.ch'],
    ['no endpoint', davs({ endpoint: '' }), 'missing-field: has no endpoint'],
    ['an address', davs({ endpoint: '193.204.89.93:1094' }), 'A: site-not-inferred: has no site, and the address'],
    ['extra attributes', davs({ ext_attrs: 'x=y' }), 'ext_attrs: extra-attributes: has no place in a lake'],
    ['a scheme unknown here', davs({ flavour: 'ipfs' }), 'scheme-unknown: ipfs is not a scheme known here'],
    ['an unknown key of a protocol', davs({ colour: 1 }), 'A.protocols.A-davs.colour: unknown-key'],
    ['a class with spaces', { params: { QOS: 'very fast' } }, 'attribute-left-out: the class the text "very fast"'],
  ])('%s', (_, changes, expected) => {
    const result = imported({ A: storage(changes) });
    expect(warnings(result).join('\n')).toContain(expected);
    expect(Object.keys(read(result).storages)).toEqual(['A']);
  });

  it('hosts of two sites in one storage, and two positions of one site', () => {
    const protocols = {
      one: { endpoint: 'a.cern.ch:1', flavour: 'davs', path: '/' },
      two: { endpoint: 'b.desy.de:2', flavour: 'root', path: '/pnfs/x' },
    };
    const result = imported({
      A: storage({ protocols, aprotocols: { read_wan: ['two', 'one'] } }),
      B: storage(),
      C: storage({ siteinfo: { latitude: 53.57, longitude: 9.88 } }),
    });
    expect(read(result).storages['A']?.site).toBe('DESY');
    expect(result.warnings.map(({ name, path }) => `${name} ${path}`)).toEqual([
      'sites-disagree A',
      'sites-disagree C',
    ]);
  });
});

describe('what cannot be understood gives an error and no lake', () => {
  it.each([
    [
      'a login page',
      '<!DOCTYPE html>\n<html><head><title>CERN Single\n Sign-On</title>',
      'rses.json: is a web page ("CERN Single Sign-On") and not JSON',
    ],
    ['cut in a list', EXPORT.slice(0, 300), 'ends in the middle: the JSON is cut off'],
    ['cut in a text', EXPORT.slice(0, 210), 'ends in the middle: the JSON is cut off'],
    ['not JSON', 'name,site\nA,CERN\n', 'rses.json:1:1: is not JSON'],
    ['a comma too many', '{"A": {},}', 'rses.json:1:10: is not JSON'],
    ['an empty object', '{}', 'rses.json:1:1: holds no storages'],
    ['an empty list', '[]', 'rses.json:1:1: holds no storages'],
    ['a text', '"rses"', 'rses.json:1:1: expected storages, found the text "rses"'],
    ['null', 'null', 'rses.json:1:1: expected storages, found null'],
    [
      'a list of names',
      '["A", "B"]',
      'rses.json:1:2 0: expected an object that describes a storage, found the text "A"',
    ],
    ['storages without names', '[{"protocols": {}}]', 'rses.json:1:2 0: has no name'],
    [
      'a storage twice in a list',
      JSON.stringify([storage({ name: 'A' }), storage({ name: 'A' })]),
      'the storage A is there twice',
    ],
    ['a key twice', '{"A": {"fts": "a",\n "fts": "b"}}', 'rses.json:2:2 A.fts: is there twice'],
    [
      'an error of the server',
      '{"error": "no such preset"}',
      'rses.json:1:11 error: expected an object that describes a storage',
    ],
    ['no protocols at all', '{"A": {"name": "A"}}', 'rses.json:1:7 A: has no protocols'],
    ['a name with a line break', '{"A\\nB": {"protocols": {}}}', 'cannot be the name of a storage'],
    ['deep nesting', `${'[['.repeat(5000)}${']]'.repeat(5000)}`, 'nested deeper than 12 levels'],
  ])('%s', (_, text, message) => {
    expect(errorOf(() => importCric(source(text, 'rses.json')))).toContain(message);
  });

  it.each([
    ['protocols as a text', { protocols: 'davs' }, 'A.protocols: expected an object, found the text "davs"'],
    ['aprotocols as a list', { aprotocols: [] }, 'A.aprotocols: expected an object, found a list'],
    ['a rank that is no text', { aprotocols: { read_wan: [1] } }, 'A.aprotocols.read_wan[0]: expected a text, found 1'],
    ["another exercise's ranks", { aprotocols: { read_wan: [['url', 1, '/']] } }, 'expected a text, found a list'],
    ['a rank twice', { aprotocols: { read_wan: ['A-davs', 'A-davs'] } }, 'read_wan[1]: A-davs is there twice'],
    ['a protocol that is null', { protocols: { x: [] } }, 'A.protocols.x: expected an object, found a list'],
    ['no flavour', davs({ flavour: '' }), 'A.protocols.A-davs: has no flavour'],
    ['an endpoint that is a sentence', davs({ endpoint: 'ask Anna' }), 'endpoint: the text "ask Anna" is no host:port'],
    ['a port too large', davs({ endpoint: 'se.cern.ch:99999' }), 'is no host:port'],
    ['a flag that is a number', { is_deterministic: 1 }, 'A.is_deterministic: expected true or false, found 1'],
    ['a type unknown', { type: 'CLOUD' }, 'A.type: expected DISK or TAPE, found the text "CLOUD"'],
    ['a latitude of 91', { siteinfo: { latitude: 91, longitude: 1 } }, '91, 1 is no position on Earth'],
    ['space below nothing', { space: -5 }, 'A.space: a space of -5 bytes'],
  ])('%s', (_, changes, message) => {
    expect(errorOf(() => imported({ A: storage(changes) }))).toContain(message);
  });

  it('all that is wrong is told at once, with places', () => {
    const text = '{\n  "A": { "protocols": 1, "type": 2 },\n  "B": 3\n}';
    expect(errorOf(() => importCric(source(text, 'rses.json'))).split('\n')).toEqual([
      'rses.json:2:23 A.protocols: expected an object, found 1',
      'rses.json:2:34 A.type: expected a text, found 2',
      expect.stringContaining('rses.json:3:8 B: expected an object that describes a storage, found 3'),
    ]);
  });
});

describe('whatever is in an export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fdr-cric-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const texts = [null, '', 'NULL', 'x', 'a b\n"c": [', '${HOME}', '# not', '-', '0x10', '1e400', '\ud800'];
  const others = [
    0,
    -1,
    1.5,
    70_000,
    1e300,
    true,
    false,
    [],
    {},
    ['read_wan'],
    { a: 1 },
    'https://h:1/p',
    'se.cern.ch:0',
  ];
  const odd = fc.constantFrom<unknown>(...texts, ...others);
  /** One value of the export, at any depth, replaced, dropped, or put under another key. */
  const mutate = (data: unknown, choice: number, value: unknown, how: 'replace' | 'drop' | 'rename'): void => {
    const places: [Record<string, unknown>, string][] = [];
    const walk = (inner: unknown): void => {
      if (typeof inner !== 'object' || inner === null) return;
      for (const key of Object.keys(inner)) {
        places.push([inner as Record<string, unknown>, key]);
        walk((inner as Record<string, unknown>)[key]);
      }
    };
    walk(data);
    const [holder, key] = places[choice % places.length] ?? [{}, ''];
    if (how === 'rename') holder[typeof value === 'string' ? value : 'renamed'] = holder[key];
    if (how === 'replace') holder[key] = structuredClone(value);
    else if (!Array.isArray(holder)) delete holder[key];
  };

  it('gives an error, or a lake that loads without an error', () => {
    const outcomes = { lake: 0, error: 0 };
    const mutations = fc.array(fc.tuple(fc.nat(), odd, fc.constantFrom('replace', 'drop', 'rename')), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(mutations, (all) => {
        const data = JSON.parse(EXPORT) as unknown;
        for (const [choice, value, how] of all) mutate(data, choice, value, how);
        let yaml: string;
        try {
          yaml = imported(data).yaml;
        } catch (error) {
          if (!(error instanceof ProblemsError)) throw error;
          outcomes.error += 1;
          return;
        }
        outcomes.lake += 1;
        const file = join(folder, 'lake.yaml');
        writeFileSync(file, yaml);
        loadLake(file, { env: {} });
      }),
      { seed: 20201124, numRuns: 400 },
    );
    expect(outcomes.lake).toBeGreaterThan(100);
    expect(outcomes.error).toBeGreaterThan(100);
  });
});

function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ProblemsError) {
      expect(error.exitCode).toBe(2);
      return error.message;
    }
    throw error;
  }
  throw new Error('nothing was wrong');
}
