import { describe, expect, test } from 'vitest';
import { constant } from '../core/law.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { compilePlan } from './compile.ts';
import { checkFeasibility, type Feasibility } from './feasibility.ts';
import type { FindingCode } from './finding.ts';
import {
  accessOf,
  backgroundOf,
  expectationOf,
  faultOf,
  GIGABIT,
  HOUR,
  injectionOf,
  lakeOf,
  protocolOf,
  ruleOf,
  scenarioOf,
  scheduleOf,
  siteOf,
  storageOf,
  threeSites,
  transitionOf,
  workflowOf,
  type ScenarioParts,
} from './scenario-for-tests.ts';

const DAY = 24 * HOUR;

function feasibilityOf(parts: ScenarioParts): Feasibility {
  const checked: CheckedScenario = scenarioOf(parts);
  return checkFeasibility(checked, compilePlan(checked));
}

/** A rule at 09:00 on so many bytes at EULAKE-1, to be copied to DESY. */
function copyAtNine(bytes: number, parts: ScenarioParts = {}, to = 'DESY-DCACHE'): ScenarioParts {
  const files = Math.max(1, Math.round(bytes / 10e9));
  return {
    ...parts,
    experiments: {
      CTA: [
        workflowOf('night', {
          uses: [{ name: 'raw', at: 'EULAKE-1', datasets: files, filesPerDataset: 1, size: constant(bytes / files) }],
          replicate: [ruleOf(to, { atSeconds: 9 * HOUR })],
        }),
      ],
    },
  };
}

function codes(feasibility: Feasibility): string[] {
  return feasibility.findings
    .filter((found) => found.severity !== 'ok')
    .map((found) => `${found.severity} ${found.code} ${found.subject}`);
}

function only(feasibility: Feasibility, code: FindingCode) {
  const found = feasibility.findings.filter((candidate) => candidate.code === code);
  expect(found).toHaveLength(1);
  return found[0]!;
}

const tenGigabit = lakeOf({
  sites: [siteOf('CERN', { uplinkBps: 10 * GIGABIT }), siteOf('DESY')],
  storages: [
    storageOf('EULAKE-1', 'CERN', { readBps: 100 * GIGABIT }),
    storageOf('DESY-DCACHE', 'DESY', { writeBps: 100 * GIGABIT }),
  ],
  network: { default: { rttSeconds: 0.02, capacityBps: Infinity, loss: 0, windowBytes: 1e9 } },
  transfers: {
    defaultLinkLimit: { min: 2, max: 1000 },
    defaultStorageLimit: { inbound: 1000, outbound: 1000 },
    maxActive: 1000,
  },
});

describe('demand against capacity', () => {
  test('of a day that fits says how much room there is', () => {
    const feasibility = feasibilityOf(copyAtNine(1e12, { lake: tenGigabit }));
    expect(feasibility.verdict).toBe('fits');
    // 1 TB in an hour is 2.2 Gbit/s of 10.
    const uplink = feasibility.findings.find((found) => found.subject === 'site uplink')!;
    expect(uplink).toMatchObject({ severity: 'ok', code: 'headroom', fromSeconds: 9 * HOUR });
    expect(uplink.asked! / uplink.available!).toBeCloseTo(1e12 / 3600 / (10 * GIGABIT), 9);
  });

  test('warns of an hour in which more is asked than can pass, and says how long it takes', () => {
    // 9 TB at 10 Gbit/s take two hours.
    const feasibility = feasibilityOf(copyAtNine(9e12, { lake: tenGigabit }));
    expect(feasibility.verdict).toBe('tight');
    const found = only(feasibility, 'falls-behind');
    expect(found.subject).toBe('site uplink CERN');
    expect(found.text).toBe(
      '20.0 Gbit/s asked from 09:00 to 10:00, 10.0 Gbit/s there; what is asked at 09:00 waits up to 2h',
    );
  });

  test('calls a day infeasible that leaves more than an hour of work at its end', () => {
    // 15 hours are left from 09:00 on, 4.5 TB each.
    expect(feasibilityOf(copyAtNine(15.5 * 4.5e12, { lake: tenGigabit })).verdict).toBe('tight');
    const feasibility = feasibilityOf(copyAtNine(17 * 4.5e12, { lake: tenGigabit }));
    expect(feasibility.verdict).toBe('infeasible');
    expect(only(feasibility, 'over-capacity').text).toContain('at the end 2h of work is left');
  });

  test('takes a fault’s share off while it lasts', () => {
    const target = { kind: 'site' as const, name: 'CERN' };
    const faults = [faultOf({ atSeconds: 9 * HOUR, forSeconds: HOUR, target, effect: { is: 'capacity', share: 0.2 } })];
    const feasibility = feasibilityOf(copyAtNine(1.8e12, { lake: tenGigabit, faults }));
    // 0.9 TB of the 1.8 pass from 09:00 to 10:00, the rest in 12 minutes of full rate.
    expect(only(feasibility, 'meets-fault').text).toBe('09:00 to 10:00; meanwhile what can wait waits up to 1h 12min');
  });

  test('spreads copies evenly over what an expression selects and leaves out a copy that is there', () => {
    const lake = threeSites();
    const both = feasibilityOf(copyAtNine(1e12, { lake }, 'class=FAST'));
    const bytesTo = (feasibility: Feasibility, storage: string) =>
      feasibility.demand.flows
        .filter((flow) => flow.to.storage === storage)
        .reduce((sum, flow) => sum + flow.totalBytes, 0);
    expect(bytesTo(both, 'DESY-DCACHE')).toBeCloseTo(0.5e12, 0);
    expect(bytesTo(both, 'PIC-DCACHE')).toBeCloseTo(0.5e12, 0);
    const there = feasibilityOf(copyAtNine(1e12, { lake }, 'class=SAFE'));
    expect(there.demand.flows).toEqual([]);
  });

  test('counts the workers that uploads keep busy', () => {
    // A 1 GB file from another site takes its 4 s of set-up and 4.77 s at 4 MiB / 20 ms; 10,000 of them in an hour.
    const workflow = workflowOf('one', {
      inject: injectionOf({ from: 'PIC', datasets: 10_000, schedule: scheduleOf({ toSeconds: HOUR }), workers: 10 }),
    });
    const feasibility = feasibilityOf({ experiments: { CTA: [workflow] } });
    const workers = feasibility.resources.find((resource) => resource.kind === 'upload workers')!;
    const seconds = 4 + 1e9 / ((4 * 1024 * 1024) / 0.02);
    expect(workers.asked.reduce((sum, value) => sum + value, 0)).toBeCloseTo(10_000 * seconds, 3);
    expect(codes(feasibility)).toContain('warning falls-behind upload workers CTA/one');
  });

  test('lets a cache fetch each byte once', () => {
    const cache = {
      name: 'XCACHE',
      site: 'PIC',
      capacityBytes: 1e13,
      blockBytes: 1e6,
      highWatermark: 0.95,
      lowWatermark: 0.85,
      readBps: 10 * GIGABIT,
      writeBps: 10 * GIGABIT,
    };
    const lake = { ...threeSites(), caches: new Map([['XCACHE', cache]]) };
    const workflow = workflowOf('higgs', {
      uses: [{ name: 'data', at: 'EULAKE-1', datasets: 1, filesPerDataset: 8, size: constant(1e9) }],
      access: [accessOf({ through: 'XCACHE', sessions: { count: 1000 }, filesPerSession: { min: 8, max: 8 } })],
    });
    const { flows } = feasibilityOf({ lake, experiments: { ATLAS: [workflow] } }).demand;
    expect(flows.map((flow) => [flow.from.storage || flow.from.cache, flow.to.cache || flow.to.site])).toEqual([
      ['EULAKE-1', 'XCACHE'],
      ['XCACHE', 'PIC'],
    ]);
    expect(flows[0]!.totalBytes).toBeCloseTo(8e9, 0);
    expect(flows[1]!.totalBytes).toBeCloseTo(8e12, 0);
  });

  test('counts background traffic between every pair, and its end of life', () => {
    const feasibility = feasibilityOf({ background: [backgroundOf({ size: constant(1e9) })] });
    // Six pairs a quarter of an hour: one upload and one copy each.
    const copies = feasibility.demand.flows.filter((flow) => flow.kind === 'copy');
    expect(copies).toHaveLength(6);
    expect(copies.reduce((sum, flow) => sum + flow.totalFiles, 0)).toBeCloseTo(6 * 96, 6);
    // Each disk holds two sources' and two copies' files, for one hour: four rounds.
    const space = feasibility.space.find((use) => use.storage === 'EULAKE-1')!;
    expect(Math.max(...space.usedBytes)).toBeCloseTo(16e9, 0);
    expect(space.usedBytes.at(-1)).toBeCloseTo(16e9, 0);
  });
});

describe('space over the day', () => {
  const small = (usedBytes: number) =>
    lakeOf({
      sites: [siteOf('CERN'), siteOf('DESY')],
      storages: [storageOf('EULAKE-1', 'CERN'), storageOf('DESY-DCACHE', 'DESY', { capacityBytes: 10e12, usedBytes })],
    });

  test('that runs out is infeasible, with the time it does', () => {
    const found = only(feasibilityOf(copyAtNine(3e12, { lake: small(8e12) })), 'space');
    expect(found).toMatchObject({ severity: 'error', subject: 'space DESY-DCACHE', fromSeconds: 9 * HOUR });
    expect(found.text).toBe('full at 09:00: 11.0 TB is to be there, 10.0 TB fits');
  });

  test('that suffices says nothing', () => {
    expect(
      codes(feasibilityOf(copyAtNine(1e12, { lake: small(8e12) }))).filter((code) => code.includes('space')),
    ).toEqual([]);
  });

  test('is given back when a transition releases the old copy', () => {
    const workflow = workflowOf('move', {
      uses: [{ name: 'raw', at: 'DESY-DCACHE', datasets: 1, filesPerDataset: 1, size: constant(1e12) }],
      transition: [transitionOf('EULAKE-1', { afterSeconds: HOUR })],
    });
    const feasibility = feasibilityOf({ lake: small(0), experiments: { CTA: [workflow] } });
    const used = feasibility.space.find((use) => use.storage === 'DESY-DCACHE')!;
    expect([used.startBytes, used.usedBytes[0], used.usedBytes.at(-1)]).toEqual([1e12, 1e12, 0]);
  });
});

describe('single transfers', () => {
  test('that cannot end before their timeout are infeasible', () => {
    // One stream with 64 KiB over 200 ms moves 0.33 MB/s; FTS gives 2 s/MiB, that is 0.52 MB/s.
    const lake = lakeOf({
      sites: [siteOf('CERN'), siteOf('DESY')],
      storages: [storageOf('EULAKE-1', 'CERN'), storageOf('DESY-DCACHE', 'DESY')],
      network: { default: { rttSeconds: 0.2, capacityBps: Infinity, loss: 0, windowBytes: 65_536 } },
    });
    const feasibility = feasibilityOf(copyAtNine(10e9, { lake }));
    expect(codes(feasibility)).toContain('error transfer-timeout link EULAKE-1 -> DESY-DCACHE');
    expect(codes(feasibility)).toContain('warning token-lifetime CTA/night');
  });

  test('between storages without a common third-party-copy protocol pass the service', () => {
    const lake = lakeOf({
      sites: [siteOf('CERN'), siteOf('DESY')],
      storages: [storageOf('EULAKE-1', 'CERN'), storageOf('DESY-DCACHE', 'DESY', { protocols: [protocolOf('root')] })],
    });
    const found = only(feasibilityOf(copyAtNine(1e9, { lake })), 'no-third-party-copy');
    expect(found).toMatchObject({ severity: 'warning', subject: 'EULAKE-1 -> DESY-DCACHE' });
    expect(found.text).toBe('no third-party-copy protocol in common: every byte passes the transfer service');
  });
});

describe('a fault', () => {
  test('that something is planned into says what, and how long what can wait waits', () => {
    const workflow = workflowOf('night', {
      inject: injectionOf({ datasets: 24 * 60 }),
      replicate: [ruleOf('EULAKE-1')],
    });
    const found = only(feasibilityOf({ experiments: { CTA: [workflow] }, faults: [faultOf()] }), 'meets-fault');
    expect(found).toMatchObject({ severity: 'warning', subject: 'DESY unreachable (refused)' });
    expect(found.text).toBe(
      '14:00 to 15:00; meanwhile 60 files (60.0 GB) are to be written by CTA/night, 60.0 GB to be copied or read, ' +
        'what can wait waits up to 1h',
    );
  });

  test('during which more is to be written than an expected volume can miss says so', () => {
    const volume = expectationOf({ relativeTo: 'planned', limit: 0.99, text: 'volume >= 99% of planned' });
    const workflow = workflowOf('night', { inject: injectionOf({ datasets: 24 * 60 }) });
    const day = { experiments: { CTA: [workflow] }, faults: [faultOf()] };
    // One hour of twenty-four.
    const found = only(feasibilityOf({ ...day, expectations: [volume] }), 'meets-fault');
    expect(found.hint).toBe('clients try a few times and give up; CTA may miss "volume >= 99% of planned"');
    const lenient = only(feasibilityOf({ ...day, expectations: [{ ...volume, limit: 0.95 }] }), 'meets-fault');
    expect(lenient.hint).toBe('clients try a few times and give up');
    // 30 s + 60 s + ... for 20 attempts is 1 h 45 min, longer than the fault.
    const patient = workflowOf('night', { inject: injectionOf({ datasets: 24 * 60, retries: 20 }) });
    const kept = only(
      feasibilityOf({ ...day, experiments: { CTA: [patient] }, expectations: [volume] }),
      'meets-fault',
    );
    expect(kept.hint).toBe('clients try until it is over');
  });

  test('of a central service stops what needs it, wherever that is', () => {
    const target = { kind: 'service' as const, name: 'tokens' as const };
    const workflow = workflowOf('night', { inject: injectionOf({ datasets: 24 * 60 }) });
    const faults = [faultOf({ target, text: 'tokens unreachable (refused)' })];
    const found = only(feasibilityOf({ experiments: { CTA: [workflow] }, faults }), 'meets-fault');
    expect(found.text).toContain('60 files (60.0 GB) are to be written by CTA/night');
  });

  test('that nothing is planned into is not mentioned', () => {
    const workflow = workflowOf('night', { inject: injectionOf({ schedule: scheduleOf({ toSeconds: HOUR }) }) });
    expect(codes(feasibilityOf({ experiments: { CTA: [workflow] }, faults: [faultOf()] }))).toEqual([]);
  });
});

describe('expectations that cannot hold', () => {
  const volume = expectationOf({
    metric: 'volume',
    relativeTo: 'planned',
    limit: 0.99,
    text: 'volume >= 99% of planned',
  });
  const inHalfAnHour = expectationOf({
    metric: 'time-to-data',
    statistic: 'p95',
    comparison: '<=',
    limit: 1800,
    text: 'time-to-data.p95 <= 30min',
  });

  test('are those on volume where a resource cannot pass it by the end', () => {
    // 15.5 hours of work in 15: 3.2 % are left.
    const found = only(
      feasibilityOf(copyAtNine(15.5 * 4.5e12, { lake: tenGigabit, expectations: [volume] })),
      'expectation-cannot-hold',
    );
    expect(found).toMatchObject({
      severity: 'error',
      subject: 'experiment CTA',
      expectation: volume.text,
      asked: 0.99,
    });
    expect(found.available).toBeCloseTo(15 / 15.5, 3);
  });

  test('are those on time to data where too much waits too long', () => {
    // One hour of work asked at once: half of it is late after half an hour.
    const found = only(
      feasibilityOf(copyAtNine(4.5e12, { lake: tenGigabit, expectations: [inHalfAnHour] })),
      'expectation-cannot-hold',
    );
    // Half an hour and the five-minute part it came in.
    expect(found.available).toBeCloseTo(25 / 60, 3);
    expect(found.text).toContain('cannot pass site uplink CERN within 30min');
  });

  test('are not those that a few late datasets do not break', () => {
    const feasibility = feasibilityOf(copyAtNine(2.2e12, { lake: tenGigabit, expectations: [volume, inHalfAnHour] }));
    expect(codes(feasibility)).toEqual([]);
  });

  test('are those on a link’s rate over a window where its places cannot hold it', () => {
    const rate = expectationOf({
      per: 'link',
      metric: 'rate',
      relativeTo: 'requested',
      limit: 0.9,
      overSeconds: 2 * HOUR,
      text: 'rate >= 90% of requested',
    });
    // Three hours of work asked at once: two thirds pass within two hours.
    const found = only(
      feasibilityOf(copyAtNine(13.5e12, { lake: tenGigabit, expectations: [rate] })),
      'expectation-cannot-hold',
    );
    expect(found.available).toBeCloseTo(2 / 3, 6);
    expect(codes(feasibilityOf(copyAtNine(8.5e12, { lake: tenGigabit, expectations: [rate] })))).toEqual([
      'warning falls-behind site uplink CERN',
    ]);
  });

  test('are those on the rate of a session that its path does not give', () => {
    const reads = workflowOf('analysis', {
      uses: [{ name: 'data', at: 'EULAKE-1', datasets: 1, filesPerDataset: 1, size: constant(1e9) }],
      access: [accessOf({ processingBps: 25e6 })],
    });
    const faster = expectationOf({
      metric: 'access-rate',
      statistic: 'mean',
      limit: 30e6,
      text: 'access-rate >= 30 MB/s',
    });
    const feasibility = feasibilityOf({ experiments: { ATLAS: [reads] }, expectations: [faster] });
    expect(only(feasibility, 'expectation-cannot-hold').available).toBe(25e6);
  });

  test('are not claimed where faults are left out or only part of the day counts', () => {
    const parts = copyAtNine(15.5 * 4.5e12, {
      lake: tenGigabit,
      expectations: [
        { ...volume, exceptFaults: true },
        { ...inHalfAnHour, during: { fromSeconds: 0, toSeconds: DAY / 2 } },
      ],
    });
    expect(codes(feasibilityOf(parts)).filter((code) => code.includes('expectation'))).toEqual([]);
  });
});

test('a day without anything to do fits', () => {
  expect(feasibilityOf({})).toMatchObject({ verdict: 'fits', findings: [] });
});
