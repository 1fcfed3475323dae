// What `fdr check` calls impossible, no run does: random days are checked, simulated and judged.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { constant } from '../src/core/law.ts';
import { compilePlan } from '../src/plan/compile.ts';
import { queueFluid } from '../src/plan/fluid-queue.ts';
import { checkFeasibility } from '../src/plan/feasibility.ts';
import {
  expectationOf,
  faultOf,
  GIGABIT,
  injectionOf,
  lakeOf,
  ruleOf,
  scenarioOf,
  scheduleOf,
  siteOf,
  storageOf,
  workflowOf,
} from '../src/plan/scenario-for-tests.ts';
import type { Fault } from '../src/scenario/scenario.ts';
import { AggregateBuilder } from '../src/record/aggregate-builder.ts';
import { simulate } from '../src/simulator/simulate.ts';
import { judge } from '../src/verdict/judge.ts';

const HOURS = 2;

const days = fc.record({
  gigabits: fc.constantFrom(0.5, 1, 2, 5),
  slots: fc.constantFrom(4, 20, 200),
  bytes: fc.integer({ min: 5, max: 80 }).map((tens) => tens * 1e10),
  files: fc.integer({ min: 10, max: 200 }),
  arrivals: fc.constantFrom('steady' as const, 'poisson' as const, 'burst' as const),
  fromSeconds: fc.integer({ min: 0, max: 3600 }),
  lengthSeconds: fc.integer({ min: 60, max: 3600 }),
  limitSeconds: fc.constantFrom(600, 1800, 3600),
  share: fc.constantFrom(0.5, 0.9, 0.99),
  fault: fc.constantFrom<Fault['effect'] | undefined>(
    undefined,
    undefined,
    { is: 'capacity', share: 0.2 },
    { is: 'slow', factor: 4 },
    { is: 'unreachable', how: 'refused' },
    { is: 'unreachable', how: 'hanging' },
    { is: 'failing', share: 0.3 },
    { is: 'flapping', downSeconds: 300, upSeconds: 300, how: 'refused' },
    { is: 'full' },
  ),
  seed: fc.nat(),
});
type Day = typeof days extends fc.Arbitrary<infer T> ? T : never;

function scenario(day: Day) {
  const lake = lakeOf({
    sites: [siteOf('CERN', { uplinkBps: day.gigabits * GIGABIT }), siteOf('DESY')],
    storages: [storageOf('EULAKE-1', 'CERN', { writeBps: 100 * GIGABIT }), storageOf('DESY-DCACHE', 'DESY')],
    transfers: { defaultLinkLimit: { min: 2, max: day.slots } },
  });
  const { fromSeconds, lengthSeconds, arrivals, files } = day;
  const workflow = workflowOf('night', {
    inject: injectionOf({
      at: 'EULAKE-1',
      from: 'CERN',
      datasets: files,
      size: constant(Math.round(day.bytes / files)),
      schedule: scheduleOf({ fromSeconds, toSeconds: fromSeconds + lengthSeconds, arrivals }),
      workers: 100,
    }),
    replicate: [ruleOf('DESY-DCACHE')],
  });
  const expectations = [
    expectationOf({ metric: 'volume', relativeTo: 'planned', limit: day.share, text: 'volume' }),
    expectationOf({
      metric: 'time-to-data',
      statistic: 'p95',
      comparison: '<=',
      limit: day.limitSeconds,
      text: 'time-to-data',
    }),
    expectationOf({
      per: 'link',
      metric: 'rate',
      relativeTo: 'requested',
      limit: day.share,
      overSeconds: day.limitSeconds,
      text: 'rate',
    }),
  ];
  return scenarioOf({
    lake,
    seed: day.seed,
    durationSeconds: HOURS * 3600,
    experiments: { CTA: [workflow] },
    faults:
      day.fault === undefined
        ? []
        : [
            faultOf({
              atSeconds: 1800,
              forSeconds: 3600,
              target: { kind: 'storage', name: 'DESY-DCACHE', protocol: '' },
              effect: day.fault,
            }),
          ],
    expectations,
  });
}

it('an expectation that the check says cannot hold is not met in the run', { timeout: 60_000 }, async () => {
  const called = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(days, async (day) => {
      const checked = scenario(day);
      const plan = compilePlan(checked);
      const broken = checkFeasibility(checked, plan).findings.filter((one) => one.code === 'expectation-cannot-hold');
      if (broken.length === 0) return;
      const aggregate = new AggregateBuilder(checked.scenario.clock.durationSeconds);
      await simulate(checked, plan, aggregate);
      const { expectations } = judge(checked, aggregate);
      for (const { expectation } of broken) {
        called.set(expectation, (called.get(expectation) ?? 0) + 1);
        const met = expectations.filter((one) => one.text === expectation && one.verdict === 'met');
        expect(met).toEqual([]);
      }
    }),
    { seed: 20201124, numRuns: 60 },
  );
  // The days are such that each kind of expectation is called impossible on some of them.
  expect([...called.keys()].sort()).toEqual(['rate', 'time-to-data', 'volume']);
});

it.each([4.5, 9, 18])(
  'the last of %d TB asked for at once over 10 Gbit/s is there when the check says, in the run too',
  async (terabytes) => {
    const lake = lakeOf({
      sites: [siteOf('CERN', { uplinkBps: 10 * GIGABIT }), siteOf('DESY')],
      storages: [
        storageOf('EULAKE-1', 'CERN', { readBps: 100 * GIGABIT }),
        storageOf('DESY-DCACHE', 'DESY', { writeBps: 100 * GIGABIT }),
      ],
      network: { default: { rttSeconds: 0.02, capacityBps: Infinity, loss: 0, windowBytes: 1e9 } },
    });
    const uses = [{ name: 'raw', at: 'EULAKE-1', datasets: terabytes * 100, filesPerDataset: 1, size: constant(1e10) }];
    const workflow = workflowOf('night', { uses, replicate: [ruleOf('DESY-DCACHE', { atSeconds: 3600 })] });
    const checked = scenarioOf({ lake, durationSeconds: 6 * 3600, experiments: { CTA: [workflow] } });
    const plan = compilePlan(checked);
    const { resources, demand } = checkFeasibility(checked, plan);
    const uplink = resources.find((one) => one.kind === 'site uplink')!;
    const waits = queueFluid(uplink.asked, uplink.available, demand.grid.stepSeconds).longestWaitSeconds;
    const aggregate = new AggregateBuilder(checked.scenario.clock.durationSeconds);
    await simulate(checked, plan, aggregate);
    const measured = aggregate.quantile('experiment', 'CTA', 'time-to-data', 1);
    // A run adds the catalogue's and the transfer service's cycles, set-up, and the slow opening of slots.
    expect(measured / waits).toBeGreaterThan(0.999);
    expect(measured / waits).toBeLessThan(1.03);
  },
);
