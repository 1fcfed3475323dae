// The lake language: what a lake file may say, each key with its meaning and default.
import Type, { type Static } from 'typebox';
import { LIMITS } from '../language/limits.ts';
import {
  count,
  law,
  named,
  oneOfWords,
  optional,
  quantity,
  strict,
  text,
  withDefault,
} from '../language/schema-parts.ts';
import { PROTOCOL_ACTIVITIES } from './lake.ts';

export const TECHNOLOGIES = ['eos', 'dcache', 'dpm', 'storm', 'xrootd', 'webdav', 's3', 'posix', 'tape'] as const;

const unlimited = { positive: true, orWords: ['unlimited'] };
const everyDay = { positive: true, most: LIMITS.durationSeconds, mostText: '31d' };

/** One storage system's usual time before the first byte: tests of WLCG transfers show 3 s to 10 s for small files. */
const SET_UP = { lognormal: { median: '4s', sigma: 0.5 } };

const address = (what: string) =>
  optional(text({ description: `${what} Not read by a simulated run.`, examples: ['https://rucio.example'] }, 2000));

const site = strict(
  {
    kind: withDefault(
      oneOfWords(['grid', 'cloud', 'hpc'], { description: 'A grid site, a commercial cloud or an HPC centre.' }),
      'grid',
    ),
    country: withDefault(
      Type.String({
        pattern: '^([A-Z]{2})?$',
        patternText: 'two capital letters (ISO 3166), for example CH',
        description: 'ISO 3166 code of two letters.',
        examples: ['CH'],
        defaultText: 'unknown',
      }),
      '',
    ),
    at: optional(
      Type.Unsafe<[number, number]>({
        type: 'array',
        items: { type: 'number', minimum: -180, maximum: 180 },
        minItems: 2,
        maxItems: 2,
        description: 'Degrees north and degrees east. Round-trip times follow from distances.',
        examples: [[46.23, 6.05]],
        defaultText: 'unknown: `rtt: by-distance` then takes 20 ms',
      }),
    ),
    uplink: withDefault(
      quantity('rate', { description: 'Wide-area link out of the site.', examples: ['100 Gbit/s'] }, unlimited),
      'unlimited',
    ),
    downlink: withDefault(
      quantity('rate', { description: 'Wide-area link into the site.', examples: ['100 Gbit/s'] }, unlimited),
      'unlimited',
    ),
    'egress-cost': optional(
      quantity('money-per-byte', {
        description: 'Price of what leaves the site: amount, currency (ISO 4217), per size.',
        defaultText: 'none',
      }),
    ),
    inbound: withDefault(
      Type.Boolean({
        description:
          "False where nobody outside can connect to the site's storages: only the site itself can start transfers.",
      }),
      true,
    ),
  },
  { description: 'A site.' },
);

const priority = count({ description: 'Rank; 1 is tried first.', examples: [1] }, 1, 100);

const protocol = strict(
  {
    url: optional(
      text(
        {
          description: 'Address, with scheme, host, port and prefix. A simulated run needs none.',
          examples: ['davs://eulake.example:443/escape'],
          defaultText: 'none',
        },
        2000,
      ),
    ),
    'third-party': optional(
      Type.Array(oneOfWords(['pull', 'push'], { description: 'Mode of third-party copy.' }), {
        uniqueItems: true,
        maxItems: 2,
        description: 'Modes of third-party copy that the endpoint can do.',
        examples: [['pull', 'push']],
        defaultText: '[pull, push] where the activities allow `third-party-copy`',
      }),
    ),
    activities: optional(
      strict(Object.fromEntries(PROTOCOL_ACTIVITIES.map((activity) => [activity, optional(priority)])), {
        description: 'Rank of the protocol by activity, 1 first; what is not named is not allowed.',
        examples: [{ 'read-wan': 1, 'write-wan': 1, 'third-party-copy': 1 }],
        defaultText: 'all at 1',
      }),
    ),
  },
  { description: 'One protocol of a storage, by scheme.' },
);

const tape = strict(
  {
    drives: count({ description: 'Number of drives.', examples: [4] }, 1, 10_000),
    speed: quantity('rate', { description: 'Of one drive.', examples: ['360 MB/s'] }, { positive: true }),
    mount: withDefault(quantity('duration', { description: 'Time to mount a cartridge.' }), '60s'),
    position: withDefault(quantity('duration', { description: 'Time to reach a file on a cartridge.' }), '60s'),
    unmount: withDefault(quantity('duration', { description: 'Time to unmount a cartridge.' }), '60s'),
    buffer: withDefault(
      quantity('bytes', { description: 'Disk in front of the drives.', examples: ['50 TB'] }, { positive: true }),
      '10 TB',
    ),
    cartridge: withDefault(
      quantity('bytes', { description: 'What one cartridge holds (LTO-8: 12 TB).' }, { positive: true }),
      '12 TB',
    ),
  },
  { description: 'The tape library. Required where the technology is tape.', defaultText: 'none' },
);

const attributeName = '^[A-Za-z0-9_.-]{1,64}$';

const storage = strict(
  {
    site: text({ description: 'Name of the site it stands at.', examples: ['CERN'] }),
    technology: oneOfWords(TECHNOLOGIES, { description: 'Storage system.' }),
    class: withDefault(
      Type.String({
        pattern: '^[A-Za-z0-9._-]{0,64}$',
        patternText: 'letters, digits and . _ - only',
        description: 'QoS class; in RSE expressions `class=SAFE` or `QOS=SAFE`.',
        examples: ['SAFE', 'FAST'],
        defaultText: 'none',
      }),
      '',
    ),
    attributes: withDefault(
      Type.Unsafe<Record<string, string | number | boolean>>({
        type: 'object',
        additionalProperties: {
          type: ['string', 'number', 'boolean'],
          maxLength: 2000,
          description: 'Value of the attribute; `true` and `false` match as `True` and `False`, as in Rucio.',
        },
        propertyNames: { pattern: attributeName },
        nameOf: 'attribute',
        nameRule: 'letters, digits and . _ - only, at most 64',
        maxProperties: 100,
        description: 'Further attributes that RSE expressions may ask for.',
        examples: [{ tier: 0 }],
        defaultText: 'none',
      }),
      {},
    ),
    capacity: quantity('bytes', { description: 'Space in all.', examples: ['500 TB'] }, { positive: true }),
    used: withDefault(
      quantity('bytes', { description: 'Space taken by data that the scenario does not move.', examples: ['120 TB'] }),
      '0 B',
    ),
    read: quantity('rate', { description: 'All readers together.', examples: ['20 Gbit/s'] }, { positive: true }),
    write: quantity('rate', { description: 'All writers together.', examples: ['10 Gbit/s'] }, { positive: true }),
    'per-stream': withDefault(
      quantity('rate', { description: 'The most that one stream moves.', examples: ['400 MB/s'] }, unlimited),
      'unlimited',
    ),
    'set-up': withDefault(
      law('duration', {
        description: 'Time in which a transfer holds a slot and moves nothing: stat, checksum, making directories.',
        examples: ['3s', SET_UP],
      }),
      SET_UP,
    ),
    deterministic: withDefault(Type.Boolean({ description: "Rucio's flag: paths follow from scope and name." }), true),
    'verify-checksum': withDefault(
      Type.Boolean({ description: 'Whether transfers compare checksums; without it, corruption is not noticed.' }),
      true,
    ),
    protocols: withDefault(
      named(protocol, {
        of: 'protocol',
        most: 20,
        least: 1,
        description: 'Protocols by scheme.',
        defaultText: 'one `davs` without an address',
      }),
      { davs: {} },
    ),
    tape: optional(tape),
  },
  { description: 'A storage: a Rucio RSE.' },
);

const cache = strict(
  {
    site: text({ description: 'Name of the site it stands at.', examples: ['CERN'] }),
    capacity: quantity('bytes', { description: 'Space in all.', examples: ['20 TB'] }, { positive: true }),
    block: withDefault(quantity('bytes', { description: 'Size of a block.' }, { positive: true }), '1 MiB'),
    'high-watermark': withDefault(
      quantity('share', { description: 'Share of the capacity at which purging starts.' }, { positive: true }),
      '95%',
    ),
    'low-watermark': withDefault(quantity('share', { description: 'Share at which purging ends.' }), '85%'),
    read: withDefault(quantity('rate', { description: 'All readers together.' }, { positive: true }), '10 Gbit/s'),
    write: withDefault(
      quantity('rate', { description: 'All that is fetched, together.' }, { positive: true }),
      '10 Gbit/s',
    ),
  },
  { description: 'A cache that readers read through (XCache).' },
);

const roundTrip = (words: { description: string; defaultText?: string }) =>
  quantity(
    'duration',
    { ...words, examples: ['by-distance', '38ms'] },
    { orWords: ['by-distance'], most: 60, mostText: '60s' },
  );

const loss = (description: string) => quantity('share', { description, examples: ['0%', '0.001%'] });

const networkDefault = strict(
  {
    rtt: withDefault(
      roundTrip({ description: 'Round-trip time: a duration, or `by-distance` along the great circle.' }),
      'by-distance',
    ),
    capacity: withDefault(
      quantity(
        'rate',
        { description: 'Of each ordered pair of sites without a link of its own.', examples: ['10 Gbit/s'] },
        unlimited,
      ),
      'unlimited',
    ),
    loss: withDefault(loss('Share of packets lost.'), '0%'),
    window: withDefault(
      quantity(
        'bytes',
        { description: "TCP window of one stream (the default is SimGrid's).", examples: ['4 MiB'] },
        { positive: true },
      ),
      '4 MiB',
    ),
  },
  { description: 'What holds between two sites without a link of their own.' },
);

const link = strict(
  {
    from: text({ description: 'Name of a site.' }),
    to: text({ description: 'Name of a site.' }),
    capacity: quantity('rate', { description: 'In one direction.', examples: ['100 Gbit/s'] }, unlimited),
    rtt: optional(roundTrip({ description: 'Round-trip time.', defaultText: 'that of `network.default`' })),
    loss: optional(
      quantity('share', {
        description: 'Share of packets lost.',
        examples: ['0.001%'],
        defaultText: 'that of `network.default`',
      }),
    ),
    background: withDefault(
      quantity('share', { description: "Share of the capacity that other people's traffic takes.", examples: ['30%'] }),
      '0%',
    ),
    'one-way': withDefault(
      Type.Boolean({ description: 'True: only from `from` to `to`; false: the same both ways.' }),
      false,
    ),
  },
  { description: 'A network link between two sites.' },
);

const distance = strict(
  {
    from: text({ description: 'Name of a storage.' }),
    to: text({ description: 'Name of a storage.' }),
    distance: Type.Number({ minimum: 0, maximum: 1e6, description: 'Smaller is nearer.', examples: [2] }),
    'one-way': withDefault(
      Type.Boolean({ description: 'True: only from `from` to `to`; false: the same both ways.' }),
      false,
    ),
  },
  { description: "Rucio's distance between two storages." },
);

const network = strict(
  {
    default: withDefault(networkDefault, {}),
    links: withDefault(
      Type.Array(link, {
        maxItems: LIMITS.links,
        description: 'Links between two sites, both ways unless `one-way`.',
        defaultText: 'none',
      }),
      [],
    ),
    distances: withDefault(
      Type.Array(distance, {
        maxItems: LIMITS.links,
        description: "Rucio's distances between storages.",
        defaultText: 'by round-trip time',
      }),
      [],
    ),
  },
  { description: 'What lies between the sites.' },
);

const linkLimit = strict(
  {
    min: optional(
      count({ description: 'The optimizer does not go below.', defaultText: "the default limit's (2)" }, 1, 100_000),
    ),
    max: optional(count({ description: 'Nor above.', defaultText: "the default limit's (130)" }, 1, 100_000)),
  },
  { description: 'Active transfers on a link.', examples: [{ min: 2, max: 130 }] },
);

const storageLimit = Type.Unsafe<number | { inbound?: number; outbound?: number }>({
  type: ['integer', 'object'],
  minimum: 1,
  maximum: 100_000,
  additionalProperties: false,
  properties: {
    inbound: count(
      { description: 'Transfers into the storage.', defaultText: "the default limit's (200)" },
      1,
      100_000,
    ),
    outbound: count(
      { description: 'Transfers out of the storage.', defaultText: "the default limit's (200)" },
      1,
      100_000,
    ),
  },
  description: 'Active transfers at a storage: one number for both directions, or each.',
  examples: [200, { inbound: 100, outbound: 200 }],
});

const every = (description: string, bounds = everyDay) => quantity('duration', { description }, bounds);
const LATENCY_50 = { lognormal: { median: '50ms', sigma: 0.5 } };
const LATENCY_80 = { lognormal: { median: '80ms', sigma: 0.5 } };

const catalogue = strict(
  {
    model: withDefault(oneOfWords(['rucio'], { description: 'Whose behaviour is followed.' }), 'rucio'),
    url: address('Address of the real one.'),
    latency: withDefault(law('duration', { description: 'Time of one request.' }), LATENCY_50),
    'judge-interval': withDefault(
      every('Cycle of the judge, which evaluates asynchronous rules and cleans up.'),
      '30s',
    ),
    'submitter-interval': withDefault(
      every('Cycle of the conveyor submitter, which hands requests to the transfer service.'),
      '10s',
    ),
    'submitter-bulk': withDefault(
      count({ description: 'Requests that the submitter takes in one cycle.' }, 1, 1_000_000),
      1000,
    ),
    'poller-interval': withDefault(every('Cycle of the conveyor poller, which learns of finished transfers.'), '60s'),
    'reaper-interval': withDefault(every('Cycle of the reaper, which deletes expired replicas.'), '60s'),
    'repair-interval': withDefault(every('Time after which the judge tries stuck locks again.'), '2h'),
    'request-retries': withDefault(
      count({ description: 'How often a failed request is tried again before its lock is stuck.' }, 0, 1000),
      3,
    ),
  },
  { description: 'The catalogue (Rucio).' },
);

const transfers = strict(
  {
    model: withDefault(oneOfWords(['fts3'], { description: 'Whose behaviour is followed.' }), 'fts3'),
    url: address('Address of the real one.'),
    'link-limits': withDefault(
      Type.Unsafe<Record<string, { min?: number; max?: number }>>({
        type: 'object',
        additionalProperties: linkLimit,
        maxProperties: LIMITS.links,
        description: 'Active transfers by link `A -> B`, `A -> *`, `* -> B` (storages), or `default`.',
        examples: [{ default: { min: 2, max: 130 } }],
        defaultText: 'default: {min: 2, max: 130}',
      }),
      {},
    ),
    'storage-limits': withDefault(
      Type.Unsafe<Record<string, Static<typeof storageLimit>>>({
        type: 'object',
        additionalProperties: storageLimit,
        maxProperties: LIMITS.storages,
        description: 'Active transfers by storage, or `default`.',
        examples: [{ default: 200 }],
        defaultText: 'default: 200',
      }),
      {},
    ),
    'optimizer-mode': withDefault(
      count({ description: "FTS's optimizer: 0 off (the link's maximum holds), 1 careful, 2, 3 eager." }, 0, 3),
      2,
    ),
    retries: withDefault(count({ description: 'How often the transfer service itself tries again.' }, 0, 1000), 2),
    'retry-delay': withDefault(quantity('duration', { description: 'Wait before it does.' }), '120s'),
    'activity-shares': withDefault(
      Type.Unsafe<Record<string, number>>({
        type: 'object',
        additionalProperties: { type: 'number', minimum: 0, maximum: 1e6, description: 'Weight of the activity.' },
        maxProperties: 200,
        description: 'Share of the slots by activity; `default` is for the others. Only proportions count.',
        examples: [{ default: 0.5, Production: 0.4 }],
        defaultText: 'none: first in, first out',
      }),
      {},
    ),
    streams: withDefault(count({ description: 'Streams of one transfer.' }, 1, 1000), 1),
    timeout: withDefault(every('Time after which a transfer is given up: this much ...'), '600s'),
    'timeout-per-mib': withDefault(
      quantity('duration', { description: '... and so much for each MiB of the file.' }),
      '2s',
    ),
    'max-active': withDefault(count({ description: 'Active transfers of the whole service.' }, 1, 1_000_000), 400),
  },
  { description: 'The transfer service (FTS).' },
);

const services = strict(
  {
    catalogue: withDefault(catalogue, {}),
    transfers: withDefault(transfers, {}),
    tokens: withDefault(
      strict(
        {
          model: withDefault(oneOfWords(['iam'], { description: 'Whose behaviour is followed.' }), 'iam'),
          url: address('Address of the real one.'),
          lifetime: withDefault(every('How long a token is valid.'), '2h'),
          latency: withDefault(law('duration', { description: 'Time of one request.' }), LATENCY_80),
          workers: withDefault(count({ description: 'Requests served at once.' }, 1, 100_000), 8),
        },
        { description: 'The token issuer (IAM).' },
      ),
      {},
    ),
    topology: withDefault(
      strict(
        {
          model: withDefault(oneOfWords(['cric'], { description: 'Whose behaviour is followed.' }), 'cric'),
          url: address('Address of the real one.'),
          refresh: withDefault(every('How often the others read it.'), '1h'),
        },
        { description: 'The topology and its declared outages (CRIC).' },
      ),
      {},
    ),
    'network-monitor': withDefault(
      strict(
        {
          model: withDefault(oneOfWords(['perfsonar'], { description: 'Whose behaviour is followed.' }), 'perfsonar'),
          url: address('Address of the real one.'),
          every: withDefault(every('How often each link is measured.'), '10min'),
          noise: withDefault(
            quantity('share', { description: 'Standard deviation of a reading, as a share of it.' }),
            '5%',
          ),
        },
        { description: 'The network monitor (perfSONAR).' },
      ),
      {},
    ),
    monitoring: withDefault(
      strict(
        {
          model: withDefault(oneOfWords(['monit'], { description: 'Whose behaviour is followed.' }), 'monit'),
          url: address('Address of the real one.'),
          every: withDefault(every('How often it publishes.'), '60s'),
          lag: withDefault(quantity('duration', { description: 'Age of what it publishes.' }), '30s'),
        },
        { description: 'The monitoring (MONIT).' },
      ),
      {},
    ),
  },
  { description: 'The services that run the lake.' },
);

const properties = {
  'fdr-lake': Type.Literal(1, { description: 'Version of the lake language.', examples: [1] }),
  name: text({ description: 'What the lake is called.', examples: ['ESCAPE pilot Data Lake, November 2020'] }),
  sites: named(site, { of: 'site', least: 1, most: LIMITS.sites, description: 'Sites by name.' }),
  storages: named(storage, {
    of: 'storage',
    names: {
      // Rucio's own rule, so that RSE expressions can name them.
      pattern: '^(?=.{1,64}$)[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$',
      rule: 'letters and digits with single - or _ between them, at most 64: as Rucio has it',
    },
    least: 1,
    most: LIMITS.storages,
    description: 'Storages by name; each is a Rucio RSE.',
  }),
  caches: withDefault(
    named(cache, { of: 'cache', most: LIMITS.caches, description: 'Caches by name.', defaultText: 'none' }),
    {},
  ),
  network: withDefault(network, {}),
  services: withDefault(services, {}),
};

export const lakeSchema = strict(properties, {
  $id: 'https://full-dress-rehearsal.example/schema/lake.schema.json',
  title: 'Full Dress Rehearsal: a lake',
  description: 'What is there: sites, storages, caches, network and services.',
});

/** A lake written inside its scenario: version and name follow from the scenario. */
export const inlineLakeSchema = strict(
  {
    ...properties,
    'fdr-lake': withDefault(properties['fdr-lake'], 1),
    name: withDefault(properties.name, 'the lake of the scenario'),
  },
  { description: 'A lake, written here.' },
);

export type WrittenLake = Static<typeof lakeSchema>;
export type WrittenSite = Static<typeof site>;
export type WrittenStorage = Static<typeof storage>;
export type WrittenProtocol = Static<typeof protocol>;
export type WrittenCache = Static<typeof cache>;
export type WrittenServices = Static<typeof services>;
