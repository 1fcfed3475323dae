// A run made up for the tests of the reports: a small lake, a day with faults, every kind of page. No simulator takes part.
import { constant } from '../core/law.ts';
import { SERVICES } from '../lake/services-for-tests.ts';
import type { SubjectKind } from '../core/sink.ts';
import type { RunSeries } from '../record/read-series.ts';
import type { Lake, Site, Storage } from '../lake/lake.ts';
import {
  SUMMARY_SCHEMA,
  type AccessSummary,
  type Direction,
  type ExperimentSummary,
  type LinkSummary,
  type Percentiles,
  type SiteSummary,
  type StorageSummary,
  type Summary,
} from '../record/summary.ts';
import type { Fault, Scenario } from '../scenario/scenario.ts';
import type { RunData } from './run-data.ts';

const MINUTES = 1440;
const TB = 1e12;
const GBIT = 1e9 / 8;

/** Names that a careless report would take for markup. */
export const HOSTILE_NAME = '<script>alert("x")</script> & | `co*de`';

const SITES = [
  ['CERN', 'CH', 46.23, 6.05],
  ['DESY', 'DE', 53.57, 9.88],
  ['LAPP', 'FR', 45.92, 6.16],
  ['PIC', 'ES', 41.5, 2.11],
  ['SARA', 'NL', 52.36, 4.95],
  ['CNAF', 'IT', 44.49, 11.35],
  ['ORM', 'ES', 28.76, -17.89],
] as const;

const EXPERIMENTS = [
  'SKA',
  'LOFAR',
  'CTA',
  'MAGIC',
  'LSST',
  'EGO/VIRGO',
  'FAIR',
  'ATLAS',
  'CMS',
  'background',
] as const;

const FAULTS: readonly Fault[] = [
  {
    atSeconds: 14 * 3600,
    forSeconds: 2700,
    target: { kind: 'site', name: 'PIC' },
    effect: { is: 'unreachable', how: 'hanging' },
    declared: false,
    text: 'PIC unreachable (hanging)',
  },
  {
    atSeconds: 9 * 3600,
    forSeconds: 3 * 3600,
    target: { kind: 'link', from: 'ORM', to: 'PIC' },
    effect: { is: 'capacity', share: 0.1 },
    declared: false,
    text: 'ORM -> PIC at 10% of its capacity',
  },
  {
    atSeconds: 16 * 3600,
    forSeconds: 1200,
    target: { kind: 'service', name: 'tokens' },
    effect: { is: 'slow', factor: 20 },
    declared: false,
    text: 'tokens slow (20 times)',
  },
];

/** Values by (kind, subject, measure). */
class FixtureSeries implements RunSeries {
  readonly minutes = MINUTES;
  readonly #all = new Map<string, Map<string, Map<string, Float64Array>>>();

  fill(kind: SubjectKind, subject: string, measure: string, value: (minute: number) => number): void {
    const subjects = this.#all.get(kind) ?? new Map<string, Map<string, Float64Array>>();
    this.#all.set(kind, subjects);
    const measures = subjects.get(subject) ?? new Map<string, Float64Array>();
    subjects.set(subject, measures);
    measures.set(
      measure,
      Float64Array.from({ length: MINUTES }, (_, minute) => value(minute)),
    );
  }

  subjects(kind: SubjectKind): readonly string[] {
    return [...(this.#all.get(kind)?.keys() ?? [])];
  }

  measures(kind: SubjectKind, subject: string): readonly string[] {
    return [...(this.#all.get(kind)?.get(subject)?.keys() ?? [])];
  }

  series(kind: SubjectKind, subject: string, measure: string): Float64Array | undefined {
    return this.#all.get(kind)?.get(subject)?.get(measure);
  }
}

/** A smooth day: busy around noon, nothing at night, a phase of its own for each subject. */
function wave(minute: number, phase: number): number {
  return Math.max(0, Math.sin((Math.PI * (minute / MINUTES - phase / 20)) / (1 - phase / 20)));
}

/** The run; `scenarioName` stands where a scenario's author may write anything. */
export function runForTests(scenarioName = 'A made-up day'): RunData {
  const lake = makeLake();
  const series = makeSeries();
  return {
    summary: makeSummary(scenarioName, lake),
    series,
    scenario: makeScenario(scenarioName),
    lake,
    findings: [
      {
        severity: 'bad',
        sentence: 'PIC was unreachable from 14:00 to 14:45: 120 transfers failed.',
        subjectKind: 'site',
        subject: 'PIC',
      },
      {
        severity: 'warning',
        sentence: 'The link ORM -> PIC got 62% of what was asked of it.',
        subjectKind: 'network',
        subject: 'ORM -> PIC',
      },
    ],
    operations: {
      storageLatency: [
        {
          storage: 'PIC-DISK',
          operation: 'transfer in',
          succeeded: 900,
          failed: 120,
          p50Seconds: 12,
          p95Seconds: 80,
          p99Seconds: 240,
        },
      ],
      arrivals: [
        {
          experiment: 'SKA',
          storage: 'CERN-DISK',
          how: 'copied',
          bin: 20,
          files: 100,
          bytes: 5 * TB,
          firstSeconds: 18010,
          lastSeconds: 18800,
        },
        {
          experiment: 'SKA',
          storage: 'PIC-DISK',
          how: 'copied',
          bin: 40,
          files: 40,
          bytes: 2 * TB,
          firstSeconds: 36100,
          lastSeconds: 36800,
        },
      ],
    },
  };
}

function makeScenario(name: string): Scenario {
  return {
    name,
    description: 'Made up for tests: seven sites, ten experiments, three faults.',
    clock: { start: new Date('2020-11-24T00:00:00Z'), durationSeconds: MINUTES * 60 },
    seed: 7,
    experiments: new Map(),
    background: new Map(),
    faults: FAULTS,
    expectations: [],
    simulation: { quantumSeconds: 0.5 },
  };
}

function makeLake(): Lake {
  const sites = new Map<string, Site>();
  const storages = new Map<string, Storage>();
  for (const [name, country, latitude, longitude] of SITES) {
    sites.set(name, {
      name,
      kind: 'grid',
      country,
      position: { latitude, longitude },
      uplinkBps: 10 * GBIT,
      downlinkBps: 10 * GBIT,
      egressCost: undefined,
      inbound: true,
    });
    storages.set(`${name}-DISK`, makeStorage(name));
  }
  const tape = {
    drives: 4,
    mountSeconds: 60,
    positionSeconds: 60,
    unmountSeconds: 60,
    speedBps: 3.6e8,
    bufferBytes: TB,
    cartridgeBytes: 12 * TB,
  };
  storages.set('CNAF-TAPE', { ...makeStorage('CNAF'), name: 'CNAF-TAPE', technology: 'tape', tape });
  return {
    name: 'A made-up lake',
    sites,
    storages,
    caches: new Map(),
    network: {
      default: { rttSeconds: undefined, capacityBps: Number.POSITIVE_INFINITY, loss: 0, windowBytes: 4 * 2 ** 20 },
      links: [],
      distances: new Map(),
    },
    services: SERVICES,
  };
}

function makeStorage(site: string): Storage {
  return {
    name: `${site}-DISK`,
    site,
    technology: 'dcache',
    qosClass: 'SAFE',
    attributes: new Map(),
    capacityBytes: 500 * TB,
    usedBytes: 100 * TB,
    readBps: 10 * GBIT,
    writeBps: 10 * GBIT,
    perStreamBps: Number.POSITIVE_INFINITY,
    setUp: constant(2),
    deterministic: true,
    verifyChecksum: true,
    protocols: [],
    tape: undefined,
  };
}

function makeSeries(): FixtureSeries {
  const series = new FixtureSeries();
  const inFault = (minute: number): boolean => minute >= 840 && minute < 885;
  for (const [index, [site]] of SITES.entries()) {
    const down = (minute: number): number => (site === 'PIC' && inFault(minute) ? 0 : 1);
    for (const way of ['in', 'out']) {
      series.fill('site', site, `${way}_requested_bytes`, (minute) => 4e10 * wave(minute, index));
      series.fill('site', site, `${way}_done_bytes`, (minute) => 3.6e10 * wave(minute - 8, index) * down(minute));
      series.fill('site', site, `${way}_succeeded`, (minute) => Math.round(20 * wave(minute, index)) * down(minute));
      series.fill('site', site, `${way}_failed`, (minute) => (down(minute) === 0 ? 10 : 0));
      series.fill('site', site, `${way}_limited_seconds:network ORM -> PIC`, (minute) => 300 * wave(minute, index));
      series.fill(
        'site',
        site,
        `${way}_limited_seconds:source read ${site}-DISK`,
        (minute) => 500 * wave(minute, index),
      );
      series.fill('site', site, `${way}_limited_seconds:catalogue`, (minute) => 100 * wave(minute, index));
    }
    series.fill('storage', `${site}-DISK`, 'used_bytes', (minute) => 100 * TB + minute * 1e10);
    series.fill('storage', `${site}-DISK`, 'up', down);
  }
  for (const [index, experiment] of EXPERIMENTS.entries()) {
    series.fill('experiment', experiment, 'injected_bytes', (minute) => (2e10 / (index + 1)) * wave(minute, index));
    series.fill('experiment', experiment, 'replicated_bytes', (minute) => (3e10 / (index + 1)) * wave(minute, index));
    series.fill('experiment', experiment, 'read_bytes', (minute) => (1e10 / (index + 1)) * wave(minute, index));
    series.fill('experiment', experiment, 'limited_seconds:catalogue', (minute) => 200 * wave(minute, index));
    series.fill('experiment', experiment, 'limited_seconds:network ORM -> PIC', (minute) => 400 * wave(minute, index));
  }
  for (const [name] of linkPairs()) {
    series.fill('link', name, 'bytes', (minute) => 6e9 * wave(minute, 1));
    series.fill('link', name, 'limit', (minute) => 2 + Math.floor(minute / 60));
    series.fill('link', name, 'retries', (minute) => (inFault(minute) ? 1 : 0));
    series.fill('link', name, 'failed', (minute) => (inFault(minute) ? 0.5 : 0));
  }
  fillServices(series);
  series.fill('tape', 'CNAF-TAPE', 'drives_busy', (minute) => 4 * wave(minute, 3));
  series.fill('tape', 'CNAF-TAPE', 'recall_queue', (minute) => Math.round(60 * wave(minute, 3)));
  series.fill('cache', 'XCACHE-LAPP', 'hit_bytes', (minute) => 8e9 * wave(minute, 2));
  series.fill('cache', 'XCACHE-LAPP', 'miss_bytes', (minute) => 3e9 * wave(minute, 2));
  series.fill('cache', 'XCACHE-LAPP', 'used_bytes', (minute) => minute * 5e9);
  return series;
}

function fillServices(series: FixtureSeries): void {
  for (const what of ['rules', 'locks']) {
    const times = what === 'rules' ? 1 : 50;
    series.fill('service', 'catalogue', `${what}_ok`, (minute) => times * Math.floor(minute / 4));
    series.fill('service', 'catalogue', `${what}_replicating`, (minute) => times * Math.round(30 * wave(minute, 1)));
    series.fill('service', 'catalogue', `${what}_stuck`, (minute) => (minute > 850 && minute < 1000 ? times * 6 : 0));
  }
  for (const service of ['catalogue', 'transfers', 'tokens', 'topology', 'network-monitor', 'monitoring']) {
    series.fill('service', service, 'requests', (minute) => Math.round(120 * wave(minute, 1)));
    series.fill('service', service, 'failures', (minute) =>
      service === 'tokens' && minute >= 960 && minute < 980 ? 20 : 0,
    );
  }
  series.fill('service', 'transfers', 'queued', (minute) => Math.round(900 * wave(minute, 2)));
  series.fill('service', 'transfers', 'active', (minute) => Math.round(200 * wave(minute, 2)));
  series.fill('service', 'tokens', 'queued', (minute) => (minute >= 960 && minute < 980 ? 40 : 0));
  series.fill('service', 'tokens', 'busy', (minute) => (minute >= 960 && minute < 980 ? 8 : 1));
  series.fill(
    'service',
    'topology',
    'age_seconds',
    (minute) => (minute % (minute > 600 && minute < 800 ? 200 : 60)) * 60,
  );
  series.fill('service', 'network-monitor', 'age_seconds', (minute) => (minute % 10) * 60);
  series.fill('service', 'monitoring', 'age_seconds', () => 60);
}

function percentiles(scale: number): Percentiles {
  return {
    count: 350,
    unfinished: 2,
    meanSeconds: scale * 1.2,
    p50Seconds: scale,
    p90Seconds: scale * 2,
    p95Seconds: scale * 3,
    p99Seconds: scale * 6,
    maxSeconds: null,
  };
}

const NO_PERCENTILES: Percentiles = {
  count: 0,
  unfinished: 0,
  meanSeconds: null,
  p50Seconds: null,
  p90Seconds: null,
  p95Seconds: null,
  p99Seconds: null,
  maxSeconds: null,
};

function direction(bytes: number, failed: number): Direction {
  return {
    requestedBytes: bytes * 1.05,
    bytes,
    meanRateBps: bytes / 86400,
    peakRateBps: bytes / 20000,
    succeeded: 1000,
    failed,
  };
}

function* linkPairs(): Iterable<readonly [name: string, from: number, to: number]> {
  for (const [from, [fromSite]] of SITES.entries()) {
    for (const [to, [toSite]] of SITES.entries()) {
      if (from !== to && (from * 3 + to) % 4 !== 0) yield [`${fromSite}-DISK -> ${toSite}-DISK`, from, to];
    }
  }
}

function makeStorages(lake: Lake): Record<string, StorageSummary> {
  const storages: Record<string, StorageSummary> = {};
  for (const storage of lake.storages.values()) {
    storages[storage.name] = {
      site: storage.site,
      technology: storage.technology,
      qosClass: storage.qosClass,
      in: direction(30 * TB, storage.site === 'PIC' ? 120 : 0),
      out: direction(25 * TB, 0),
      usedBytesStart: 100 * TB,
      usedBytesEnd: 114 * TB,
      capacityBytes: storage.capacityBytes,
      availability: storage.site === 'PIC' ? 0.969 : 1,
      tape: storage.tape === undefined ? null : { mounts: 44, drivesBusyMean: 1.75, recallQueueMax: 60 },
    };
  }
  return storages;
}

function makeSummary(scenarioName: string, lake: Lake): Summary {
  return {
    schema: SUMMARY_SCHEMA,
    version: '0.1.0',
    run: 'reports/a-made-up-day',
    backend: 'simulated',
    seed: 7,
    scenario: {
      name: scenarioName,
      description: 'Made up for tests: seven sites, ten experiments, three faults.',
      file: 'a-made-up-day.yaml',
      sha256: '0'.repeat(64),
    },
    lake: { name: lake.name, file: 'a-made-up-lake.yaml', sha256: '1'.repeat(64) },
    clock: { start: '2020-11-24T00:00:00Z', durationSeconds: MINUTES * 60 },
    wallSeconds: 0.6,
    peakResidentBytes: 1.9e8,
    verdict: 'not-met',
    ...judged(),
    operations: {
      upload: { requested: 5000, succeeded: 5000, failed: 0, cancelled: 0, censored: 0, retries: 3, bytes: 60 * TB },
      transfer: {
        requested: 9000,
        succeeded: 8800,
        failed: 140,
        cancelled: 0,
        censored: 60,
        retries: 310,
        bytes: 190 * TB,
      },
    },
    faults: FAULTS.map((fault) => ({
      text: fault.text,
      target: describe(fault),
      atSeconds: fault.atSeconds,
      forSeconds: fault.forSeconds,
    })),
    sites: makeSites(),
    storages: makeStorages(lake),
    links: makeLinks(),
    network: {},
    services: Object.fromEntries(
      ['catalogue', 'transfers', 'tokens', 'topology', 'network-monitor', 'monitoring'].map((name) => [
        name,
        {
          requests: 12000,
          failures: name === 'tokens' ? 400 : 0,
          latency: percentiles(0.08),
          availability: 1,
          figures: { queuedMax: 40 },
        },
      ]),
    ),
    caches: {
      'XCACHE-LAPP': {
        site: 'LAPP',
        sessions: 700,
        hitBytes: 5 * TB,
        missBytes: 2 * TB,
        hitRate: 5 / 7,
        usedBytesEnd: 2 * TB,
        capacityBytes: 20 * TB,
      },
    },
    experiments: Object.fromEntries(EXPERIMENTS.map((name, index) => [name, makeExperiment(name, index)])),
  };
}

function describe(fault: Fault): string {
  const { target } = fault;
  return target.kind === 'link' ? `link ${target.from} -> ${target.to}` : `${target.kind} ${target.name}`;
}

function judged(): Pick<Summary, 'expectations' | 'errors' | 'incidents'> {
  const success = { text: 'success >= 95%', per: 'site', limit: 0.95, unit: 'share', atSeconds: null };
  return {
    expectations: [
      ...SITES.map(([site]) =>
        site === 'PIC'
          ? { ...success, subject: site, verdict: 'not-met' as const, measured: 0.892, limiter: 'fault PIC' }
          : { ...success, subject: site, verdict: 'met' as const, measured: 1, limiter: '' },
      ),
      {
        text: 'time-to-data.p95 <= 30min',
        per: 'experiment',
        subject: 'SKA',
        verdict: 'not-met',
        measured: 3600,
        limit: 1800,
        unit: 'seconds',
        limiter: 'network ORM -> PIC',
        atSeconds: null,
      },
      {
        text: 'rate >= 90% of requested over 2h',
        per: 'link',
        subject: 'ORM-DISK -> PIC-DISK',
        verdict: 'not-met',
        measured: 0.62,
        limit: 0.9,
        unit: 'share',
        limiter: 'network ORM -> PIC',
        atSeconds: 32400,
      },
      {
        text: 'success >= 95%',
        per: 'experiment',
        subject: 'CMS',
        verdict: 'no-data',
        measured: null,
        limit: 0.95,
        unit: 'share',
        limiter: '',
        atSeconds: null,
      },
    ],
    errors: [
      { class: 'timeout', scope: 'destination', count: 120 },
      { class: 'token-expired', scope: 'service', count: 20 },
    ],
    incidents: [
      {
        scope: 'destination',
        subject: 'PIC-DISK',
        site: 'PIC',
        fromSeconds: 50400,
        toSeconds: 53100,
        failures: 120,
        errorClass: 'timeout',
        evidence: 'PIC-DISK failed against 6 of 6 peers while they succeeded among each other.',
      },
      {
        scope: 'service',
        subject: 'tokens',
        site: '',
        fromSeconds: 57600,
        toSeconds: 58800,
        failures: 20,
        errorClass: 'token-expired',
        evidence: 'Operations of 7 sites failed by the same error at the same time.',
      },
    ],
  };
}

function makeSites(): Record<string, SiteSummary> {
  return Object.fromEntries(
    SITES.map(([site, country], index) => [
      site,
      {
        verdict: site === 'PIC' ? 'not-met' : 'met',
        country,
        in: direction((30 + index) * TB, site === 'PIC' ? 120 : 0),
        out: direction((25 + index) * TB, 0),
        limiters: { [`source read ${site}-DISK`]: 500000, 'network ORM -> PIC': 300000, catalogue: 100000 },
        faults: FAULTS.filter((fault) => fault.target.kind === 'site' && fault.target.name === site).map(
          (one) => one.text,
        ),
        availability: site === 'PIC' ? 0.969 : 1,
        egressCost: site === 'SARA' ? { amount: 12.5, currency: 'EUR' } : null,
        protocols: {
          davs: { succeeded: 1800, failed: 0, bytes: 50 * TB },
          root: { succeeded: 200, failed: site === 'PIC' ? 120 : 0, bytes: 5 * TB },
        },
      },
    ]),
  );
}

function makeLinks(): Record<string, LinkSummary> {
  const links: Record<string, LinkSummary> = {};
  for (const [name, from, to] of linkPairs()) {
    const slow = from === 6 && to === 3;
    const asked = (((from + 1) * 7 + to * 3) % 9) * 0.8 * TB + 0.1 * TB;
    const bytes = asked * (slow ? 0.62 : to === 3 ? 0.89 : 0.998);
    links[name] = {
      requestedBytes: asked,
      bytes,
      meanRateBps: bytes / 86400,
      peakRateBps: bytes / 30000,
      succeeded: 190,
      failed: to === 3 ? 20 : 0,
      censored: 1,
      limiter: slow ? 'network ORM -> PIC' : 'link slots',
      limiters: slow ? { 'network ORM -> PIC': 90000, 'link slots': 4000 } : { 'link slots': 20000, 'set-up': 9000 },
      slots: { min: 2, max: 26, last: 25 },
      queuedMax: 140,
    };
  }
  return links;
}

function makeExperiment(name: string, index: number): ExperimentSummary {
  const bytes = (20 / (index + 1)) * TB;
  const access: AccessSummary = {
    sessions: 100,
    reads: 200,
    succeeded: 190,
    failed: 10,
    bytes: bytes / 3,
    latency: percentiles(2),
    meanRateBps: 2.5e7,
    duration: percentiles(120),
  };
  const workflow = {
    plannedBytes: bytes,
    plannedFiles: 3500,
    injectedBytes: bytes * 0.99,
    injectedFiles: 3465,
    replicatedBytes: bytes * 1.5,
    replicatedFiles: 5000,
    timeToFirstCopy: percentiles(300),
    timeToAllCopies: name === 'CMS' ? NO_PERCENTILES : percentiles(600),
  };
  return {
    ...workflow,
    verdict: name === 'SKA' ? 'not-met' : name === 'CMS' ? 'no-data' : 'met',
    datasets: 350,
    rules: { requested: 350, succeeded: 340, failed: 2, cancelled: 0, censored: 8, retries: 0, bytes },
    access,
    limiters: { 'network ORM -> PIC': 400000, catalogue: 200000 },
    egressCost: name === 'LSST' ? { EUR: 12.5 } : {},
    workflows: {
      'pulsar-search': {
        ...workflow,
        access: { readers: access },
        destinations: { 'CERN-DISK': { files: 100, bytes: 5 * TB }, 'PIC-DISK': { files: 40, bytes: 2 * TB } },
      },
    },
  };
}
