import { describe, expect, test } from 'vitest';
import { constant } from '../core/law.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { compilePlan } from './compile.ts';
import { DayClock } from './day-clock.ts';
import { checkFeasibility } from './feasibility.ts';
import { feasibilityText, usageChart } from './feasibility-text.ts';
import { overviewOf } from './overview.ts';
import { planCsv } from './plan-csv.ts';
import {
  backgroundOf,
  faultOf,
  HOUR,
  injectionOf,
  ruleOf,
  scenarioOf,
  scheduleOf,
  workflowOf,
} from './scenario-for-tests.ts';
import { timelineText } from './timeline.ts';

const plain = (text: string): string => text;
const styles = { bold: plain, dim: plain, bad: plain, good: plain, poor: plain };

function pulsarDay(): CheckedScenario {
  return scenarioOf({
    experiments: {
      SKA: [
        workflowOf('pulsar-search', {
          inject: injectionOf({
            datasets: 360,
            filesPerDataset: 10,
            size: constant(50e6),
            schedule: scheduleOf({ fromSeconds: 6 * HOUR, toSeconds: 18 * HOUR, shape: [1, 0.5] }),
          }),
          replicate: [ruleOf('EULAKE-1')],
        }),
      ],
    },
    background: [backgroundOf()],
    faults: [faultOf()],
  });
}

function timeline(columns: number, unicode = true, checked = pulsarDay()): string[] {
  const feasibility = checkFeasibility(checked, compilePlan(checked));
  return timelineText(checked, feasibility, { columns, unicode, ...styles }).split('\n');
}

describe('the timeline', () => {
  test('shows each workflow over the hours, as high as what it moves then', () => {
    const line = timeline(80).find((text) => text.startsWith(' pulsar-search'))!;
    expect(line).toBe(` pulsar-search in               ${'█'.repeat(12)}${'▄'.repeat(12)}               180 GB`);
  });

  test('draws faults at their time, with what they are beside them', () => {
    const lines = timeline(80);
    const axis = lines.find((text) => text.includes('12:00'))!;
    const fault = lines.find((text) => text.startsWith('faults'))!;
    // Two cells an hour: 14:00 is four cells after 12:00.
    expect(fault.indexOf('━━')).toBe(axis.indexOf('12:00') + 4);
    expect(fault).toContain('DESY unreachable (refused), 1h');
  });

  test.each([60, 80, 100, 120, 160, 300])('fits %d columns', (columns) => {
    for (const line of timeline(columns)) expect(line.length).toBeLessThanOrEqual(columns);
  });

  test('needs nothing but ASCII where the terminal has no more', () => {
    expect(timeline(80, false).join('')).toMatch(/^[\u0020-\u007e]*$/);
  });

  test('adds up what is asked for in each hour', () => {
    const lines = timeline(100);
    const hours = lines.slice(lines.indexOf('Asked for in each hour') + 2);
    // 120 GB over the first six hours: 20 GB and 400 files an hour, beside 24 files of the background.
    expect(hours.find((line) => line.startsWith('06:00'))).toMatch(/^06:00 +20\.2 GB +424 +20\.\d GB +6\d +0 B +0$/);
    expect(hours.find((line) => line.startsWith('all'))).toMatch(/^all +186 GB +4,176 /);
  });

  test('of a day on which nothing happens says so little', () => {
    expect(timeline(80, true, scenarioOf({})).length).toBeLessThan(12);
  });
});

describe('the volumes as CSV', () => {
  test('add up to the plan’s, hour by hour', () => {
    const checked = pulsarDay();
    const { demand, periods } = checkFeasibility(checked, compilePlan(checked));
    const rows = [...planCsv(overviewOf(demand), periods, checked.scenario.clock.start)].map((line) =>
      line.trimEnd().split(','),
    );
    expect(rows[0]).toEqual(['kind', 'subject', 'measure', 'start', 'end', 'value', 'unit']);
    const injected = rows.filter((row) => row[1] === 'SKA/pulsar-search' && row[2] === 'injected');
    expect(injected).toHaveLength(12);
    expect(injected[0]!.slice(3)).toEqual([
      '2020-11-24T06:00:00.000Z',
      '2020-11-24T07:00:00.000Z',
      '20000000000',
      'bytes',
    ]);
    const link = rows.filter(
      (row) => row[0] === 'link' && row[1] === 'DESY-DCACHE -> EULAKE-1' && row[2] === 'to_copy',
    );
    expect(link.reduce((sum, row) => sum + Number(row[5]), 0)).toBe(180e9 + 96 * 10e6);
  });
});

describe('the check as text', () => {
  const text = (columns: number): string => {
    const checked = pulsarDay();
    const feasibility = checkFeasibility(checked, compilePlan(checked));
    return feasibilityText(feasibility, new DayClock(checked.scenario.clock.start), { columns, ...styles });
  };

  test('begins with the answer, and says what to know and how much room there is', () => {
    const lines = text(100).split('\n');
    expect(lines[0]).toBe('The day can be as planned, with 1 thing to know');
    expect(lines[2]).toMatch(/^fault {6}DESY unreachable \(refused\): 14:00 to 15:00; meanwhile/);
    expect(lines.find((line) => line.startsWith('storage write'))).toMatch(
      /^storage write +0\.\d+% of|^storage write +0\.\d%/,
    );
  });

  test.each([60, 80, 160])('fits %d columns', (columns) => {
    for (const line of text(columns).split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  });

  test('shows the use of each resource hour by hour', () => {
    const checked = pulsarDay();
    const feasibility = checkFeasibility(checked, compilePlan(checked));
    const chart = usageChart(feasibility, new DayClock(checked.scenario.clock.start), { columns: 100, ...styles });
    // At 14:00 nothing can be written at DESY, and something is asked.
    const write = chart.split('\n').find((line) => line.startsWith('storage write DESY-DCACHE'))!;
    expect(write.slice(-24)).toBe('00000000000000X000000000');
  });
});
