import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { constant, type Law } from '../core/law.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { compilePlan } from './compile.ts';
import type { Intent, PlannedTotals } from './plan.ts';
import {
  accessOf,
  backgroundOf,
  faultOf,
  HOUR,
  injectionOf,
  ruleOf,
  scenarioOf,
  scheduleOf,
  transitionOf,
  workflowOf,
} from './scenario-for-tests.ts';

const DAY = 24 * HOUR;
const LOGNORMAL: Law = { kind: 'lognormal', median: 1e9, sigma: 1, min: 0, max: Infinity };

function intentsOf(checked: CheckedScenario): Intent[] {
  return [...compilePlan(checked).intents()];
}

/** `inject 0/3.1 at 120`: kind, process, dataset and file, time. */
function brief(intent: Intent): string {
  const at = `at ${intent.atSeconds}`;
  switch (intent.kind) {
    case 'inject':
      return `inject ${intent.process}/${intent.dataset}.${intent.file} ${at}`;
    case 'replicate':
      return `rule ${intent.process}/${intent.dataset} to ${intent.step.to} ${at}`;
    case 'transition':
      return `transition ${intent.process}/${intent.dataset} to ${intent.step.to} ${at}`;
    case 'access':
      return `session ${intent.process}/${intent.session} ${at}`;
    case 'fault':
      return `fault ${intent.index} ${intent.phase} ${at}`;
  }
}

describe('the plan of an injection', () => {
  const pulsarSearch = workflowOf('pulsar-search', {
    inject: injectionOf({
      datasets: 350,
      filesPerDataset: 10,
      size: constant(50e6),
      schedule: scheduleOf({ fromSeconds: 6 * HOUR, toSeconds: 18 * HOUR }),
    }),
    replicate: [ruleOf('EULAKE-1', { lifetimeSeconds: 14 * DAY })],
  });

  test('of SKA’s pulsar search has its 3,500 files of 175 GB and 350 rules', () => {
    const plan = compilePlan(scenarioOf({ experiments: { SKA: [pulsarSearch] } }));
    expect(plan.totals.get(0)).toEqual({ files: 3500, bytes: 175e9, datasets: 350, rules: 350, sessions: 0 });
  });

  test('spreads the files over the window, dataset after dataset, and marks each dataset’s last file', () => {
    const files = intentsOf(scenarioOf({ experiments: { SKA: [pulsarSearch] } })).filter((it) => it.kind === 'inject');
    const gap = (12 * HOUR) / 3500;
    files.forEach((file, index) => {
      expect(file.atSeconds).toBeCloseTo(6 * HOUR + (index + 0.5) * gap, 6);
      expect([file.dataset, file.file, file.last]).toEqual([Math.floor(index / 10), index % 10, index % 10 === 9]);
    });
  });

  test('asks for each rule when its dataset’s last file is planned, plus the delay', () => {
    const workflow = workflowOf('night', {
      inject: injectionOf({ datasets: 2, filesPerDataset: 2, schedule: scheduleOf({ toSeconds: 4000 }) }),
      replicate: [ruleOf('EULAKE-1'), ruleOf('PIC-DCACHE', { afterSeconds: 600 })],
      transition: [transitionOf('DESY-TAPE', { afterSeconds: 1000 })],
    });
    expect(intentsOf(scenarioOf({ experiments: { CTA: [workflow] } })).map(brief)).toEqual([
      'inject 0/0.0 at 500',
      'inject 0/0.1 at 1500',
      'rule 0/0 to EULAKE-1 at 1500',
      'rule 0/0 to PIC-DCACHE at 2100',
      'transition 0/0 to DESY-TAPE at 2500',
      'inject 0/1.0 at 2500',
      'inject 0/1.1 at 3500',
      'rule 0/1 to EULAKE-1 at 3500',
      'rule 0/1 to PIC-DCACHE at 4100',
      'transition 0/1 to DESY-TAPE at 4500',
    ]);
  });

  test('with a fixed time asks for all rules then, also on datasets that come later', () => {
    const workflow = workflowOf('night', {
      inject: injectionOf({ datasets: 3, schedule: scheduleOf({ toSeconds: 3000 }) }),
      replicate: [ruleOf('EULAKE-1', { atSeconds: 1000 })],
    });
    expect(intentsOf(scenarioOf({ experiments: { CTA: [workflow] } })).map(brief)).toEqual([
      'inject 0/0.0 at 500',
      'rule 0/0 to EULAKE-1 at 1000',
      'rule 0/1 to EULAKE-1 at 1000',
      'rule 0/2 to EULAKE-1 at 1000',
      'inject 0/1.0 at 1500',
      'inject 0/2.0 at 2500',
    ]);
  });

  test('that goes on after the day leaves out what falls after it, and does not count it', () => {
    const workflow = workflowOf('one-night', {
      inject: injectionOf({
        datasets: 5,
        filesPerDataset: 2,
        schedule: scheduleOf({ fromSeconds: 20 * HOUR, toSeconds: 30 * HOUR }),
      }),
      replicate: [ruleOf('PIC-DCACHE'), ruleOf('EULAKE-1', { afterSeconds: 2 * HOUR })],
    });
    const checked = scenarioOf({ experiments: { CTA: [workflow] } });
    // Files at 20:30, 21:30, 22:30 and 23:30: two datasets; rules at 21:30 and 23:30, and the delayed one at 23:30.
    expect(compilePlan(checked).totals.get(0)).toMatchObject({ files: 4, datasets: 2, rules: 3 });
    expect(intentsOf(checked).every((intent) => intent.atSeconds < DAY)).toBe(true);
  });
});

describe('the plan of data that is there', () => {
  const sdc1 = workflowOf('sdc1', {
    uses: [
      { name: 'sdc1', at: 'PIC-DCACHE', datasets: 1, filesPerDataset: 13, size: LOGNORMAL },
      { name: 'more', at: 'EULAKE-1', datasets: 2, filesPerDataset: 1, size: constant(5) },
    ],
    inject: injectionOf({ schedule: scheduleOf({ toSeconds: 2000 }) }),
    replicate: [ruleOf('class=FAST', { atSeconds: 9 * HOUR }), ruleOf('EULAKE-1', { afterSeconds: 60 })],
  });

  test('lists its datasets by number, with name, place and the sizes of their files', () => {
    const existing = [...compilePlan(scenarioOf({ experiments: { SKA: [sdc1] } })).existing()];
    expect(existing.map(({ dataset, name, storage }) => [dataset, name, storage])).toEqual([
      [0, 'sdc1', 'PIC-DCACHE'],
      [1, 'more.000000', 'EULAKE-1'],
      [2, 'more.000001', 'EULAKE-1'],
    ]);
    expect(existing.map((dataset) => dataset.fileSizesBytes.length)).toEqual([13, 1, 1]);
    expect(new Set(existing[0]!.fileSizesBytes).size).toBe(13);
    expect(existing[2]!.fileSizesBytes).toEqual([5]);
  });

  test('counts a delay from the day’s start, and injected datasets after those that are there', () => {
    expect(intentsOf(scenarioOf({ experiments: { SKA: [sdc1] } })).map(brief)).toEqual([
      'rule 0/0 to EULAKE-1 at 60',
      'rule 0/1 to EULAKE-1 at 60',
      'rule 0/2 to EULAKE-1 at 60',
      'inject 0/3.0 at 1000',
      'rule 0/3 to EULAKE-1 at 1060',
      ...[0, 1, 2, 3].map((dataset) => `rule 0/${dataset} to class=FAST at ${9 * HOUR}`),
    ]);
  });
});

describe('the plan of background traffic', () => {
  test('sends one file between every ordered pair of storages that can exchange one, and none from or to tape', () => {
    const background = backgroundOf({ everySeconds: 900, fromSeconds: HOUR, toSeconds: 2 * HOUR });
    const intents = intentsOf(scenarioOf({ background: [background] }));
    const files = intents.filter((intent) => intent.kind === 'inject');
    const rules = intents.filter((intent) => intent.kind === 'replicate');
    expect([...new Set(files.map((file) => file.atSeconds))]).toEqual([3600, 4500, 5400, 6300]);
    // Three disks make six ordered pairs.
    expect(files.slice(0, 6).map((file, index) => `${file.storage} -> ${rules[index]!.step.to}`)).toEqual([
      'EULAKE-1 -> DESY-DCACHE',
      'EULAKE-1 -> PIC-DCACHE',
      'DESY-DCACHE -> EULAKE-1',
      'DESY-DCACHE -> PIC-DCACHE',
      'PIC-DCACHE -> EULAKE-1',
      'PIC-DCACHE -> DESY-DCACHE',
    ]);
    expect(files.map((file) => file.dataset)).toEqual(Array.from({ length: 24 }, (_, index) => index));
    expect(rules.map((rule) => rule.dataset)).toEqual(files.map((file) => file.dataset));
  });

  test('shares one step among all rules to one destination', () => {
    const rules = intentsOf(scenarioOf({ background: [backgroundOf()] })).filter((it) => it.kind === 'replicate');
    expect(rules).toHaveLength(96 * 6);
    expect(new Set(rules.map((rule) => rule.step)).size).toBe(3);
    expect(rules[0]!.step).toMatchObject({ copies: 1, lifetimeSeconds: HOUR, activity: 'Functional Test' });
  });
});

describe('the plan of faults', () => {
  test('starts and ends each, but for ends after the day', () => {
    const faults = [
      faultOf({ atSeconds: 23 * HOUR, forSeconds: 2 * HOUR }),
      faultOf({ atSeconds: HOUR, forSeconds: HOUR }),
      faultOf({ atSeconds: 2 * HOUR, forSeconds: 60 }),
      faultOf({ atSeconds: 5 * HOUR, forSeconds: 0 }),
    ];
    expect(intentsOf(scenarioOf({ faults })).map(brief)).toEqual([
      'fault 1 start at 3600',
      'fault 1 end at 7200',
      'fault 2 start at 7200',
      'fault 2 end at 7260',
      'fault 0 start at 82800',
    ]);
  });

  test('puts a fault before everything else of the same second', () => {
    const workflow = workflowOf('burst', { inject: injectionOf({ schedule: scheduleOf({ arrivals: 'burst' }) }) });
    const intents = intentsOf(scenarioOf({ experiments: { CTA: [workflow] }, faults: [faultOf({ atSeconds: 0 })] }));
    expect(intents.map((intent) => intent.kind)).toEqual(['fault', 'inject', 'fault']);
  });
});

describe('the order of a plan', () => {
  const scenarios = fc.record({
    datasets: fc.integer({ min: 1, max: 12 }),
    files: fc.integer({ min: 1, max: 4 }),
    arrivals: fc.constantFrom('steady' as const, 'poisson' as const, 'burst' as const),
    uses: fc.integer({ min: 0, max: 3 }),
    after: fc.constantFrom(0, 600, 30 * HOUR),
    at: fc.constantFrom(undefined, 0, 9 * HOUR, 25 * HOUR),
    sessions: fc.oneof(fc.record({ count: fc.nat(20) }), fc.record({ perSecond: fc.constantFrom(0, 0.0003) })),
    until: fc.integer({ min: 1, max: 30 * HOUR }),
    seed: fc.nat(),
  });
  const build = (it: typeof scenarios extends fc.Arbitrary<infer T> ? T : never) => {
    const workflow = (name: string) =>
      workflowOf(name, {
        uses:
          it.uses === 0
            ? []
            : [{ name: 'old', at: 'EULAKE-1', datasets: it.uses, filesPerDataset: 2, size: LOGNORMAL }],
        inject: injectionOf({
          datasets: it.datasets,
          filesPerDataset: it.files,
          size: LOGNORMAL,
          schedule: scheduleOf({ toSeconds: it.until, arrivals: it.arrivals, shape: [0.2, 1, 1, 0.6] }),
        }),
        replicate: [ruleOf('EULAKE-1', { afterSeconds: it.after }), ruleOf('PIC-DCACHE', { atSeconds: it.at })],
        transition: [transitionOf('DESY-TAPE', { afterSeconds: it.after })],
        access: [accessOf({ sessions: it.sessions })],
      });
    return scenarioOf({
      seed: it.seed,
      experiments: { CTA: [workflow('one'), workflow('two')], SKA: [workflow('one')] },
      background: [backgroundOf({ everySeconds: 5 * HOUR })],
      faults: [faultOf({}), faultOf({ atSeconds: 0 })],
    });
  };

  test('is by time, then faults, then process, dataset and file', () => {
    fc.assert(
      fc.property(scenarios, (it) => {
        const key = (intent: Intent): number[] =>
          intent.kind === 'fault'
            ? [intent.atSeconds, -1, 0, 0]
            : intent.kind === 'access'
              ? [intent.atSeconds, intent.process, Infinity, intent.session]
              : [intent.atSeconds, intent.process, intent.dataset, intent.kind === 'inject' ? intent.file : Infinity];
        let before = [-1];
        for (const intent of compilePlan(build(it)).intents()) {
          const now = key(intent);
          const differs = now.findIndex((value, index) => value !== before[index]);
          if (differs >= 0) expect(now[differs]).toBeGreaterThan(before[differs] ?? -2);
          before = now;
        }
      }),
      { seed: 20201124, numRuns: 60 },
    );
  });

  test('holds what the totals say, for each process', () => {
    fc.assert(
      fc.property(scenarios, (it) => {
        const plan = compilePlan(build(it));
        const found = new Map<number, { -readonly [Key in keyof PlannedTotals]: number }>();
        const datasets = new Set<string>();
        for (const { index } of plan.processes)
          found.set(index, { files: 0, bytes: 0, datasets: 0, rules: 0, sessions: 0 });
        for (const intent of plan.intents()) {
          if (intent.kind === 'fault') continue;
          const totals = found.get(intent.process)!;
          if (intent.kind === 'inject') {
            totals.files++;
            totals.bytes += intent.sizeBytes;
            if (!datasets.has(`${intent.process}/${intent.dataset}`)) totals.datasets++;
            datasets.add(`${intent.process}/${intent.dataset}`);
          } else if (intent.kind === 'replicate') totals.rules++;
          else if (intent.kind === 'access') totals.sessions++;
        }
        expect(plan.totals).toEqual(found);
        // The same where they are asked for before anybody has read the intents.
        expect(compilePlan(build(it)).totals).toEqual(found);
      }),
      { seed: 20201124, numRuns: 60 },
    );
  });
});

describe('the luck of a plan', () => {
  const cta = workflowOf('night', {
    inject: injectionOf({ datasets: 20, size: LOGNORMAL, schedule: scheduleOf({ arrivals: 'poisson' }) }),
    access: [accessOf()],
  });

  test('is the same each time the plan is asked', () => {
    const plan = compilePlan(scenarioOf({ experiments: { CTA: [cta] } }));
    expect([...plan.intents()]).toEqual([...plan.intents()]);
  });

  test('is another with another seed', () => {
    const luck = (seed: number) => intentsOf(scenarioOf({ seed, experiments: { CTA: [cta] } }));
    expect(luck(1)).not.toEqual(luck(2));
  });

  test('of an experiment does not change when another joins before it', () => {
    const timesAndSizes = (experiments: Record<string, (typeof cta)[]>, process: number) =>
      intentsOf(scenarioOf({ experiments }))
        .filter((intent) => intent.kind !== 'fault' && intent.process === process)
        .map((intent) => [intent.atSeconds, intent.kind === 'inject' ? intent.sizeBytes : 0]);
    expect(timesAndSizes({ SKA: [cta], CTA: [cta] }, 1)).toEqual(timesAndSizes({ CTA: [cta] }, 0));
  });
});

test('a plan of ten million files is begun without being made', () => {
  const workflow = workflowOf('huge', {
    inject: injectionOf({ datasets: 10_000, filesPerDataset: 1000, schedule: scheduleOf({ arrivals: 'poisson' }) }),
    replicate: [ruleOf('EULAKE-1')],
  });
  const intents = compilePlan(scenarioOf({ experiments: { SKA: [workflow] } })).intents();
  const first: string[] = [];
  for (const intent of intents) {
    first.push(intent.kind);
    if (first.length === 3) break;
  }
  expect(first).toEqual(['inject', 'inject', 'inject']);
});

test('a process says whether its data is read and how many steps each of its datasets gets', () => {
  const workflow = workflowOf('one', {
    replicate: [ruleOf('EULAKE-1'), ruleOf('PIC-DCACHE')],
    transition: [transitionOf('DESY-TAPE')],
    access: [accessOf()],
  });
  const plan = compilePlan(
    scenarioOf({ experiments: { CTA: [workflow, workflowOf('two')] }, background: [backgroundOf()] }),
  );
  expect(plan.processes.map((it) => [it.experiment, it.workflow, it.isRead, it.stepsPerDataset])).toEqual([
    ['CTA', 'one', true, 3],
    ['CTA', 'two', false, 0],
    ['', 'noise', false, 1],
  ]);
});
