import { describe, expect, it } from 'vitest';
import type { ExperimentSummary, Percentiles, Summary } from '../record/summary.ts';
import { describeRun, type SummaryLayout } from './run-summary.ts';

function durations(count: number, seconds: number | null): Percentiles {
  const all = { meanSeconds: seconds, p50Seconds: seconds, p90Seconds: seconds, p95Seconds: seconds };
  return { count, unfinished: seconds === null ? count : 0, ...all, p99Seconds: seconds, maxSeconds: seconds };
}

const NO_ACCESS = {
  sessions: 0,
  reads: 0,
  succeeded: 0,
  failed: 0,
  bytes: 0,
  latency: durations(0, null),
  meanRateBps: 0,
};

function experiment(overrides: Partial<ExperimentSummary>): ExperimentSummary {
  return {
    verdict: 'met',
    plannedBytes: 175e9,
    plannedFiles: 3500,
    injectedBytes: 175e9,
    injectedFiles: 3500,
    replicatedBytes: 175e9,
    replicatedFiles: 3500,
    datasets: 350,
    rules: { requested: 350, succeeded: 350, failed: 0, cancelled: 0, censored: 0, retries: 0, bytes: 175e9 },
    timeToFirstCopy: durations(350, 95),
    timeToAllCopies: durations(350, 95),
    access: { ...NO_ACCESS, duration: durations(0, null) },
    limiters: {},
    egressCost: {},
    workflows: {},
    ...overrides,
  };
}

const SUMMARY: Summary = {
  schema: 'fdr.summary/1',
  version: '0.1.0',
  run: 'reports/x',
  backend: 'simulated',
  seed: 7,
  scenario: { name: 'A day', description: '', file: 'day.yaml', sha256: '' },
  lake: { name: 'A lake', file: 'lake.yaml', sha256: '' },
  clock: { start: '2020-11-24T06:00:00.000Z', durationSeconds: 86_400 },
  wallSeconds: 0.6,
  peakResidentBytes: 2e8,
  verdict: 'not-met',
  expectations: [
    {
      text: 'success >= 95%',
      per: 'experiment',
      subject: 'MAGIC',
      verdict: 'not-met',
      measured: 0.912,
      limit: 0.95,
      unit: 'share',
      limiter: 'retry delay',
      atSeconds: 3600,
    },
    {
      text: 'success >= 95%',
      per: 'experiment',
      subject: 'SKA',
      verdict: 'met',
      measured: 1,
      limit: 0.95,
      unit: 'share',
      limiter: '',
      atSeconds: null,
    },
  ],
  operations: {
    transfer: { requested: 3510, succeeded: 3500, failed: 10, cancelled: 0, censored: 0, retries: 30, bytes: 175e9 },
  },
  errors: [],
  incidents: [],
  faults: [],
  sites: {},
  storages: {},
  links: {},
  network: {},
  services: {},
  caches: {},
  experiments: {
    SKA: experiment({}),
    MAGIC: experiment({ verdict: 'not-met', timeToAllCopies: durations(4, null) }),
  },
};

const FINDINGS = [
  'All 12 transfers to GSI-ROOT failed.',
  'Of the time that data were on their way, most was spent on: MAGIC by waiting to try again.',
];

const plain = (text: string): string => text;
const layout = (columns: number): SummaryLayout => ({
  columns,
  style: { bold: plain, dim: plain, good: plain, bad: plain },
});

describe('the summary of a run on the terminal', () => {
  const text = describeRun(SUMMARY, FINDINGS, layout(120));

  it('says the verdict and how many expectations were met', () => {
    expect(text).toContain('Verdict: not all expectations met (1 of 2)');
  });

  it('gives each experiment its volumes, time to data and verdict', () => {
    expect(text).toMatch(/SKA +175 GB +175 GB +175 GB +- +1min 35s +1min 35s +met/);
  });

  it('says of data that was not there at the end that it was not', () => {
    expect(text).toMatch(/MAGIC .* not by the end +not by the end +not met/);
  });

  it('names what was not met, by how much, when and what held it, in the time of day of the scenario', () => {
    expect(text).toContain('\n  experiment MAGIC: success >= 95%, was 91.2% from 07:00 on; held by: retry delay');
  });

  it('tells what mattered most in numbered sentences', () => {
    expect(text).toContain('What mattered most\n  1. All 12 transfers to GSI-ROOT failed.\n  2. ');
  });

  it.each([40, 60, 80, 100, 200])('fits into a terminal of %d columns', (columns) => {
    for (const line of describeRun(SUMMARY, FINDINGS, layout(columns)).split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  });
});
