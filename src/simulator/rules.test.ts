// Rules that meet: on one dataset, at one storage, with faults between them.
import { expect, test } from 'vitest';
import {
  backgroundOf,
  faultOf,
  HOUR,
  injectionOf,
  lakeOf,
  ruleOf,
  scenarioOf,
  scheduleOf,
  siteOf,
  storageOf,
  threeSites,
  transitionOf,
  workflowOf,
} from '../plan/scenario-for-tests.ts';
import type { Workflow } from '../scenario/scenario.ts';
import { run } from './run-for-tests.ts';

const ARCHIVE: Workflow['uses'] = [
  { name: 'archive', at: 'DESY-DCACHE', datasets: 1, filesPerDataset: 4, size: { kind: 'constant', value: 1e9 } },
];
const FULL_PIC = { target: { kind: 'storage', name: 'PIC-DCACHE', protocol: '' }, effect: { is: 'full' } } as const;

test('what a rule was stuck with when it expired is brought by the other rule that wants it', async () => {
  const workflow = workflowOf('two', {
    uses: ARCHIVE,
    replicate: [
      ruleOf('PIC-DCACHE', { atSeconds: 600, lifetimeSeconds: HOUR }),
      ruleOf('PIC-DCACHE', { atSeconds: 1200, lifetimeSeconds: 9 * HOUR }),
    ],
  });
  const faults = [faultOf({ ...FULL_PIC, atSeconds: 0, forSeconds: 2 * HOUR })];
  const notes = await run(scenarioOf({ experiments: { SKA: [workflow] }, faults, durationSeconds: 8 * HOUR }));
  expect(notes.of('rule', 'cancelled')).toHaveLength(1);
  expect(notes.of('rule')).toHaveLength(1);
  expect(notes.last('PIC-DCACHE', 'used_bytes')).toBe(4e9);
  expect(notes.last('catalogue', 'locks_ok')).toBe(4);
  expect(notes.last('catalogue', 'locks_stuck')).toBe(0);
});

test('a file that two requests bring to one storage counts once', async () => {
  // 100 GB over a slow stream: the first rule's transfer outlives the rule, and the reaper has been there before the second.
  const lake = lakeOf({
    sites: [siteOf('A'), siteOf('B')],
    storages: [storageOf('FROM', 'A', { perStreamBps: 10e6 }), storageOf('TO', 'B')],
  });
  const workflow = workflowOf('again', {
    uses: [{ name: 'big', at: 'FROM', datasets: 1, filesPerDataset: 1, size: { kind: 'constant', value: 100e9 } }],
    replicate: [ruleOf('TO', { atSeconds: 0, lifetimeSeconds: HOUR }), ruleOf('TO', { atSeconds: 2 * HOUR })],
  });
  const notes = await run(scenarioOf({ lake, experiments: { X: [workflow] }, durationSeconds: 8 * HOUR }));
  expect(notes.of('transfer')).toHaveLength(2);
  expect(notes.last('TO', 'used_bytes')).toBe(100e9);
  expect(notes.last('catalogue', 'locks_ok')).toBe(1);
});

test('two rules that free the origin leave it to a third that wants the data there', async () => {
  const workflow = workflowOf('night', {
    uses: ARCHIVE,
    replicate: [
      ruleOf('EULAKE-1', { atSeconds: 600, deleteSourceWhenDone: true }),
      ruleOf('PIC-DCACHE', { atSeconds: 600, deleteSourceWhenDone: true }),
      ruleOf('DESY-DCACHE', { atSeconds: 600 }),
    ],
  });
  const notes = await run(scenarioOf({ experiments: { MAGIC: [workflow] }, durationSeconds: 2 * HOUR }));
  expect(notes.of('rule')).toHaveLength(3);
  expect(notes.last('DESY-DCACHE', 'used_bytes')).toBe(4e9);
});

test('a step of a life cycle that is done after the next one does not take the data back', async () => {
  const workflow = workflowOf('life', {
    uses: ARCHIVE,
    transition: [
      transitionOf('PIC-DCACHE', { afterSeconds: HOUR }),
      transitionOf('EULAKE-1', { afterSeconds: 2 * HOUR }),
    ],
  });
  const faults = [faultOf({ ...FULL_PIC, atSeconds: 0, forSeconds: 3 * HOUR })];
  const notes = await run(scenarioOf({ experiments: { SKA: [workflow] }, faults, durationSeconds: 8 * HOUR }));
  expect(notes.of('transition')).toHaveLength(2);
  expect(notes.of('delete').map(({ source }) => source)).toEqual([
    ...Array<string>(4).fill('DESY-DCACHE'),
    ...Array<string>(4).fill('PIC-DCACHE'),
  ]);
  expect(notes.last('EULAKE-1', 'used_bytes')).toBe(4e9);
});

test('a rule for two copies where one storage is full is stuck for want of space, and says so', async () => {
  const lake = threeSites();
  const full = storageOf('PIC-DCACHE', 'PIC', { qosClass: 'FAST', capacityBytes: 1e12, usedBytes: 999e9 });
  const workflow = workflowOf('two copies', {
    uses: ARCHIVE.map((data) => ({ ...data, at: 'EULAKE-1' })),
    replicate: [ruleOf('class=FAST', { atSeconds: 600, copies: 2 })],
  });
  const notes = await run(
    scenarioOf({
      lake: { ...lake, storages: new Map(lake.storages).set('PIC-DCACHE', full) },
      experiments: { SKA: [workflow] },
      durationSeconds: 5 * HOUR,
    }),
  );
  expect(notes.last('catalogue', 'rules_stuck')).toBe(1);
  expect(notes.of('rule', 'failed').map(({ errorClass }) => errorClass)).toEqual(['no-space']);
});

test('nothing is copied to or from a site without inbound path, and what waits for it holds nobody up', async () => {
  const lake = lakeOf({
    sites: [siteOf('CERN'), siteOf('HPC', { kind: 'hpc', inbound: false }), siteOf('PIC')],
    storages: [
      storageOf('CERN-DISK', 'CERN'),
      storageOf('SCRATCH', 'HPC', { qosClass: 'FAST' }),
      storageOf('PIC-DISK', 'PIC', { qosClass: 'FAST' }),
    ],
  });
  const bulk = { schedule: scheduleOf({ toSeconds: HOUR }), size: { kind: 'constant', value: 1e6 } } as const;
  const inside = workflowOf('inside', {
    inject: injectionOf({ ...bulk, at: 'SCRATCH', from: 'HPC', filesPerDataset: 1500 }),
    replicate: [ruleOf('PIC-DISK')],
  });
  const outside = workflowOf('outside', {
    inject: injectionOf({
      ...bulk,
      at: 'CERN-DISK',
      from: 'CERN',
      datasets: 10,
      schedule: scheduleOf({ fromSeconds: HOUR, toSeconds: 2 * HOUR }),
    }),
    replicate: [ruleOf('class=FAST')],
  });
  const notes = await run(scenarioOf({ lake, experiments: { X: [inside, outside] }, durationSeconds: 3 * HOUR }));
  expect(notes.of('transfer').map(({ destination }) => destination)).toEqual(Array<string>(10).fill('PIC-DISK'));
  expect(notes.of('rule', 'failed').map(({ workflow, errorClass }) => [workflow, errorClass])).toEqual([
    ['inside', 'no-such-file'],
  ]);
  expect(notes.of('transfer', 'failed')).toEqual([]);
});

test('a rule waits for a source that another rule is still filling', async () => {
  const workflow = workflowOf('chain', {
    uses: ARCHIVE,
    replicate: [ruleOf('PIC-DCACHE', { atSeconds: 600 }), ruleOf('EULAKE-1', { atSeconds: 600, sources: 'site=PIC' })],
  });
  const notes = await run(scenarioOf({ experiments: { SKA: [workflow] }, durationSeconds: HOUR }));
  const second = notes.of('transfer').filter(({ destination }) => destination === 'EULAKE-1');
  expect(second.map(({ source }) => source)).toEqual(Array<string>(4).fill('PIC-DCACHE'));
});

test('functional tests leave nothing behind, at either end', async () => {
  const checked = scenarioOf({
    background: [backgroundOf({ lifetimeSeconds: HOUR / 2, toSeconds: 2 * HOUR })],
    durationSeconds: 4 * HOUR,
  });
  const notes = await run(checked);
  expect(notes.of('rule').length).toBeGreaterThan(40);
  for (const name of checked.lake.storages.keys()) expect(notes.last(name, 'used_bytes')).toBe(0);
});
