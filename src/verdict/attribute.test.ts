import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutcomeCell } from '../record/aggregate.ts';
import type { Incident } from '../record/summary.ts';
import { attribute } from './attribute.ts';
import { AggregateForTests, checkedForTests } from './checked-for-tests.ts';
import { playDrill, type DrilledOperation, type DrillFault, type DrillLoad } from './drill-for-tests.ts';

/** Six sites, one of them with two storages, and a cache: enough for every cause to stand out. */
const CHECKED = checkedForTests({
  storages: {
    'EULAKE-1': 'CERN',
    'EULAKE-2': 'CERN',
    'DESY-DCACHE': 'DESY',
    'PIC-DCACHE': 'PIC',
    'GSI-ROOT': 'GSI',
    'SARA-DCACHE': 'SARA',
    'CNAF-STORM': 'CNAF',
  },
  caches: { 'XCACHE-LAPP': 'LAPP' },
});

function incidentsOf(
  faults: readonly DrillFault[],
  load: Partial<DrillLoad> = {},
  extra: OutcomeCell[] = [],
): Incident[] {
  const cells = [...playDrill(CHECKED, faults, { buckets: 144, ...load }), ...extra];
  return attribute(new AggregateForTests().putOutcomes(cells), CHECKED);
}

const NO_OUTCOME: OutcomeCell = {
  bucket: 0,
  kind: 'transfer',
  source: '',
  sourceSite: '',
  destination: '',
  destinationSite: '',
  cache: '',
  protocol: '',
  service: '',
  experiment: 'SKA',
  errorClass: '',
  errorScope: '',
  count: 0,
};

/** Twelve cells, 04:10 to 05:10. */
function fault(hits: (operation: DrilledOperation) => boolean, given: Partial<DrillFault> = {}): DrillFault {
  return { fromBucket: 50, toBucket: 61, share: 1, errorClass: 'timeout', errorScope: 'network', hits, ...given };
}

const strong = (incidents: readonly Incident[]): Incident[] => incidents.filter((one) => one.weak !== true);
const of = (incident: Incident | undefined): unknown => incident && [incident.scope, incident.subject, incident.site];

describe('one fault at a time', () => {
  const cases: readonly (readonly [string, DrillFault, readonly [string, string, string]])[] = [
    [
      'a storage that takes nothing in is blamed as destination',
      fault((o) => o.destination === 'GSI-ROOT', { errorClass: 'no-space', errorScope: 'destination' }),
      ['destination', 'GSI-ROOT', 'GSI'],
    ],
    [
      'a storage that gives nothing out is blamed as source, though its failures show as time-outs of the network',
      fault((o) => o.source === 'PIC-DCACHE'),
      ['source', 'PIC-DCACHE', 'PIC'],
    ],
    [
      'a storage that damages a twentieth of what it takes in is found among background failures',
      fault((o) => o.destination === 'SARA-DCACHE', {
        share: 0.05,
        toBucket: 140,
        errorClass: 'checksum-mismatch',
        errorScope: 'destination',
      }),
      ['destination', 'SARA-DCACHE', 'SARA'],
    ],
    [
      'one direction of the network between two sites is blamed, and neither site',
      fault((o) => o.sourceSite === 'DESY' && o.destinationSite === 'PIC', { errorScope: 'source' }),
      ['network', 'DESY -> PIC', ''],
    ],
    [
      'one pair of storages is blamed where the other pairs between the sites work',
      fault((o) => o.source === 'EULAKE-2' && o.destination === 'CNAF-STORM', {
        errorClass: 'checksum-mismatch',
        toBucket: 90,
      }),
      ['network', 'EULAKE-2 -> CNAF-STORM', ''],
    ],
    [
      'all storages of a site failing blames the site',
      fault((o) => [o.source, o.destination].some((name) => name.startsWith('EULAKE')), { errorScope: 'destination' }),
      ['destination', 'CERN', 'CERN'],
    ],
    [
      'expired credentials of one experiment blame its clients, whatever side the failures showed themselves on',
      fault((o) => o.experiment === 'SKA', { errorClass: 'credential-expired', errorScope: 'destination' }),
      ['client', 'SKA', ''],
    ],
    [
      'a cache that fails its readers is blamed as their source',
      fault((o) => o.cache === 'XCACHE-LAPP', { errorClass: 'connection-refused', errorScope: 'source' }),
      ['source', 'XCACHE-LAPP', 'LAPP'],
    ],
  ];

  it('readers at one site that can read nothing are clients of that site', () => {
    const one = fault((o) => o.kind === 'download' && o.destinationSite === 'PIC' && o.cache === '');
    expect(strong(incidentsOf([one], { downloadsPerStorage: 6 })).map(of)).toEqual([['client', 'PIC', 'PIC']]);
  });

  it.each(cases)('%s', (_name, one, expected) => {
    const found = strong(incidentsOf([one]));
    expect(found.map(of)).toEqual([expected]);
    expect(found[0]?.errorClass).toBe(one.errorClass);
    // What fails altogether is seen in its first cell, what fails now and then some cells later.
    const late = (found[0]?.fromSeconds ?? NaN) / 300 - one.fromBucket;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(one.share === 1 ? 0 : 6);
  });

  it('one protocol of a storage failing is told as such', () => {
    const one = fault((o) => o.protocol === 'root' && [o.source, o.destination].includes('CNAF-STORM'), {
      share: 0.48,
    });
    const [first, ...others] = strong(incidentsOf([one]));
    expect(first).toMatchObject({ subject: 'CNAF-STORM', site: 'CNAF' });
    expect(first?.evidence).toContain('over root');
    expect(others).toEqual([]);
  });

  it('a flapping storage is one incident', () => {
    const hits = (o: DrilledOperation): boolean => o.destination === 'GSI-ROOT';
    const faults = [50, 53, 56, 59].map((fromBucket) => fault(hits, { fromBucket, toBucket: fromBucket }));
    expect(strong(incidentsOf(faults)).map(of)).toEqual([['destination', 'GSI-ROOT', 'GSI']]);
  });

  it('two faults of one storage hours apart are two incidents', () => {
    const hits = (o: DrilledOperation): boolean => o.destination === 'GSI-ROOT';
    const faults = [20, 100].map((fromBucket) => fault(hits, { fromBucket, toBucket: fromBucket + 5 }));
    const found = strong(incidentsOf(faults));
    expect(found.map((one) => one.fromSeconds / 300).toSorted((a, b) => a - b)).toEqual([20, 100]);
  });
});

describe('a central fault', () => {
  const down = fault(() => true, { errorClass: 'token-unavailable', errorScope: 'service' });
  const tokenRequests: OutcomeCell[] = Array.from({ length: 144 }, (_, bucket) => ({
    ...NO_OUTCOME,
    bucket,
    kind: 'token',
    service: 'tokens',
    count: 5,
    errorClass: bucket >= 50 && bucket <= 61 ? 'service-unavailable' : '',
    errorScope: bucket >= 50 && bucket <= 61 ? 'service' : '',
  }));

  it('blames the token service and no site', () => {
    const found = incidentsOf([down], {}, tokenRequests);
    expect(strong(found).map(of)).toEqual([['service', 'tokens', '']]);
    expect(found.filter((one) => one.site !== '')).toEqual([]);
  });

  it('blames no site where only those without a token fail', () => {
    const found = incidentsOf([{ ...down, share: 0.2 }], {}, tokenRequests);
    expect(of(found[0])).toEqual(['service', 'tokens', '']);
    expect(found.filter((one) => one.site !== '')).toEqual([]);
  });

  it('blames no site where its failures show themselves as time-outs at destinations', () => {
    const misleading = { ...down, errorClass: 'timeout', errorScope: 'destination' } as const;
    const faults = [{ ...misleading, hits: (o: DrilledOperation) => o.kind === 'transfer' }];
    const found = incidentsOf(faults);
    expect(strong(found).map(of)).toEqual([['service', 'transfers', '']]);
    expect(found.filter((one) => one.site !== '')).toEqual([]);
  });

  it('does not hide a storage that is down before and after it', () => {
    const storage = fault((o) => o.destination === 'GSI-ROOT', {
      fromBucket: 40,
      toBucket: 80,
      errorClass: 'connection-refused',
      errorScope: 'destination',
    });
    const found = strong(incidentsOf([storage, { ...down, share: 0.5 }], {}, tokenRequests));
    expect(found.map((one) => one.subject).toSorted()).toEqual(['GSI-ROOT', 'tokens']);
  });
});

describe('two faults at once', () => {
  it('two storages down are both blamed, and not those that worked with them', () => {
    const down = ['GSI-ROOT', 'PIC-DCACHE'].map((name) => fault((o) => [o.source, o.destination].includes(name)));
    expect(
      strong(incidentsOf(down))
        .map((one) => one.subject)
        .toSorted(),
    ).toEqual(['GSI-ROOT', 'PIC-DCACHE']);
  });

  it('a storage down and a link cut are told apart', () => {
    const faults = [
      fault((o) => [o.source, o.destination].includes('GSI-ROOT'), { errorScope: 'destination' }),
      fault((o) => o.sourceSite === 'DESY' && o.destinationSite === 'PIC'),
    ];
    expect(strong(incidentsOf(faults)).map(({ subject, site }) => [subject, site])).toEqual([
      ['GSI-ROOT', 'GSI'],
      ['DESY -> PIC', ''],
    ]);
  });

  it('expired credentials and a full storage are told apart', () => {
    const faults = [
      fault((o) => o.experiment === 'CTA', { errorClass: 'credential-expired', errorScope: 'client' }),
      fault((o) => o.destination === 'SARA-DCACHE', { errorClass: 'no-space', errorScope: 'destination' }),
    ];
    expect(
      strong(incidentsOf(faults))
        .map((one) => one.subject)
        .toSorted(),
    ).toEqual(['CTA', 'SARA-DCACHE']);
  });
});

describe('failures of two kinds', () => {
  it('of one storage at one time are one incident, whatever its role', () => {
    const faults = [
      fault((o) => o.source === 'GSI-ROOT', { errorClass: 'timeout' }),
      fault((o) => o.destination === 'GSI-ROOT', { errorClass: 'no-space' }),
    ];
    expect(strong(incidentsOf(faults)).map((one) => one.subject)).toEqual(['GSI-ROOT']);
  });

  it('at one storage are told apart where one is of a single experiment', () => {
    const faults = [
      fault((o) => o.experiment === 'CTA', {
        fromBucket: 40,
        toBucket: 49,
        errorClass: 'credential-expired',
        errorScope: 'client',
      }),
      fault((o) => o.source === 'PIC-DCACHE', {
        toBucket: 100,
        share: 0.48,
        errorClass: 'transfer-failed',
        errorScope: 'source',
      }),
    ];
    const found = strong(incidentsOf(faults));
    expect(found.map(({ subject, errorClass }) => `${subject} ${errorClass}`).toSorted()).toEqual([
      'CTA credential-expired',
      'PIC-DCACHE transfer-failed',
    ]);
  });
});

describe('few or scattered failures', () => {
  it('background failures of one in a hundred make no strong incident', () => {
    for (let seed = 1; seed <= 10; seed++) expect(strong(incidentsOf([], { seed, buckets: 96 }))).toEqual([]);
  });

  it('a run without a failure has no incident', () => {
    expect(incidentsOf([], { background: 0 })).toEqual([]);
  });

  it('two failed transfers in a quiet run are no more than weak evidence', () => {
    const cell = (bucket: number, destination: string, failed: boolean): OutcomeCell => ({
      ...NO_OUTCOME,
      bucket,
      source: 'EULAKE-1',
      destination,
      count: failed ? 2 : 1,
      errorClass: failed ? 'timeout' : '',
      errorScope: failed ? 'destination' : '',
    });
    const cells = [cell(1, 'GSI-ROOT', true), ...[0, 1, 2, 3].map((bucket) => cell(bucket, 'PIC-DCACHE', false))];
    const found = attribute(new AggregateForTests().putOutcomes(cells), CHECKED);
    expect(strong(found)).toEqual([]);
    for (const one of found)
      expect(one.evidence).toMatch(/^Weak evidence: 2 of 2 transfers to GSI-ROOT from EULAKE-1 failed/);
  });

  it('any storage, path, experiment or cache that fails for half an hour, alone or with another, is blamed and nobody else', () => {
    const storages = [...CHECKED.lake.storages.values()];
    const culprit = fc.oneof(
      fc.constantFrom(...storages).map(({ name }) => ({
        subject: name,
        hits: (o: DrilledOperation) => o.source === name || o.destination === name,
      })),
      fc.shuffledSubarray(['DESY', 'PIC', 'GSI', 'SARA', 'CNAF'], { minLength: 2, maxLength: 2 }).map((sites) => ({
        subject: sites.join(' -> '),
        hits: (o: DrilledOperation) => o.sourceSite === sites[0] && o.destinationSite === sites[1],
      })),
      fc.constantFrom('SKA', 'CTA').map((name) => ({
        subject: name,
        hits: (o: DrilledOperation) => o.experiment === name,
      })),
      fc.constant({ subject: 'XCACHE-LAPP', hits: (o: DrilledOperation) => o.cache === 'XCACHE-LAPP' }),
    );
    const scope = fc.constantFrom('source', 'destination', 'network');
    fc.assert(
      fc.property(
        fc.uniqueArray(culprit, { selector: ({ subject }) => subject, minLength: 1, maxLength: 2 }),
        scope,
        fc.integer({ min: 1, max: 1000 }),
        (culprits, errorScope, seed) => {
          const classes = ['timeout', 'transfer-failed'];
          const faults = culprits.map(({ hits }, index) =>
            fault(hits, {
              fromBucket: 5 + 12 * index,
              toBucket: 11 + 12 * index,
              errorClass: classes[index] ?? '',
              errorScope,
            }),
          );
          const blamed = strong(incidentsOf(faults, { buckets: 30, seed })).map(({ subject }) => subject);
          expect(blamed.toSorted()).toEqual(culprits.map(({ subject }) => subject).toSorted());
        },
      ),
      { seed: 20201124, numRuns: 30 },
    );
  });

  it('no failure is booked twice, whatever fails', () => {
    const names = [...CHECKED.lake.storages.keys()];
    const anyFault = fc.record({
      storage: fc.constantFrom(...names),
      peer: fc.option(fc.constantFrom(...names), { nil: undefined }),
      share: fc.double({ min: 0.05, max: 1, noNaN: true }),
      fromBucket: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(anyFault, { maxLength: 3 }), fc.integer({ min: 1, max: 1000 }), (given, seed) => {
        const faults = given.map(({ storage, peer, share, fromBucket }) =>
          fault((o) => o.source === storage && (peer === undefined || o.destination === peer), {
            share,
            fromBucket,
            toBucket: fromBucket + 6,
          }),
        );
        const cells = playDrill(CHECKED, faults, { buckets: 36, seed });
        const failures = cells.reduce((sum, cell) => sum + (cell.errorClass === '' ? 0 : cell.count), 0);
        const found = attribute(new AggregateForTests().putOutcomes(cells), CHECKED);
        expect(found.reduce((sum, one) => sum + one.failures, 0)).toBeLessThanOrEqual(failures);
        expect(attribute(new AggregateForTests().putOutcomes(cells), CHECKED)).toEqual(found);
      }),
      { seed: 20201124, numRuns: 15 },
    );
  });
});
