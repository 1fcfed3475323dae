import { describe, expect, it } from 'vitest';
import {
  SUMMARY_SCHEMA,
  type Incident,
  type JudgedExpectation,
  type LinkSummary,
  type OperationCounts,
  type SiteSummary,
  type StorageSummary,
  type Summary,
} from '../record/summary.ts';
import { checkedForTests } from './checked-for-tests.ts';
import { findings } from './findings.ts';

const CHECKED = checkedForTests({ storages: { 'GSI-ROOT': 'GSI' }, caches: { 'XCACHE-LAPP': 'LAPP' } });

function summary(given: Partial<Summary> = {}): Summary {
  return {
    schema: SUMMARY_SCHEMA,
    version: '0',
    run: '',
    backend: 'simulated',
    seed: 1,
    scenario: { name: '', description: '', file: '', sha256: '' },
    lake: { name: '', file: '', sha256: '' },
    clock: { start: '2020-11-24T00:00:00Z', durationSeconds: 86400 },
    wallSeconds: 1,
    peakResidentBytes: 1,
    verdict: 'met',
    expectations: [],
    operations: {},
    errors: [],
    incidents: [],
    faults: [],
    sites: {},
    storages: {},
    links: {},
    network: {},
    services: {},
    caches: {},
    experiments: {},
    ...given,
  };
}

function counts(given: Partial<OperationCounts>): OperationCounts {
  return { requested: 0, succeeded: 0, failed: 0, cancelled: 0, censored: 0, retries: 0, bytes: 0, ...given };
}

function expectation(given: Partial<JudgedExpectation>): JudgedExpectation {
  return {
    text: 'success >= 95%',
    per: 'link',
    subject: 'A -> B',
    verdict: 'not-met',
    measured: 0.9,
    limit: 0.95,
    unit: 'share',
    limiter: '',
    atSeconds: null,
    ...given,
  };
}

function incident(given: Partial<Incident>): Incident {
  return {
    scope: 'destination',
    subject: 'GSI-ROOT',
    site: 'GSI',
    fromSeconds: 0,
    toSeconds: 300,
    failures: 10,
    errorClass: 'timeout',
    evidence:
      'All 10 transfers to GSI-ROOT failed between 00:00 and 00:05, and there was nothing else to compare it with',
    ...given,
  };
}

const sentences = (given: Partial<Summary>): string[] => findings(summary(given), CHECKED).map((one) => one.sentence);

describe('expectations', () => {
  it('those not met are told with the worst subject, by how much, and what held it up', () => {
    const expectations = [
      expectation({ subject: 'A -> B', measured: 0.9 }),
      expectation({ subject: 'C -> D', measured: 0.5, limiter: 'network CERN -> DESY', atSeconds: 3600 }),
      expectation({ subject: 'E -> F', measured: 1, verdict: 'met' }),
    ];
    expect(findings(summary({ expectations }), CHECKED)[0]).toEqual({
      severity: 'bad',
      sentence:
        '2 of 3 links did not meet “success >= 95%”: worst was C -> D, which came to 50%, held up longest by the network from CERN to DESY.',
      subjectKind: 'link',
      subject: 'C -> D',
      fromSeconds: 3600,
    });
  });

  it('what was never done is worse than any time', () => {
    const times = { text: 'time-to-data.p95 <= 2h', per: 'experiment', unit: 'seconds', limit: 7200 };
    const expectations = [
      expectation({ ...times, subject: 'SKA', measured: 86400 }),
      expectation({ ...times, subject: 'CTA', measured: null, note: '3 of 20 never done' }),
    ];
    expect(sentences({ expectations })[0]).toBe(
      '2 of 2 experiments did not meet “time-to-data.p95 <= 2h”: worst was CTA, which had 3 of 20 never done.',
    );
  });

  it('that all were met is told too, and how many could not be judged', () => {
    const met = expectation({ verdict: 'met' });
    expect(sentences({ expectations: [met, met, expectation({ verdict: 'no-data' })] })[0]).toBe(
      'All 2 expectations were met; of 1 expectation there was no data.',
    );
  });
});

describe('failures', () => {
  it.each([
    [{}, 'The storage GSI-ROOT at GSI caused 10 failures (timeout): all 10 transfers to GSI-ROOT failed'],
    [{ subject: 'GSI' }, 'The site GSI caused 10 failures'],
    [{ subject: 'XCACHE-LAPP', site: 'LAPP', scope: 'source' }, 'The cache XCACHE-LAPP at LAPP caused 10 failures'],
    [{ subject: 'tokens', site: '', scope: 'service' }, 'The service tokens, and no site, caused 10 failures'],
    [{ subject: 'CERN -> GSI', site: '', scope: 'network' }, 'The network from CERN to GSI caused 10 failures'],
    [{ subject: 'SKA', site: '', scope: 'client' }, 'The clients of SKA caused 10 failures'],
  ] as const)('an incident names who caused how many, and the evidence: %o', (given, start) => {
    expect(sentences({ incidents: [incident(given)] })[0]).toContain(start);
  });

  it('incidents on weak evidence are not told', () => {
    expect(sentences({ incidents: [incident({ weak: true })] }).join('')).not.toContain('GSI-ROOT');
  });

  it('failures that no incident explains are counted', () => {
    const operations = { transfer: counts({ requested: 100, succeeded: 80, failed: 20 }) };
    expect(sentences({ operations, incidents: [incident({})] })).toContain(
      '10 failures of 100 operations (10%) have no common cause.',
    );
  });
});

describe('figures', () => {
  it('a link that fell short of what it was asked by a tenth or more is told', () => {
    const link = (bytes: number, limiter: string) => ({ requestedBytes: 1e12, bytes, limiter }) as LinkSummary;
    const links = { 'A -> B': link(6e11, 'source read A'), 'C -> D': link(9.5e11, '') };
    expect(sentences({ links })).toContain(
      'The link A -> B moved 600 GB of 1.0 TB that were asked of it, held up longest by reading from A.',
    );
  });

  it('a storage that the day filled is told, one that was as full before is not', () => {
    const storage = (usedBytesStart: number, usedBytesEnd: number) =>
      ({ usedBytesStart, usedBytesEnd, capacityBytes: 50e9 }) as StorageSummary;
    const storages = { 'LAPP-WEBDAV': storage(10e9, 50e9), OLD: storage(49e9, 49e9) };
    const found = findings(summary({ storages }), CHECKED);
    expect(found[0]).toMatchObject({
      severity: 'bad',
      sentence: 'Space ran short: LAPP-WEBDAV ended 100% full (50.0 GB of 50.0 GB).',
    });
    expect(found.map((one) => one.sentence).join('')).not.toContain('OLD');
  });

  it('what leaving a cloud cost is told', () => {
    const sites = { AZURE: { egressCost: { amount: 12.3, currency: 'EUR' } } as SiteSummary };
    expect(sentences({ sites })).toContain('Egress cost 12.30 EUR for data out of AZURE.');
  });

  it('work that the end of the day cut off is told', () => {
    const operations = {
      transfer: counts({ requested: 90, succeeded: 89, censored: 1 }),
      rule: counts({ requested: 10, succeeded: 7, censored: 3 }),
    };
    expect(sentences({ operations })).toContain(
      'When the clock ran out 1 transfer and 3 rules were still under way (4% of all).',
    );
  });

  it('an uneventful day is told by what moved', () => {
    const operations = { upload: counts({ bytes: 1e12 }), transfer: counts({ succeeded: 10, bytes: 2e12 }) };
    expect(sentences({ operations })).toEqual([
      'In 1d 1.0 TB came in and 2.0 TB were copied in 10 transfers (100% succeeded).',
    ]);
  });
});

describe('the list', () => {
  it('has at most five, the most important first', () => {
    const expectations = ['a', 'b', 'c', 'd'].map((text) => expectation({ text }));
    const incidents = Array.from({ length: 4 }, () => incident({}));
    const found = findings(summary({ expectations, incidents }), CHECKED);
    expect(found).toHaveLength(5);
    expect(found[0]?.sentence).toContain('did not meet');
    expect(found[1]?.sentence).toContain('GSI-ROOT');
  });
});
