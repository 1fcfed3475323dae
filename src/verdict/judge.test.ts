import { describe, expect, it } from 'vitest';
import { METRIC_SENSE } from '../core/metrics.ts';
import type { JudgedExpectation } from '../record/summary.ts';
import { EXPECTATION_SUBJECTS, METRICS, type Expectation, type Fault } from '../scenario/scenario.ts';
import { AggregateForTests, checkedForTests, expectationForTests } from './checked-for-tests.ts';
import { judge } from './judge.ts';

const LAKE = {
  storages: { 'EULAKE-1': 'CERN', 'DESY-DCACHE': 'DESY', 'GSI-ROOT': 'GSI', 'AZURE-BLOB': 'AZURE', 'HPC-BLOB': 'HPC' },
  caches: { 'XCACHE-LAPP': 'LAPP' },
  egressCost: { AZURE: 'EUR', HPC: 'EUR' },
};
const EXPERIMENTS = { SKA: ['pulsars', 'images'], CTA: ['night'] };
const LINK = 'EULAKE-1 -> GSI-ROOT';

function judged(
  aggregate: AggregateForTests,
  given: Parameters<typeof expectationForTests>[0],
  faults: readonly Fault[] = [],
): JudgedExpectation[] {
  const durationSeconds = aggregate.durationSeconds;
  const scenario = { experiments: EXPERIMENTS, faults, expectations: [expectationForTests(given)], durationSeconds };
  return judge(checkedForTests(LAKE, scenario), aggregate).expectations;
}

function run(durationSeconds = 86400): AggregateForTests {
  return new AggregateForTests(durationSeconds);
}

function faultAt(hour: number, target: Fault['target'], how: 'refused' | 'hanging' = 'refused'): Fault {
  return {
    atSeconds: hour * 3600,
    forSeconds: 3600,
    target,
    effect: { is: 'unreachable', how },
    declared: false,
    text: '',
  };
}

const during = (from: number, to: number) => ({ fromSeconds: from * 3600, toSeconds: to * 3600 });
const inHour = (hour: number, minute: number): boolean => Math.floor(minute / 60) === hour;

describe('success', () => {
  const success = { metric: 'success', comparison: '>=', limit: 0.95 } as const;

  it('is what succeeded of what ended; what the end of the day cut off does not count', () => {
    const aggregate = run()
      .put('link', LINK, 'succeeded', 97)
      .put('link', LINK, 'failed', 3)
      .put('link', LINK, 'censored', 50);
    expect(judged(aggregate, { per: 'link', ...success })).toMatchObject([
      { verdict: 'met', subject: LINK, measured: 0.97, limit: 0.95, unit: 'share', atSeconds: null },
    ]);
  });

  it('of a site is judged in each direction, and the worse one counts', () => {
    const aggregate = run();
    for (const [direction, failed] of [
      ['in_', 0],
      ['out_', 10],
    ] as const) {
      aggregate.put('site', 'GSI', `${direction}succeeded`, 90).put('site', 'GSI', `${direction}failed`, failed);
    }
    expect(judged(aggregate, { per: 'site', ...success })).toMatchObject([
      { verdict: 'not-met', subject: 'GSI', measured: 0.9, note: 'as source' },
    ]);
  });

  it('of the run is that of all experiments together', () => {
    const aggregate = run();
    for (const [name, failed] of [
      ['SKA', 0],
      ['CTA', 10],
    ] as const) {
      aggregate.put('experiment', name, 'succeeded', 45).put('experiment', name, 'failed', failed);
    }
    expect(judged(aggregate, { per: 'run', ...success })).toMatchObject([{ verdict: 'not-met', measured: 0.9 }]);
  });

  it('of a service is requests without failures', () => {
    const aggregate = run().put('service', 'tokens', 'requests', 10).put('service', 'tokens', 'failures', 1);
    expect(judged(aggregate, { per: 'service', of: ['tokens'], ...success })).toMatchObject([{ measured: 0.9 }]);
  });

  it('over a window is the worst window, with its start', () => {
    const aggregate = run()
      .put('link', LINK, 'succeeded', (minute) => (inHour(14, minute) ? 5 : 10))
      .put('link', LINK, 'failed', (minute) => (inHour(14, minute) ? 5 : 0));
    expect(judged(aggregate, { per: 'link', ...success, overSeconds: 3600 })).toMatchObject([
      { verdict: 'not-met', measured: 0.5, atSeconds: 14 * 3600 },
    ]);
    expect(judged(aggregate, { per: 'link', ...success, overSeconds: 3600, during: during(0, 12) })).toMatchObject([
      { verdict: 'met', measured: 1 },
    ]);
  });

  it('leaves out the time of faults on the subject where asked to, and of no others', () => {
    const aggregate = run()
      .put('link', LINK, 'succeeded', 10)
      .put('link', LINK, 'failed', (minute) => (inHour(14, minute) ? 90 : 0));
    const ask = (target: Fault['target']) =>
      judged(aggregate, { per: 'link', ...success, exceptFaults: true }, [faultAt(14, target)])[0]?.verdict;
    expect(ask({ kind: 'storage', name: 'GSI-ROOT', protocol: '' })).toBe('met');
    expect(ask({ kind: 'site', name: 'CERN' })).toBe('met');
    expect(ask({ kind: 'link', from: 'CERN', to: 'GSI' })).toBe('met');
    expect(ask({ kind: 'link', from: 'GSI', to: 'CERN' })).toBe('not-met');
    expect(ask({ kind: 'site', name: 'DESY' })).toBe('not-met');
    expect(ask({ kind: 'service', name: 'tokens' })).toBe('not-met');
  });

  it('leaves out a hanging fault until what hung has timed out', () => {
    const aggregate = run()
      .put('link', LINK, 'succeeded', 10)
      .put('link', LINK, 'failed', (minute) => (minute >= 15 * 60 && minute < 15 * 60 + 10 ? 90 : 0));
    const target = { kind: 'storage', name: 'GSI-ROOT', protocol: '' } as const;
    const ask = (how: 'refused' | 'hanging') =>
      judged(aggregate, { per: 'link', ...success, exceptFaults: true }, [faultAt(14, target, how)])[0]?.verdict;
    expect(ask('hanging')).toBe('met');
    expect(ask('refused')).toBe('not-met');
  });

  it.each([
    [{ kind: 'experiment', name: 'SKA' }, 'met'],
    [{ kind: 'service', name: 'transfers' }, 'met'],
    [{ kind: 'service', name: 'monitoring' }, 'not-met'],
    [{ kind: 'experiment', name: 'CTA' }, 'not-met'],
    [{ kind: 'storage', name: 'GSI-ROOT', protocol: '' }, 'not-met'],
  ] as const)('of an experiment leaves out faults of itself and of central services: %o', (target, verdict) => {
    const aggregate = run()
      .put('experiment', 'SKA', 'succeeded', 10)
      .put('experiment', 'SKA', 'failed', (minute) => (inHour(14, minute) ? 90 : 0));
    const [one] = judged(aggregate, { per: 'experiment', ...success, exceptFaults: true }, [faultAt(14, target)]);
    expect(one?.verdict).toBe(verdict);
  });
});

describe('rate and volume', () => {
  const flow = (done: (minute: number) => number) =>
    run().put('link', LINK, 'requested_bytes', 6e9).put('link', LINK, 'done_bytes', done);

  it('the rate over the day is bytes done a second', () => {
    expect(
      judged(
        flow(() => 6e9),
        { per: 'link', metric: 'rate', comparison: '>=', limit: 1e8 },
      ),
    ).toMatchObject([{ verdict: 'met', measured: 1e8, unit: 'bytes per second' }]);
  });

  it('the share of what was requested over the day is bytes done of bytes asked for', () => {
    const given = { per: 'link', metric: 'rate', comparison: '>=', limit: 0.9, relativeTo: 'requested' } as const;
    expect(
      judged(
        flow(() => 5.1e9),
        given,
      ),
    ).toMatchObject([{ verdict: 'not-met', measured: 0.85, unit: 'share' }]);
  });

  it('what a fault kept from being done is not held against the link, also where it is made up for afterwards', () => {
    const done = (minute: number): number => (inHour(14, minute) ? 0 : 6e9);
    const given = {
      per: 'link',
      metric: 'rate',
      comparison: '>=',
      limit: 0.9,
      relativeTo: 'requested',
      overSeconds: 7200,
    } as const;
    const faults = [faultAt(14, { kind: 'site', name: 'GSI' })];
    expect(judged(flow(done), given, faults)).toMatchObject([{ verdict: 'not-met', measured: 0.5 }]);
    expect(judged(flow(done), { ...given, exceptFaults: true }, faults)).toMatchObject([
      { verdict: 'met', measured: 1 },
    ]);
  });

  it('the volume is bytes done', () => {
    const given = { per: 'link', metric: 'volume', comparison: '>=', limit: 8e12 } as const;
    expect(
      judged(
        flow(() => 6e9),
        given,
      ),
    ).toMatchObject([{ verdict: 'met', measured: 8.64e12, unit: 'bytes' }]);
  });

  it('the limiter is what held work up longest in the worst window, not in the day', () => {
    const aggregate = flow((minute) => (inHour(14, minute) ? 3e9 : 6e9))
      .put('link', LINK, 'limited_seconds:network CERN -> GSI', 60)
      .put('link', LINK, 'limited_seconds:destination write GSI-ROOT', (minute) => (inHour(14, minute) ? 90 : 0));
    const given = { per: 'link', metric: 'rate', comparison: '>=', limit: 0.9, relativeTo: 'requested' } as const;
    expect(judged(aggregate, { ...given, overSeconds: 3600 })).toMatchObject([
      { verdict: 'not-met', limiter: 'destination write GSI-ROOT' },
    ]);
    expect(judged(aggregate, given)).toMatchObject([{ limiter: 'network CERN -> GSI' }]);
  });
});

describe('durations', () => {
  const upTo = (count: number, seconds: (index: number) => number) =>
    Array.from({ length: count }, (_, index) => ({ minute: index, seconds: seconds(index) }));
  const timeToData = { per: 'experiment', metric: 'time-to-data', comparison: '<=', limit: 1800 } as const;

  it('what was never done is longer than all that was', () => {
    const given = { ...timeToData, statistic: 'p95' } as const;
    const late = run().putDurations(
      'experiment',
      'SKA',
      'time-to-data',
      upTo(100, (i) => (i < 95 ? 60 : Infinity)),
    );
    expect(judged(late.put('experiment', 'SKA', 'rules_done', 1), given)).toMatchObject([
      { verdict: 'met', measured: 60, unit: 'seconds', note: '5 of 100 never done' },
    ]);
    const never = run().putDurations(
      'experiment',
      'SKA',
      'time-to-data',
      upTo(100, (i) => (i < 94 ? 60 : Infinity)),
    );
    expect(judged(never.put('experiment', 'SKA', 'rules_done', 1), given)).toMatchObject([
      { verdict: 'not-met', measured: null, note: '6 of 100 never done' },
    ]);
  });

  it('what was asked for less than the limit before the end may still have met it', () => {
    const durations = [
      ...upTo(90, () => 60),
      ...Array.from({ length: 10 }, (_, index) => ({ minute: 1439 - index, seconds: Infinity })),
    ];
    const aggregate = run()
      .putDurations('experiment', 'SKA', 'time-to-data', durations)
      .put('experiment', 'SKA', 'rules_done', 1);
    const given = { ...timeToData, statistic: 'max' } as const;
    expect(judged(aggregate, given)).toMatchObject([
      { verdict: 'met', measured: 60, note: 'without 10 asked too late to tell' },
    ]);
    aggregate.put('experiment', 'SKA', 'rules_failed', (minute) => (minute === 1435 ? 1 : 0));
    expect(judged(aggregate, given)).toMatchObject([{ verdict: 'not-met', measured: null }]);
  });

  it.each([
    ['value', 100],
    ['max', 100],
    ['p50', 50],
    ['p90', 90],
    ['p99', 99],
    ['mean', 50.5],
  ] as const)('the %s of latencies of 1 to 100 seconds is %d', (statistic, measured) => {
    const aggregate = run().putDurations(
      'service',
      'tokens',
      'latency',
      upTo(100, (index) => index + 1),
    );
    const given = {
      per: 'service',
      of: ['tokens'],
      metric: 'latency',
      comparison: '<=',
      limit: 100,
      statistic,
    } as const;
    expect(judged(aggregate, given)).toMatchObject([{ verdict: 'met', measured }]);
  });

  it('over a window is the worst window', () => {
    const durations = Array.from({ length: 1440 }, (_, minute) => ({ minute, seconds: inHour(14, minute) ? 40 : 1 }));
    const aggregate = run().putDurations('service', 'tokens', 'latency', durations);
    const given = { per: 'service', of: ['tokens'], metric: 'latency', comparison: '<=', limit: 2 } as const;
    expect(judged(aggregate, { ...given, statistic: 'mean', overSeconds: 3600 })).toMatchObject([
      { verdict: 'not-met', measured: 40, atSeconds: 14 * 3600 },
    ]);
  });

  it('of an access rate without a suffix is the mean over sessions', () => {
    const aggregate = run()
      .putDurations(
        'experiment',
        'SKA',
        'access-rate',
        [1e6, 3e6].map((seconds) => ({ minute: 0, seconds })),
      )
      .put('experiment', 'SKA', 'read_bytes', 1);
    const given = { per: 'experiment', metric: 'access-rate', comparison: '>=', limit: 2e6 } as const;
    expect(judged(aggregate, given)).toMatchObject([{ verdict: 'met', measured: 2e6, unit: 'bytes per second' }]);
  });
});

describe('other metrics', () => {
  it('availability is the share of time up, of a site that of its storages', () => {
    const aggregate = run().put('storage', 'GSI-ROOT', 'up', (minute) => (minute < 144 ? 0 : 1));
    const given = { metric: 'availability', comparison: '>=', limit: 0.99 } as const;
    expect(judged(aggregate, { per: 'storage', ...given })).toMatchObject([{ subject: 'GSI-ROOT', measured: 0.9 }]);
    expect(judged(aggregate, { per: 'site', ...given })).toMatchObject([{ subject: 'GSI', verdict: 'not-met' }]);
  });

  it('minutes in which availability was not sampled do not count', () => {
    const aggregate = run().put('storage', 'GSI-ROOT', 'up', (minute) => (minute < 720 ? 1 : NaN));
    const given = { per: 'storage', metric: 'availability', comparison: '>=', limit: 0.99 } as const;
    expect(judged(aggregate, given)).toMatchObject([{ verdict: 'met', measured: 1 }]);
  });

  it('stuck of the run is the share of stuck rules in the worst minute', () => {
    const aggregate = run()
      .put('service', 'catalogue', 'rules_ok', 96)
      .put('service', 'catalogue', 'rules_replicating', 2)
      .put('service', 'catalogue', 'rules_stuck', (minute) => (minute === 700 ? 2 : 0));
    expect(judged(aggregate, { per: 'run', metric: 'stuck', comparison: '<=', limit: 0.01 })).toMatchObject([
      { verdict: 'not-met', measured: 0.02 },
    ]);
  });

  it('stuck of an experiment is the share of its rules that failed', () => {
    const aggregate = run().put('experiment', 'SKA', 'rules_done', 99).put('experiment', 'SKA', 'rules_failed', 1);
    expect(judged(aggregate, { per: 'experiment', metric: 'stuck', comparison: '<=', limit: 0.01 })).toMatchObject([
      { verdict: 'met', measured: 0.01 },
    ]);
  });

  it('a queue is judged by its longest minute, its mean, or the worst mean of a window', () => {
    const aggregate = run().put('link', LINK, 'queued', (minute) => (inHour(14, minute) ? 240 : 0));
    const given = { per: 'link', metric: 'queue', comparison: '<=', limit: 100 } as const;
    expect(judged(aggregate, given)).toMatchObject([{ verdict: 'not-met', measured: 240, unit: 'count' }]);
    expect(judged(aggregate, { ...given, statistic: 'mean' })).toMatchObject([{ verdict: 'met', measured: 10 }]);
    expect(judged(aggregate, { ...given, overSeconds: 7200 })).toMatchObject([{ verdict: 'not-met', measured: 120 }]);
  });

  it('the hit rate of a cache is by bytes', () => {
    const aggregate = run().put('cache', 'XCACHE-LAPP', 'hit_bytes', 8).put('cache', 'XCACHE-LAPP', 'miss_bytes', 2);
    expect(judged(aggregate, { per: 'cache', metric: 'hit-rate', comparison: '>=', limit: 0.8 })).toMatchObject([
      { verdict: 'met', measured: 0.8 },
    ]);
  });

  it('the cost of the run is that of all sites, in their currency', () => {
    const aggregate = run().put('site', 'AZURE', 'egress_cost', 0.01).put('site', 'HPC', 'egress_cost', 0.01);
    const [one] = judged(aggregate, { per: 'run', metric: 'cost', comparison: '<=', limit: 28 });
    expect(one).toMatchObject({ verdict: 'not-met', unit: 'EUR' });
    expect(one?.measured).toBeCloseTo(28.8, 9);
  });
});

describe('subjects and verdicts', () => {
  const success = { metric: 'success', comparison: '>=', limit: 0.95 } as const;

  it('without names, every subject that the run touched is judged, in the order of the lake or scenario', () => {
    const aggregate = run();
    for (const link of ['GSI-ROOT -> EULAKE-1', 'EULAKE-1 -> GSI-ROOT', 'EULAKE-1 -> DESY-DCACHE']) {
      aggregate.put('link', link, 'succeeded', 1);
    }
    expect(judged(aggregate, { per: 'link', ...success }).map((one) => one.subject)).toEqual([
      'EULAKE-1 -> DESY-DCACHE',
      'EULAKE-1 -> GSI-ROOT',
      'GSI-ROOT -> EULAKE-1',
    ]);
    for (const name of ['CTA/night', 'SKA/images', 'SKA/pulsars']) aggregate.put('workflow', name, 'succeeded', 1);
    expect(judged(aggregate, { per: 'workflow', ...success }).map((one) => one.subject)).toEqual([
      'SKA/pulsars',
      'SKA/images',
      'CTA/night',
    ]);
  });

  it('a named subject without data and an expectation without subjects are shown as having none', () => {
    expect(judged(run(), { per: 'link', of: [LINK], ...success })).toMatchObject([
      { verdict: 'no-data', subject: LINK, measured: null, unit: 'share' },
    ]);
    expect(judged(run(), { per: 'link', ...success })).toMatchObject([{ verdict: 'no-data', subject: '' }]);
  });

  it('a subject that faults cover altogether is shown, without data', () => {
    const aggregate = run(3600).put('link', LINK, 'succeeded', 1);
    const faults = [faultAt(0, { kind: 'site', name: 'GSI' })];
    expect(judged(aggregate, { per: 'link', ...success, exceptFaults: true }, faults)).toMatchObject([
      { verdict: 'no-data', subject: LINK },
    ]);
  });

  it('the run is not met if one expectation is not, and has nothing to judge without data', () => {
    const aggregate = run().put('experiment', 'SKA', 'succeeded', 1).put('experiment', 'SKA', 'failed', 1);
    const verdictOf = (...expectations: Expectation[]) =>
      judge(checkedForTests(LAKE, { experiments: EXPERIMENTS, expectations }), aggregate).verdict;
    const wanted = (limit: number) =>
      expectationForTests({ per: 'experiment', metric: 'success', comparison: '>=', limit });
    expect(verdictOf(wanted(0.5), wanted(0.6))).toBe('not-met');
    expect(verdictOf(wanted(0.5))).toBe('met');
    expect(verdictOf(expectationForTests({ per: 'link', ...success }))).toBe('nothing-to-judge');
    expect(verdictOf()).toBe('nothing-to-judge');
  });

  it.each([
    ['>=', 0.5, 'met'],
    ['<=', 0.5, 'met'],
    ['=', 0.5, 'met'],
    ['>', 0.5, 'not-met'],
    ['<', 0.5, 'not-met'],
    ['=', 0.4, 'not-met'],
  ] as const)('a success of one half against %s %d is %s', (comparison, limit, verdict) => {
    const aggregate = run().put('link', LINK, 'succeeded', 1).put('link', LINK, 'failed', 1);
    expect(judged(aggregate, { per: 'link', metric: 'success', comparison, limit })[0]?.verdict).toBe(verdict);
  });
});

describe('the table of what can be asked of whom', () => {
  it('has all metrics and only kinds of subject there are', () => {
    expect(Object.keys(METRIC_SENSE).toSorted()).toEqual(Object.keys(METRICS).toSorted());
    const kinds: readonly string[] = EXPECTATION_SUBJECTS;
    for (const { subjects } of Object.values(METRIC_SENSE))
      expect(kinds).toEqual(expect.arrayContaining([...subjects]));
  });
});
