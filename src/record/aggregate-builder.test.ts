import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OperationRecord } from '../core/operation.ts';
import type { SubjectKind } from '../core/sink.ts';
import { AggregateBuilder } from './aggregate-builder.ts';
import { downloadOf, failureOf, recordOf, ruleOf, uploadOf } from './records-for-tests.ts';

const DAY = 86_400;
const LINK = 'DESY-DCACHE -> CNAF-STORM';

function aggregateOf(records: readonly OperationRecord[], durationSeconds = DAY): AggregateBuilder {
  const aggregate = new AggregateBuilder(durationSeconds);
  for (const record of records) aggregate.operation(record);
  return aggregate;
}

/** The minutes that say something, with their values. */
function valuesOf(aggregate: AggregateBuilder, kind: SubjectKind, subject: string, measure: string): object {
  const found: Record<number, number> = {};
  aggregate.minuteSeries(kind, subject, measure)?.forEach((minute, value) => {
    found[minute] = value;
  });
  return found;
}

describe('a transfer', () => {
  const aggregate = aggregateOf([recordOf({ attempts: 3 })]);

  test('is asked for in the minute intended and done in the minute it ended', () => {
    expect(valuesOf(aggregate, 'link', LINK, 'requested')).toEqual({ 360: 1 });
    expect(valuesOf(aggregate, 'link', LINK, 'requested_bytes')).toEqual({ 360: 1e9 });
    expect(valuesOf(aggregate, 'link', LINK, 'succeeded')).toEqual({ 361: 1 });
    expect(valuesOf(aggregate, 'link', LINK, 'done_bytes')).toEqual({ 361: 1e9 });
    expect(valuesOf(aggregate, 'link', LINK, 'retries')).toEqual({ 361: 2 });
  });

  test('leaves its source and enters its destination, at the storages and at their sites', () => {
    for (const [kind, from, to] of [
      ['storage', 'DESY-DCACHE', 'CNAF-STORM'],
      ['site', 'DESY', 'CNAF'],
    ] as const) {
      expect(valuesOf(aggregate, kind, from, 'out_done_bytes')).toEqual({ 361: 1e9 });
      expect(aggregate.series(kind, from, 'in_done_bytes')).toBeUndefined();
      expect(valuesOf(aggregate, kind, to, 'in_done_bytes')).toEqual({ 361: 1e9 });
      expect(aggregate.series(kind, to, 'out_done_bytes')).toBeUndefined();
    }
  });

  test('is replicated volume of its experiment and workflow', () => {
    expect(valuesOf(aggregate, 'experiment', 'SKA', 'replicated_bytes')).toEqual({ 361: 1e9 });
    expect(valuesOf(aggregate, 'workflow', 'SKA/pulsar-search', 'replicated_bytes')).toEqual({ 361: 1e9 });
    expect(aggregate.series('experiment', 'SKA', 'injected_bytes')).toBeUndefined();
  });

  test('is asked for once, however often the catalogue asks again after failures', () => {
    const aggregate = aggregateOf([failureOf({ ordinal: 0 }), failureOf({ ordinal: 1 }), recordOf({ ordinal: 2 })]);
    const requested = aggregate.series('link', 'DESY-DCACHE -> CNAF-STORM', 'requested_bytes')!;
    expect(requested.reduce((sum, bytes) => sum + bytes, 0)).toBe(1e9);
    expect(aggregate.operations().get('transfer')).toMatchObject({ requested: 1, succeeded: 1, failed: 2 });
  });

  test('books its time to what held it, at everything it touches', () => {
    const measure = 'limited_seconds:network DESY -> CNAF';
    expect(valuesOf(aggregate, 'link', LINK, measure)).toEqual({ 361: 80 });
    expect(valuesOf(aggregate, 'site', 'CNAF', `in_${measure}`)).toEqual({ 361: 80 });
    expect(valuesOf(aggregate, 'workflow', 'SKA/pulsar-search', measure)).toEqual({ 361: 80 });
    expect(aggregate.measures('link', LINK).filter((name) => name.startsWith('limited_seconds:'))).toEqual([
      'limited_seconds:network DESY -> CNAF',
      'limited_seconds:scheduler',
    ]);
  });

  test('is a request to the transfer service, from its submission to its end', () => {
    expect(valuesOf(aggregate, 'service', 'transfers', 'requests')).toEqual({ 360: 1 });
    expect(aggregate.quantile('service', 'transfers', 'latency', 0.5)).toBe(90);
  });

  test('that never got a source belongs to no link and is no request', () => {
    const waiting = aggregateOf([
      recordOf({ source: '', sourceSite: '', outcome: 'censored', service: '', submittedAtSeconds: NaN }),
    ]);
    expect(waiting.subjects('link')).toEqual([]);
    expect(waiting.subjects('service')).toEqual([]);
    expect(valuesOf(waiting, 'storage', 'CNAF-STORM', 'in_censored')).toEqual({ 361: 1 });
  });
});

test('an upload leaves its client and is injected; a download reaches its reader and is read', () => {
  const aggregate = aggregateOf([uploadOf(), downloadOf({ cache: 'XCACHE-CERN' })]);
  expect(valuesOf(aggregate, 'site', 'CERN', 'out_done_bytes')).toEqual({ 361: 1e9 });
  expect(valuesOf(aggregate, 'site', 'CERN', 'in_done_bytes')).toEqual({ 361: 1e9 });
  expect(valuesOf(aggregate, 'storage', 'DESY-DCACHE', 'in_done_bytes')).toEqual({ 361: 1e9 });
  expect(valuesOf(aggregate, 'storage', 'DESY-DCACHE', 'out_done_bytes')).toEqual({ 361: 1e9 });
  expect(valuesOf(aggregate, 'experiment', 'SKA', 'injected_bytes')).toEqual({ 361: 1e9 });
  expect(valuesOf(aggregate, 'experiment', 'SKA', 'read_bytes')).toEqual({ 361: 1e9 });
  expect(valuesOf(aggregate, 'cache', 'XCACHE-CERN', 'sessions')).toEqual({ 360: 1 });
});

test('what ends after the run counts for its last minute', () => {
  const aggregate = aggregateOf([recordOf({ intendedAtSeconds: 100, endedAtSeconds: 130 })], 120);
  expect(aggregate.minutes).toBe(2);
  expect(valuesOf(aggregate, 'link', LINK, 'succeeded')).toEqual({ 1: 1 });
});

test('background traffic belongs to no experiment', () => {
  const aggregate = aggregateOf([recordOf({ experiment: '', workflow: 'noise' })]);
  expect(aggregate.subjects('experiment')).toEqual([]);
  expect(aggregate.subjects('workflow')).toEqual([]);
  expect(aggregate.subjects('link')).toEqual([LINK]);
});

test('counts by kind add up, with bytes of what succeeded', () => {
  const aggregate = aggregateOf([
    recordOf({ attempts: 2 }),
    failureOf({ attempts: 4 }),
    recordOf({ outcome: 'censored' }),
    recordOf({ outcome: 'cancelled', protocol: 'root' }),
    uploadOf(),
  ]);
  expect(Object.fromEntries(aggregate.operations())).toEqual({
    upload: { requested: 1, succeeded: 1, failed: 0, cancelled: 0, censored: 0, retries: 0, bytes: 1e9 },
    transfer: { requested: 4, succeeded: 1, failed: 1, cancelled: 1, censored: 1, retries: 4, bytes: 1e9 },
  });
});

describe('times to data', () => {
  const rules = [
    ruleOf({ intendedAtSeconds: 0, firstByteAtSeconds: 30, endedAtSeconds: 60 }),
    ruleOf({ intendedAtSeconds: 0, firstByteAtSeconds: 40, endedAtSeconds: 86_400, outcome: 'censored' }),
    ruleOf({ intendedAtSeconds: 0, firstByteAtSeconds: NaN, endedAtSeconds: 100, outcome: 'failed' }),
    ruleOf({ intendedAtSeconds: 0, firstByteAtSeconds: NaN, endedAtSeconds: 100, outcome: 'cancelled' }),
  ];
  const aggregate = aggregateOf(rules);

  test('of rules that failed or were not done by the end are longer than all others; cancelled rules do not count', () => {
    expect(aggregate.percentiles('experiment', 'SKA', 'time-to-data')).toMatchObject({
      count: 3,
      unfinished: 2,
      meanSeconds: 60,
      p50Seconds: null,
      maxSeconds: null,
    });
    expect(aggregate.quantile('workflow', 'SKA/pulsar-search', 'time-to-data', 0.33)).toBeCloseTo(60, 0);
    expect(aggregate.quantile('workflow', 'SKA/pulsar-search', 'time-to-data', 0.95)).toBe(Infinity);
  });

  test('to the first copy are known where that copy came, whatever became of the others', () => {
    const first = aggregate.percentiles('experiment', 'SKA', 'time-to-first-copy');
    expect(first).toMatchObject({ count: 3, unfinished: 1, meanSeconds: 35 });
  });

  test('can be asked of a part of the run, by the minute intended', () => {
    const later = aggregateOf([...rules, ruleOf({ intendedAtSeconds: 7200, endedAtSeconds: 7260 })]);
    const kept = later.percentiles('experiment', 'SKA', 'time-to-data', (minute) => minute >= 120);
    expect(kept).toMatchObject({ count: 1, unfinished: 0 });
    expect(kept.p95Seconds).toBeCloseTo(60, 0);
  });
});

test('access is measured from the intended start to the first byte, and its rate from start to end', () => {
  const aggregate = aggregateOf([downloadOf({ startedAtSeconds: 21_600, endedAtSeconds: 21_700 })]);
  expect(aggregate.quantile('experiment', 'SKA', 'access-latency', 0.5)).toBe(25);
  expect(aggregate.percentiles('experiment', 'SKA', 'access-rate').meanSeconds).toBe(1e7);
  expect(aggregate.percentiles('workflow', 'SKA/pulsar-search', 'access-duration').meanSeconds).toBe(100);
});

describe('outcome cells', () => {
  test('hold one count for each combination and five minutes', () => {
    const aggregate = aggregateOf([
      recordOf({ endedAtSeconds: 10 }),
      recordOf({ endedAtSeconds: 20, workflow: 'single-pulse' }),
      failureOf({ endedAtSeconds: 290 }),
      failureOf({ endedAtSeconds: 310 }),
      failureOf({ endedAtSeconds: 320, errorClass: 'no-space' }),
      recordOf({ endedAtSeconds: 330, outcome: 'censored' }),
    ]);
    const cells = [...aggregate.outcomes()].map(({ bucket, errorClass, errorScope, count }) => ({
      bucket,
      errorClass,
      errorScope,
      count,
    }));
    expect(cells).toEqual([
      { bucket: 0, errorClass: '', errorScope: '', count: 2 },
      { bucket: 0, errorClass: 'timeout', errorScope: 'destination', count: 1 },
      { bucket: 1, errorClass: 'timeout', errorScope: 'destination', count: 1 },
      { bucket: 1, errorClass: 'no-space', errorScope: 'destination', count: 1 },
    ]);
  });

  test('are right also where records do not come in the order of their ends', () => {
    const ends = [900, 10, 650, 20, 905];
    const cells = [...aggregateOf(ends.map((endedAtSeconds) => recordOf({ endedAtSeconds }))).outcomes()];
    expect(cells.map(({ bucket, count }) => [bucket, count])).toEqual([
      [0, 2],
      [2, 1],
      [3, 2],
    ]);
  });
});

describe('samples', () => {
  test('are kept as they were given, and those outside the run are not', () => {
    const aggregate = new AggregateBuilder(120);
    aggregate.sample(0, 'storage', 'DESY-DCACHE', 'used_bytes', 5e12);
    aggregate.sample(1, 'storage', 'DESY-DCACHE', 'used_bytes', 6e12);
    aggregate.sample(2, 'storage', 'DESY-DCACHE', 'used_bytes', 7e12);
    expect([...aggregate.series('storage', 'DESY-DCACHE', 'used_bytes')!]).toEqual([5e12, 6e12]);
    expect(aggregate.lastSampledMinute).toBe(1);
  });

  test('of whether something was up tell a minute of failure from one nobody looked at', () => {
    const aggregate = new AggregateBuilder(180);
    aggregate.sample(0, 'service', 'tokens', 'up', 1);
    aggregate.sample(1, 'service', 'tokens', 'up', 0);
    expect([...aggregate.series('service', 'tokens', 'up')!]).toEqual([1, 0, NaN]);
  });

  test('do not exist for what nobody sampled', () => {
    const aggregate = new AggregateBuilder(180);
    expect(aggregate.series('storage', 'NOWHERE', 'used_bytes')).toBeUndefined();
    expect(aggregate.measures('storage', 'NOWHERE')).toEqual([]);
    expect(aggregate.subjects('tape')).toEqual([]);
  });
});

const storages = ['A', 'B', 'C'];
const anyTransfer = fc
  .record({
    source: fc.constantFrom(...storages),
    destination: fc.constantFrom(...storages),
    experiment: fc.constantFrom('SKA', 'CTA'),
    workflow: fc.constantFrom('one', 'two'),
    intendedAtSeconds: fc.nat(DAY - 1),
    sizeBytes: fc.nat(1e12),
    outcome: fc.constantFrom('ok', 'failed', 'censored'),
    attempts: fc.integer({ min: 1, max: 4 }),
  })
  .map((parts) =>
    recordOf({
      ...parts,
      outcome: parts.outcome as OperationRecord['outcome'],
      sourceSite: `SITE-${parts.source}`,
      destinationSite: `SITE-${parts.destination}`,
      errorClass: parts.outcome === 'failed' ? 'timeout' : '',
      errorScope: parts.outcome === 'failed' ? 'source' : '',
    }),
  );

test('every view of the same transfers adds up to the same', () => {
  fc.assert(
    fc.property(fc.array(anyTransfer, { maxLength: 200 }), (records) => {
      const aggregate = aggregateOf(records);
      const total = (kind: SubjectKind, measure: string): number =>
        aggregate
          .subjects(kind)
          .reduce((sum, subject) => sum + (aggregate.minuteSeries(kind, subject, measure)?.total() ?? 0), 0);
      const succeeded = records.filter(({ outcome }) => outcome === 'ok');
      const bytes = succeeded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      for (const [kind, prefix] of [
        ['link', ''],
        ['storage', 'in_'],
        ['storage', 'out_'],
        ['site', 'in_'],
        ['site', 'out_'],
        ['experiment', ''],
        ['workflow', ''],
      ] as const) {
        expect(total(kind, `${prefix}done_bytes`)).toBe(bytes);
        expect(total(kind, `${prefix}succeeded`)).toBe(succeeded.length);
        expect(total(kind, `${prefix}limited_seconds:scheduler`)).toBe(20 * records.length);
      }
      const cells = [...aggregate.outcomes()];
      const ended = records.filter(({ outcome }) => outcome !== 'censored');
      expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(ended.length);
      const durations = aggregate.subjects('link').map((link) => aggregate.percentiles('link', link, 'duration'));
      expect(durations.reduce((sum, { count }) => sum + count, 0)).toBe(
        records.filter(({ outcome }) => outcome !== 'failed').length,
      );
    }),
    { seed: 11, numRuns: 60 },
  );
});
