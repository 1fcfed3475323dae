import { describe, expect, test } from 'vitest';
import { constant } from '../core/law.ts';
import type { OperationRecord } from '../core/operation.ts';
import type { Cache } from '../lake/lake.ts';
import { compilePlan } from '../plan/compile.ts';
import {
  accessOf,
  faultOf,
  injectionOf,
  lakeOf,
  scenarioOf,
  siteOf,
  storageOf,
  threeSites,
  workflowOf,
} from '../plan/scenario-for-tests.ts';
import { AggregateBuilder } from './aggregate-builder.ts';
import { downloadOf, failureOf, recordOf, ruleOf, uploadOf } from './records-for-tests.ts';
import { summarise } from './summarise.ts';
import type { JudgedExpectation, Summary } from './summary.ts';

const DAY = 86_400;
const xcache: Cache = {
  name: 'XCACHE',
  site: 'PIC',
  capacityBytes: 1e12,
  blockBytes: 1e6,
  highWatermark: 0.95,
  lowWatermark: 0.9,
  readBps: 1e9,
  writeBps: 1e9,
};

/** DESY charges a cent a gigabyte for what leaves it; PIC has a cache. */
const lake = lakeOf({
  sites: [
    siteOf('PIC', { country: 'ES' }),
    siteOf('DESY', { egressCost: { perByte: 1e-11, currency: 'EUR' } }),
    siteOf('CERN'),
  ],
  storages: [...threeSites().storages.values()]
    .filter(({ name }) => name !== 'DESY-TAPE')
    .concat(storageOf('SPARE', 'PIC')),
  caches: new Map([['XCACHE', xcache]]),
});

const checked = scenarioOf({
  lake,
  seed: 42,
  experiments: {
    SKA: [
      workflowOf('pulsar-search', {
        inject: injectionOf({ datasets: 2, filesPerDataset: 3, size: constant(1e9) }),
        access: [
          accessOf({ name: 'direct', at: 'PIC' }),
          accessOf({ name: 'cached', at: 'PIC', through: 'XCACHE' }),
          accessOf({ name: 'unused', at: 'CERN' }),
        ],
      }),
    ],
    CTA: [workflowOf('idle')],
  },
  faults: [faultOf({ target: { kind: 'storage', name: 'DESY-DCACHE', protocol: 'root' }, text: 'root fails at DESY' })],
});

const toPic: Partial<OperationRecord> = { destination: 'PIC-DCACHE', destinationSite: 'PIC' };

function aggregateOf(records: readonly OperationRecord[]): AggregateBuilder {
  const aggregate = new AggregateBuilder(DAY);
  for (const record of records) aggregate.operation(record);
  return aggregate;
}

function summaryOf(aggregate: AggregateBuilder, expectations: readonly JudgedExpectation[] = []): Summary {
  return summarise({
    checked,
    plan: compilePlan(checked),
    aggregate,
    judged: { verdict: 'nothing-to-judge', expectations },
    incidents: [],
    sources: { scenario: { path: 'a.yaml', sha256: 'aa' }, lake: { path: 'b.yaml', sha256: 'bb' } },
    run: 'reports/x',
    wallSeconds: 1.5,
    peakResidentBytes: 1e8,
  });
}

function expectationOf(parts: Partial<JudgedExpectation>): JudgedExpectation {
  return {
    text: 'success >= 95%',
    per: 'site',
    subject: 'DESY',
    verdict: 'met',
    measured: 1,
    limit: 0.95,
    unit: 'share',
    limiter: '',
    atSeconds: null,
    ...parts,
  };
}

test('a summary says which run it is of', () => {
  expect(summaryOf(aggregateOf([]))).toMatchObject({
    schema: 'fdr.summary/1',
    run: 'reports/x',
    seed: 42,
    backend: 'simulated',
    clock: { start: '2020-11-24T00:00:00Z', durationSeconds: DAY },
    scenario: { name: 'a scenario for tests', file: 'a.yaml', sha256: 'aa' },
    lake: { name: 'a lake for tests', file: 'b.yaml', sha256: 'bb' },
    faults: [{ text: 'root fails at DESY', target: 'storage DESY-DCACHE root', atSeconds: 50_400, forSeconds: 3600 }],
  });
});

test('a run in which nothing happened has every site, storage, service, cache and experiment, and no numbers that are none', () => {
  const summary = summaryOf(aggregateOf([]));
  expect(Object.keys(summary.sites)).toEqual(['CERN', 'DESY', 'PIC']);
  expect(Object.keys(summary.storages)).toEqual(['DESY-DCACHE', 'EULAKE-1', 'PIC-DCACHE', 'SPARE']);
  expect(Object.keys(summary.caches)).toEqual(['XCACHE']);
  expect(Object.keys(summary.experiments)).toEqual(['CTA', 'SKA']);
  expect(summary.links).toEqual({});
  expect(summary.caches['XCACHE']!.hitRate).toBeNull();
  expect(summary.sites['PIC']).toMatchObject({ verdict: 'no-data', country: 'ES', availability: 1, egressCost: null });
  // JSON would turn NaN and Infinity into null: where the types say number, there must be one.
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
});

describe('a link', () => {
  const aggregate = aggregateOf([
    recordOf({ ...toPic, endedAtSeconds: 21_660 }),
    recordOf({ ...toPic, endedAtSeconds: 21_661 }),
    failureOf({ ...toPic, endedAtSeconds: 21_800 }),
    recordOf({ ...toPic, outcome: 'censored', endedAtSeconds: DAY }),
  ]);
  aggregate.sample(361, 'link', 'DESY-DCACHE -> PIC-DCACHE', 'limit', 10);
  aggregate.sample(362, 'link', 'DESY-DCACHE -> PIC-DCACHE', 'limit', 14);
  aggregate.sample(364, 'link', 'DESY-DCACHE -> PIC-DCACHE', 'limit', 12);
  aggregate.sample(361, 'link', 'DESY-DCACHE -> PIC-DCACHE', 'queued', 3);
  const summary = summaryOf(aggregate);

  test('has what was asked of it, what it gave, and its best minute', () => {
    expect(summary.links['DESY-DCACHE -> PIC-DCACHE']).toMatchObject({
      requestedBytes: 4e9,
      bytes: 2e9,
      meanRateBps: 2e9 / DAY,
      peakRateBps: 2e9 / 60,
      succeeded: 2,
      failed: 1,
      censored: 1,
      slots: { min: 10, max: 14, last: 12 },
      queuedMax: 3,
    });
  });

  test('has its limiters with the one that held it longest first', () => {
    const link = summary.links['DESY-DCACHE -> PIC-DCACHE']!;
    expect(Object.entries(link.limiters)).toEqual([
      ['network DESY -> CNAF', 320],
      ['scheduler', 80],
    ]);
    expect(link.limiter).toBe('network DESY -> CNAF');
  });
});

describe('a site', () => {
  test('adds up what entered and left its storages and clients, and what that cost', () => {
    const aggregate = aggregateOf([uploadOf(), recordOf(toPic), downloadOf()]);
    aggregate.sample(361, 'site', 'DESY', 'egress_cost', 0.02);
    const { sites } = summaryOf(aggregate);
    expect(sites['DESY']).toMatchObject({
      in: { bytes: 1e9, succeeded: 1 },
      out: { bytes: 2e9, succeeded: 2 },
      egressCost: { amount: 0.02, currency: 'EUR' },
      faults: ['root fails at DESY'],
      protocols: { davs: { succeeded: 3, failed: 0, bytes: 3e9 } },
    });
    expect(sites['CERN']).toMatchObject({ in: { bytes: 1e9 }, out: { bytes: 1e9 }, faults: [] });
  });

  test('counts the time of a move within it once', () => {
    const inside = { source: 'PIC-DCACHE', sourceSite: 'PIC', destination: 'SPARE', destinationSite: 'PIC' };
    const { sites } = summaryOf(aggregateOf([recordOf(inside)]));
    expect(sites['PIC']!.limiters).toEqual({ 'network DESY -> CNAF': 80, scheduler: 20 });
  });

  test.each([
    [['met', 'not-met'], 'not-met'],
    [['met', 'no-data'], 'met'],
    [['no-data'], 'no-data'],
    [[], 'no-data'],
  ] as const)('judged %j is %s', (verdicts, verdict) => {
    const expectations = verdicts.map((one) => expectationOf({ verdict: one }));
    const others = [
      expectationOf({ subject: 'PIC', verdict: 'not-met' }),
      expectationOf({ per: 'link', verdict: 'not-met' }),
    ];
    expect(summaryOf(aggregateOf([]), [...expectations, ...others]).sites['DESY']!.verdict).toBe(verdict);
  });

  test('does not meet what one of its storages does not meet', () => {
    const expectations = [
      expectationOf({ verdict: 'met' }),
      expectationOf({ per: 'storage', subject: 'DESY-DCACHE', verdict: 'not-met' }),
    ];
    expect(summaryOf(aggregateOf([]), expectations).sites['DESY']!.verdict).toBe('not-met');
  });

  test('nor what one of its caches does not meet', () => {
    const expectations = [expectationOf({ per: 'cache', subject: 'XCACHE', verdict: 'not-met' })];
    const { sites } = summaryOf(aggregateOf([]), expectations);
    expect([sites['PIC']!.verdict, sites['DESY']!.verdict]).toEqual(['not-met', 'no-data']);
  });
});

test('a storage has the space used at the start and at the end, also where the run was stopped early', () => {
  const aggregate = aggregateOf([]);
  aggregate.sample(0, 'storage', 'EULAKE-1', 'used_bytes', 5e12);
  aggregate.sample(600, 'storage', 'EULAKE-1', 'used_bytes', 7e12);
  aggregate.sample(0, 'storage', 'EULAKE-1', 'up', 1);
  aggregate.sample(1, 'storage', 'EULAKE-1', 'up', 0.5);
  expect(summaryOf(aggregate).storages['EULAKE-1']).toMatchObject({
    usedBytesStart: 5e12,
    usedBytesEnd: 7e12,
    availability: 0.75,
    tape: null,
  });
});

describe('a service', () => {
  test('has its requests, its latency and figures of its own', () => {
    const token = { kind: 'token', service: 'tokens', submittedAtSeconds: 100, endedAtSeconds: 102 } as const;
    const aggregate = aggregateOf([
      recordOf({ ...token, intendedAtSeconds: 100 }),
      failureOf({ ...token, intendedAtSeconds: 100, errorScope: 'service' }),
    ]);
    for (const [minute, queued] of [4, 8, 0].entries()) aggregate.sample(minute, 'service', 'tokens', 'queued', queued);
    for (const [minute, up] of [1, 0.5, 1].entries()) aggregate.sample(minute, 'service', 'tokens', 'up', up);
    expect(summaryOf(aggregate).services['tokens']).toMatchObject({
      requests: 2,
      failures: 1,
      latency: { count: 1, p50Seconds: 2 },
      availability: 2.5 / 3,
      figures: { queuedMax: 8, queuedMean: 4, queuedEnd: 0, downMinutes: 0.5 },
    });
  });

  test('that publishes has a gap where what it says was older than twice what it should be', () => {
    const aggregate = aggregateOf([]);
    // The lake's topology is refreshed every hour.
    for (const [minute, age] of [0, 3600, 7201, 9000, 60, 7300].entries()) {
      aggregate.sample(minute, 'service', 'topology', 'age_seconds', age);
    }
    expect(summaryOf(aggregate).services['topology']!.figures).toMatchObject({ gaps: 2, ageMaxSeconds: 9000 });
  });
});

test('a cache has its hit rate by volume', () => {
  const aggregate = aggregateOf([downloadOf({ cache: 'XCACHE', destinationSite: 'PIC' })]);
  aggregate.sample(360, 'cache', 'XCACHE', 'hit_bytes', 3e9);
  aggregate.sample(360, 'cache', 'XCACHE', 'miss_bytes', 1e9);
  expect(summaryOf(aggregate).caches['XCACHE']).toMatchObject({
    site: 'PIC',
    sessions: 1,
    hitBytes: 3e9,
    missBytes: 1e9,
    hitRate: 0.75,
    capacityBytes: 1e12,
  });
});

describe('an experiment', () => {
  const atPic: Partial<OperationRecord> = { destinationSite: 'PIC', startedAtSeconds: 21_600, endedAtSeconds: 21_700 };
  const aggregate = aggregateOf([
    ...Array.from({ length: 6 }, () => uploadOf()),
    ...Array.from({ length: 5 }, () => recordOf(toPic)),
    failureOf(toPic),
    ruleOf({ dataset: 'pulsar-search.000000' }),
    ruleOf({ dataset: 'pulsar-search.000001' }),
    ruleOf({
      dataset: 'pulsar-search.000000',
      destination: 'class=FAST',
      outcome: 'censored',
      firstByteAtSeconds: NaN,
    }),
    downloadOf({ ...atPic, activity: 'direct' }),
    failureOf({
      ...atPic,
      kind: 'download',
      activity: 'direct',
      ordinal: 1,
      destination: '',
      firstByteAtSeconds: NaN,
    }),
    downloadOf({ ...atPic, activity: 'cached', cache: 'XCACHE', sizeBytes: 4e9 }),
  ]);
  aggregate.sample(361, 'cache', 'XCACHE', 'hit_bytes', 3e9);
  aggregate.sample(361, 'cache', 'XCACHE', 'miss_bytes', 1e9);
  const ska = summaryOf(aggregate).experiments['SKA']!;

  test('has its volumes against the plan', () => {
    expect(ska).toMatchObject({
      plannedBytes: 6e9,
      plannedFiles: 6,
      injectedBytes: 6e9,
      injectedFiles: 6,
      replicatedBytes: 5e9,
      replicatedFiles: 5,
      datasets: 2,
      rules: { requested: 3, succeeded: 2, censored: 1 },
    });
    expect(ska.workflows['pulsar-search']!.destinations).toEqual({ 'PIC-DCACHE': { files: 5, bytes: 5e9 } });
  });

  test('has times to data in which what is not done counts as longer than all', () => {
    expect(ska.timeToAllCopies).toMatchObject({ count: 3, unfinished: 1, meanSeconds: 100, p95Seconds: null });
    expect(ska.timeToFirstCopy).toMatchObject({ count: 3, unfinished: 1, meanSeconds: 25 });
  });

  test('has its reading, in all and for each access by name', () => {
    expect(ska.access).toMatchObject({ sessions: 2, reads: 3, succeeded: 2, failed: 1, bytes: 5e9 });
    expect(ska.access).toMatchObject({ meanRateBps: 2.5e7 });
    const { access } = ska.workflows['pulsar-search']!;
    expect(Object.keys(access)).toEqual(['cached', 'direct', 'unused']);
    expect(access['direct']).toMatchObject({ sessions: 1, reads: 2, succeeded: 1, failed: 1, bytes: 1e9 });
    expect(access['direct']).toMatchObject({ meanRateBps: 1e7 });
    expect(access['direct']!.latency).toMatchObject({ count: 1, p50Seconds: 25 });
    expect(access['cached']).toMatchObject({ sessions: 1, bytes: 4e9, meanRateBps: 4e7 });
    expect(access['unused']).toMatchObject({ sessions: 0, latency: { count: 0, p50Seconds: null } });
  });

  test('pays for what left sites that charge, through a cache only for what the cache fetched', () => {
    // 5 copies and 1 direct read of 1 GB, and a quarter of 4 GB: 7 GB at a cent each.
    expect(ska.egressCost).toEqual({ EUR: expect.closeTo(0.07, 10) });
  });
});

test('errors are listed by class and scope, the commonest first', () => {
  const aggregate = aggregateOf([
    failureOf({ errorClass: 'no-space' }),
    failureOf({ errorClass: 'timeout' }),
    failureOf({ errorClass: 'timeout', workflow: 'other', endedAtSeconds: 80_000 }),
    failureOf({ errorClass: 'checksum-mismatch', errorScope: 'network' }),
    recordOf(),
  ]);
  expect(summaryOf(aggregate).errors).toEqual([
    { class: 'timeout', scope: 'destination', count: 2 },
    { class: 'checksum-mismatch', scope: 'network', count: 1 },
    { class: 'no-space', scope: 'destination', count: 1 },
  ]);
});

test('the same run gives the same bytes', () => {
  const records = [uploadOf(), recordOf(toPic), failureOf(toPic), ruleOf(), downloadOf()];
  const texts = [1, 2].map(() => JSON.stringify(summaryOf(aggregateOf(records))));
  expect(texts[0]).toBe(texts[1]);
});
