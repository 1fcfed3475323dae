// The scenario language: what a scenario file may say, each key with its meaning and default.
import Type, { type Static, type TSchema } from 'typebox';
import { inlineLakeSchema } from '../lake/schema.ts';
import { SERVICE_NAMES } from '../lake/lake.ts';
import { LIMITS } from '../language/limits.ts';
import {
  count,
  exactlyOne,
  law,
  named,
  oneOfWords,
  optional,
  quantity,
  strict,
  text,
  withDefault,
} from '../language/schema-parts.ts';
import { METRIC_SENSE } from '../core/metrics.ts';
import { EXPECTATION_SUBJECTS, METRICS, type Metric } from './scenario.ts';

export const SHAPES = {
  flat: [1],
  'working-day': [0.2, 0.6, 1, 1, 0.8, 1, 1, 0.6, 0.2],
  night: [1, 0.6, 0.3, 0.3, 0.6, 1],
};

const upToAMonth = { positive: true, most: LIMITS.durationSeconds, mostText: '31d' };
const storageName = (description: string) => text({ description, examples: ['EULAKE-1'] });
const expression = (description: string, examples: string[] = ['class=FAST&country!=CH', 'EULAKE-1']) =>
  text({ description, examples }, 1000);
const scopeName = (description: string, defaultText: string) =>
  optional(
    Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      patternText: 'letters, digits and . _ - only',
      description,
      examples: ['SKA_SKAO_TEAM'],
      defaultText,
    }),
  );
const activity = (defaultText: string) =>
  optional(
    text({ description: 'Activity of Rucio and FTS, which its shares go by.', examples: ['Production'], defaultText }),
  );
const moment = (description: string, defaultText: string) => optional(quantity('moment', { description, defaultText }));
const size = law('bytes', { description: 'Size of each file: a quantity or a law.' }, { positive: true });
const files = (description: string) => count({ description, examples: [10] }, 1, LIMITS.filesPerDataset);

const schedule = (arrivals: 'steady' | 'poisson') =>
  strict(
    {
      from: moment('Start: a time of day, or a duration since the start of the clock.', 'start of the clock'),
      to: moment('End; `06:00+1d` is the next morning.', 'end of the clock'),
      arrivals: withDefault(
        oneOfWords(['steady', 'poisson', 'burst'], {
          description: '`steady`: evenly spaced; `poisson`: at random; `burst`: all at the start.',
        }),
        arrivals,
      ),
      shape: withDefault(
        Type.Unsafe<keyof typeof SHAPES | number[]>({
          type: ['string', 'array'],
          words: Object.keys(SHAPES),
          items: { type: 'number', minimum: 0, maximum: 1e6, description: 'Relative intensity.' },
          minItems: 1,
          maxItems: 1000,
          description:
            'How intense each of equal parts of the window is, relative to the others: a list, or `flat`, `working-day`, `night`.',
          examples: ['working-day', [0.2, 1, 1, 0.6]],
        }),
        'flat',
      ),
    },
    { description: 'When it happens.', defaultText: 'the whole clock' },
  );

const datasets = strict(
  {
    count: count({ description: 'Number of datasets.', examples: [350] }, 1, LIMITS.datasets),
    files: withDefault(files('Files in each dataset.'), 1),
    size,
  },
  { description: 'So many datasets of so many files.' },
);

const oneDataset = strict({ count: files('Number of files.'), size }, { description: 'One dataset of so many files.' });

const inject = strict(
  {
    at: storageName('The storage that is written to.'),
    from: optional(
      text({ description: 'Site of the client.', examples: ['CERN'], defaultText: "the storage's own site" }),
    ),
    datasets: optional(datasets),
    files: optional(oneDataset),
    schedule: withDefault(schedule('steady'), {}),
    workers: withDefault(count({ description: 'Uploads at once.' }, 1, 100_000), 10),
    protocol: withDefault(
      Type.String({
        maxLength: 64,
        description: 'Protocol to write with.',
        examples: ['davs'],
        defaultText: "the storage's first choice",
      }),
      '',
    ),
    retries: withDefault(count({ description: 'How often a failed upload is tried again.' }, 0, 1000), 2),
  },
  {
    description: 'New data: what is written where, and when.',
    defaultText: 'none',
    allOf: [exactlyOne('datasets', 'files')],
  },
);

const uses = strict(
  {
    name: text({ description: 'What the data is called.', examples: ['sdc1'] }),
    at: storageName('The storage that holds it.'),
    datasets: withDefault(count({ description: 'Number of datasets.' }, 1, LIMITS.datasets), 1),
    files: withDefault(files('Files in each dataset.'), 1),
    size,
  },
  { description: 'Data that is there before the day.' },
);

const replicate = strict(
  {
    to: expression('Where copies go: a storage or an RSE expression.'),
    copies: withDefault(count({ description: 'Number of copies.' }, 1, 1000), 1),
    lifetime: optional(
      quantity(
        'duration',
        { description: 'How long the copies stay.', examples: ['14d'], defaultText: 'for ever' },
        { positive: true },
      ),
    ),
    after: optional(
      quantity('duration', { description: 'Wait once the dataset is complete at its origin.', defaultText: '0s' }),
    ),
    at: moment('A fixed time instead, for all datasets.', 'as soon as each dataset is complete'),
    activity: activity("the workflow's"),
    priority: withDefault(count({ description: 'From 1 to 5; 5 goes first.' }, 1, 5), 3),
    asynchronous: withDefault(
      Type.Boolean({ description: "Made by the judge's next cycle and not at once (as Rucio's asynchronous rules)." }),
      false,
    ),
    'delete-source-when-done': withDefault(
      Type.Boolean({ description: "The origin's copy goes when the rule is done." }),
      false,
    ),
    sources: withDefault(
      Type.String({
        maxLength: 1000,
        description: 'RSE expression that sources must be in.',
        examples: ['site=CERN'],
        defaultText: 'any',
      }),
      '',
    ),
  },
  { description: 'A rule on each dataset.' },
);

const transition = strict(
  {
    to: expression('Where the data moves: a storage or an RSE expression of the class.', ['class=SAFE']),
    after: withDefault(
      quantity('duration', { description: 'Wait once the dataset is complete at its origin.', examples: ['6h'] }),
      '0s',
    ),
    release: withDefault(Type.Boolean({ description: 'Whether the old copy goes.' }), true),
    lifetime: optional(
      quantity(
        'duration',
        { description: 'How long the new copy stays.', examples: ['14d'], defaultText: 'for ever' },
        { positive: true },
      ),
    ),
  },
  { description: 'A move of each dataset to another class of storage.' },
);

const sessions = Type.Unsafe<{ rate: string } | { count: number }>({
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    rate: quantity('event-rate', { description: 'Sessions per time while the intensity is 1.' }, { positive: true }),
    count: count({ description: 'Sessions in all.', examples: [1000] }, 1, LIMITS.operations),
  },
  description: 'How many sessions start: a rate, or a count over the schedule.',
  examples: [{ rate: '120/h' }, { count: 1000 }],
});

const reads = strict(
  {
    files: withDefault(
      Type.Unsafe<number | string>({
        type: ['integer', 'string'],
        minimum: 1,
        maximum: 100_000,
        pattern: '^[1-9][0-9]{0,5}\\.\\.[1-9][0-9]{0,5}$',
        patternText: 'a number or a range, for example 1..8',
        description: 'Files that a session reads: a number, or a range from which it is drawn.',
        examples: [1, '1..8'],
      }),
      1,
    ),
    of: withDefault(
      Type.String({
        pattern: '^(uniform|zipf [0-9]{1,2}(\\.[0-9]{1,6})?)$',
        patternText: '`uniform` or `zipf` and an exponent, for example zipf 0.85',
        description: "Which files: all alike, or by Zipf's law over their rank.",
        examples: ['zipf 0.85'],
      }),
      'uniform',
    ),
    share: withDefault(
      quantity('share', { description: 'Share of each file that is read.', examples: ['10%'] }, { positive: true }),
      '100%',
    ),
    ranges: optional(
      quantity(
        'bytes',
        {
          description: 'Size of the ranges that are read.',
          examples: ['256 KiB'],
          defaultText: "the cache's block, or 8 MiB",
        },
        { positive: true },
      ),
    ),
    protocol: withDefault(
      Type.String({
        maxLength: 64,
        description: 'Protocol to read with.',
        examples: ['root'],
        defaultText: "the storage's first choice",
      }),
      '',
    ),
  },
  { description: 'What a session reads.' },
);

const access = strict(
  {
    name: withDefault(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
        patternText: 'letters, digits and . _ - only',
        description: 'Its name in reports.',
        examples: ['readers'],
      }),
      'access',
    ),
    at: text({ description: 'Site of the readers.', examples: ['CERN'] }),
    through: optional(
      text({ description: 'Cache that is read through.', examples: ['XCACHE-CERN'], defaultText: 'direct' }),
    ),
    from: withDefault(text({ description: 'Storage that is read, or `nearest`.' }), 'nearest'),
    schedule: withDefault(schedule('poisson'), {}),
    sessions,
    reads: withDefault(reads, {}),
    processing: withDefault(
      quantity(
        'rate',
        { description: 'How fast a session consumes.', examples: ['25 MB/s'] },
        { positive: true, orWords: ['unlimited'] },
      ),
      'unlimited',
    ),
  },
  { description: 'People or jobs that read.' },
);

const steps = <T extends TSchema>(item: T, description: string) =>
  withDefault(Type.Array(item, { maxItems: LIMITS.steps, description, defaultText: 'none' }), []);

const workflow = strict(
  {
    scope: scopeName('Rucio scope of its data.', "the experiment's"),
    activity: withDefault(
      text({ description: 'Activity of Rucio and FTS, which its shares go by.', examples: ['Production'] }),
      'User Subscriptions',
    ),
    uses: steps(uses, 'Data that is there before the day.'),
    inject: optional(inject),
    replicate: steps(replicate, 'Rules on each dataset.'),
    transition: steps(transition, 'Moves between classes of storage.'),
    access: steps(access, 'Who reads the data.'),
  },
  { description: 'One workflow: data, where it goes, who reads it.' },
);

const experiment = strict(
  {
    scope: scopeName('Rucio scope of its data.', "the experiment's name"),
    workflows: named(workflow, { of: 'workflow', least: 1, most: LIMITS.workflows, description: 'Workflows by name.' }),
  },
  { description: 'An experiment.' },
);

const background = strict(
  {
    every: quantity('duration', { description: 'Time between two rounds.', examples: ['15min'] }, upToAMonth),
    between: withDefault(expression('RSE expression; every ordered pair of what it matches gets a file.', ['*']), '*'),
    size: law('bytes', { description: 'Size of each file: a quantity or a law.' }, { positive: true }),
    lifetime: withDefault(quantity('duration', { description: 'How long the copies stay.' }, { positive: true }), '1h'),
    activity: withDefault(text({ description: 'Activity of Rucio and FTS.' }), 'Functional Test'),
    scope: withDefault(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
        patternText: 'letters, digits and . _ - only',
        description: 'Rucio scope of its data.',
      }),
      'background',
    ),
    from: moment('Start.', 'start of the clock'),
    to: moment('End.', 'end of the clock'),
  },
  { description: "Functional tests or other people's traffic." },
);

export const FAULT_TARGETS = ['site', 'storage', 'link', 'service', 'cache', 'experiment'] as const;
export const FAULT_EFFECTS = ['is', 'fails', 'corrupts', 'capacity'] as const;

const fault = strict(
  {
    at: quantity('moment', { description: 'When it starts.' }),
    for: quantity('duration', { description: 'How long it lasts.', examples: ['45min'] }),
    site: optional(text({ description: 'Target: a site.', defaultText: 'one target must be named' })),
    storage: optional(text({ description: 'Target: a storage.', defaultText: 'one target must be named' })),
    protocol: optional(
      text({
        description: 'With `storage`: only this protocol of the storage.',
        examples: ['root'],
        defaultText: 'all',
      }),
    ),
    link: optional(
      Type.String({
        pattern: '^\\S+ -> \\S+$',
        patternText: 'two sites with an arrow and spaces, for example CERN -> DESY',
        description: 'Target: the network link between two sites, in one direction.',
        examples: ['CERN -> DESY'],
        defaultText: 'one target must be named',
      }),
    ),
    service: optional(
      oneOfWords(SERVICE_NAMES, { description: 'Target: a service.', defaultText: 'one target must be named' }),
    ),
    cache: optional(text({ description: 'Target: a cache.', defaultText: 'one target must be named' })),
    experiment: optional(
      text({ description: "Target: an experiment's credentials.", defaultText: 'one target must be named' }),
    ),
    is: optional(
      oneOfWords(['unreachable', 'slow', 'full', 'expired', 'flapping'], {
        description: 'What it is meanwhile.',
        defaultText: 'one effect must be named',
      }),
    ),
    fails: optional(
      quantity(
        'share',
        { description: 'Share of operations that fail.', examples: ['48%'], defaultText: 'one effect must be named' },
        { positive: true },
      ),
    ),
    corrupts: optional(
      quantity(
        'share',
        {
          description: 'Share of files that arrive with a wrong checksum.',
          examples: ['5%'],
          defaultText: 'one effect must be named',
        },
        { positive: true },
      ),
    ),
    capacity: optional(
      quantity('share', {
        description: 'Share of its capacity that is left.',
        examples: ['10%'],
        defaultText: 'one effect must be named',
      }),
    ),
    how: optional(
      oneOfWords(['refused', 'hanging'], {
        description: 'With `unreachable` and `flapping`: connections are refused at once, or hang until they time out.',
        defaultText: 'refused',
      }),
    ),
    factor: optional(
      Type.Number({
        exclusiveMinimum: 1,
        maximum: 1e6,
        description: 'With `slow`: everything takes so many times as long.',
        examples: [20],
        defaultText: 'required with `slow`',
      }),
    ),
    down: optional(
      quantity(
        'duration',
        {
          description: 'With `flapping`: at least so long down ...',
          examples: ['2min'],
          defaultText: 'required with `flapping`',
        },
        { positive: true },
      ),
    ),
    up: optional(
      quantity(
        'duration',
        { description: '... and up.', examples: ['5min'], defaultText: 'required with `flapping`' },
        { positive: true },
      ),
    ),
    declared: withDefault(Type.Boolean({ description: 'Announced in the topology: whoever reads it knows.' }), false),
  },
  {
    description: 'A fault: when, on what, which.',
    allOf: [exactlyOne(...FAULT_TARGETS), exactlyOne(...FAULT_EFFECTS)],
  },
);

const METRIC_WORDS: Readonly<Record<Metric, { description: string; examples: string[] }>> = {
  success: { description: 'Share of operations that succeeded.', examples: ['>= 95%'] },
  rate: {
    description: 'Rate moved: of what was requested, or absolute.',
    examples: ['>= 90% of requested', '>= 5 Gbit/s'],
  },
  volume: {
    description: 'Volume moved: of what was planned, or absolute.',
    examples: ['>= 99% of planned', '>= 150 TB'],
  },
  'time-to-data': {
    description: 'From a dataset complete at its origin to all its copies done.',
    examples: ['<= 30min'],
  },
  'time-to-first-copy': {
    description: 'From a dataset complete at its origin to its first copy done.',
    examples: ['<= 10min'],
  },
  latency: { description: 'Of the requests to a service.', examples: ['<= 2s'] },
  'access-latency': { description: 'From the intended start of a session to its first byte.', examples: ['<= 5s'] },
  'access-rate': { description: 'Rate at which sessions read.', examples: ['>= 20 MB/s'] },
  availability: { description: 'Share of the time it answered.', examples: ['>= 99%'] },
  stuck: { description: 'Share of rules that are stuck at the end.', examples: ['<= 1%'] },
  queue: { description: 'Operations waiting.', examples: ['<= 1000'] },
  'hit-rate': { description: 'Share of the bytes read that the cache had.', examples: ['>= 60%'] },
  cost: { description: 'Price of what left cloud sites.', examples: ['<= 100 EUR'] },
};

function metricKeys(): Record<string, TSchema> {
  const keys: Record<string, TSchema> = {};
  for (const metric of Object.keys(METRICS) as Metric[]) {
    const limit = (words: { description: string; examples: string[] }): TSchema =>
      optional(Type.String({ maxLength: 100, ...words, defaultText: 'one metric must be named' }));
    keys[metric] = limit(METRIC_WORDS[metric]);
    for (const statistic of METRIC_SENSE[metric]?.statistics ?? []) {
      if (statistic === 'value') continue;
      keys[`${metric}.${statistic}`] = limit({
        ...METRIC_WORDS[metric],
        description: `${METRIC_WORDS[metric].description} (${statistic})`,
      });
    }
  }
  return keys;
}

const expectation = strict(
  {
    per: oneOfWords(EXPECTATION_SUBJECTS, { description: 'What is judged, each by itself.' }),
    of: optional(
      Type.Unsafe<string | string[]>({
        type: ['string', 'array'],
        items: { type: 'string', description: 'A name.' },
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
        minLength: 1,
        maxLength: 200,
        description: 'Names to judge: one, or a list. Links of storages are `A -> B`, workflows `EXPERIMENT/workflow`.',
        examples: ['SKA', ['CERN', 'DESY']],
        defaultText: 'all that the run touched',
      }),
    ),
    over: optional(
      quantity(
        'duration',
        {
          description: 'The worst sliding window of this length decides.',
          examples: ['2h'],
          defaultText: 'the whole time',
        },
        upToAMonth,
      ),
    ),
    during: optional(
      strict(
        { from: moment('Start.', 'start of the clock'), to: moment('End.', 'end of the clock') },
        { description: 'Only this part of the day.', defaultText: 'all of it' },
      ),
    ),
    except: optional(
      oneOfWords(['faults'], {
        description: '`faults`: without the time of faults on what is judged.',
        defaultText: 'nothing',
      }),
    ),
    ...(metricKeys() as Record<string, ReturnType<typeof Type.Optional<Type.TString>>>),
  },
  { description: 'What must hold for the rehearsal to count as good.' },
);

const clock = strict(
  {
    start: text({ description: 'Date and time (UTC) at which the day starts.', examples: ['2020-11-24T00:00:00Z'] }),
    duration: quantity('duration', { description: 'How long it lasts.', examples: ['24h'] }, upToAMonth),
  },
  { description: 'The day.', examples: [{ start: '2020-11-24T00:00:00Z', duration: '24h' }] },
);

export const scenarioSchema = strict(
  {
    fdr: Type.Literal(1, { description: 'Version of the scenario language.', examples: [1] }),
    name: text({ description: 'What the rehearsal is called.', examples: ['ESCAPE Full Dress Rehearsal'] }),
    description: withDefault(
      Type.String({
        maxLength: LIMITS.textLength,
        description: "Shown on the report's front page.",
        defaultText: 'none',
      }),
      '',
    ),
    lake: Type.Unsafe<string>({
      type: 'string',
      minLength: 1,
      maxLength: 1000,
      description: 'The lake: a file (relative to this one), or a lake written here.',
      examples: ['lakes/escape-2020.yaml'],
      orInline: inlineLakeSchema,
    }),
    clock,
    seed: withDefault(
      count(
        { description: 'Where randomness starts: the same seed gives the same day.', examples: [20201124] },
        0,
        Number.MAX_SAFE_INTEGER,
      ),
      1,
    ),
    simulation: withDefault(
      Type.Unsafe<'exact' | { quantum: string }>({
        type: ['string', 'object'],
        words: ['exact'],
        additionalProperties: false,
        properties: {
          quantum: withDefault(
            quantity(
              'duration',
              { description: 'Time between two solutions of the bandwidth shares.' },
              { most: 3600, mostText: '1h' },
            ),
            '500ms',
          ),
        },
        description: 'How finely bandwidth is shared out: `{quantum: 500ms}`, or `exact` (at each event).',
        examples: [{ quantum: '500ms' }, 'exact'],
      }),
      {},
    ),
    experiments: withDefault(
      named(experiment, {
        of: 'experiment',
        most: LIMITS.experiments,
        description: 'Experiments by name.',
        defaultText: 'none',
      }),
      {},
    ),
    background: withDefault(
      named(background, {
        of: 'background activity',
        most: LIMITS.background,
        description: "Functional tests and other people's traffic, by name.",
        defaultText: 'none',
      }),
      {},
    ),
    faults: withDefault(
      Type.Array(fault, { maxItems: LIMITS.faults, description: 'What breaks.', defaultText: 'none' }),
      [],
    ),
    expect: withDefault(
      Type.Array(expectation, {
        maxItems: LIMITS.expectations,
        description: 'What must hold.',
        defaultText: 'nothing to judge',
      }),
      [],
    ),
  },
  {
    $id: 'https://full-dress-rehearsal.example/schema/scenario.schema.json',
    title: 'Full Dress Rehearsal: a scenario',
    description: 'What happens on a day: who injects, copies and reads what, when, and what breaks.',
  },
);

export type WrittenScenario = Static<typeof scenarioSchema>;
export type WrittenWorkflow = Static<typeof workflow>;
export type WrittenExperiment = Static<typeof experiment>;
export type WrittenInjection = Static<typeof inject>;
export type WrittenSchedule = WrittenInjection['schedule'];
export type WrittenReplication = Static<typeof replicate>;
export type WrittenTransition = Static<typeof transition>;
export type WrittenAccess = Static<typeof access>;
export type WrittenExisting = Static<typeof uses>;
export type WrittenBackground = Static<typeof background>;
export type WrittenFault = Static<typeof fault>;
export type WrittenExpectation = Static<typeof expectation>;
