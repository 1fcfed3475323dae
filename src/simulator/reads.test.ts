// Reads where a cache, a protocol or a site is in the way.
import { expect, test } from 'vitest';
import {
  accessOf,
  faultOf,
  HOUR,
  injectionOf,
  lakeOf,
  protocolOf,
  scenarioOf,
  scheduleOf,
  siteOf,
  storageOf,
  workflowOf,
} from '../plan/scenario-for-tests.ts';
import { run } from './run-for-tests.ts';

const MIB = 1024 * 1024;

test('a cache has nothing of what it could not fetch', async () => {
  const lake = lakeOf({
    sites: [siteOf('A'), siteOf('B')],
    storages: [storageOf('DISK', 'A')],
    caches: new Map([
      [
        'CACHE',
        {
          name: 'CACHE',
          site: 'B',
          capacityBytes: 1e12,
          blockBytes: MIB,
          highWatermark: 0.95,
          lowWatermark: 0.85,
          readBps: 1e9,
          writeBps: 1e9,
        },
      ],
    ]),
  });
  const workflow = workflowOf('read', {
    uses: [{ name: 'd', at: 'DISK', datasets: 1, filesPerDataset: 1, size: { kind: 'constant', value: 80 * MIB } }],
    access: [
      accessOf({
        at: 'B',
        through: 'CACHE',
        sessions: { count: 10 },
        schedule: scheduleOf({ toSeconds: 5 * HOUR }),
      }),
    ],
  });
  const fault = faultOf({
    atSeconds: 0,
    forSeconds: 2 * HOUR,
    target: { kind: 'storage', name: 'DISK', protocol: '' },
  });
  const notes = await run(
    scenarioOf({ lake, experiments: { X: [workflow] }, faults: [fault], durationSeconds: 6 * HOUR }),
  );
  // One a half hour: four meet the fault, the fifth fetches the file, the others find it.
  expect(notes.of('download', 'failed')).toHaveLength(4);
  expect(notes.of('download').map(({ source }) => source)).toEqual(['DISK', '', '', '', '', '']);
  const sum = (measure: string): number =>
    notes.samples.reduce((bytes, sample) => bytes + (sample.measure === measure ? sample.value : 0), 0);
  expect(sum('miss_bytes')).toBe(80 * MIB);
  expect(sum('hit_bytes')).toBe(5 * 80 * MIB);
});

test('a fault of a protocol is met by who uses it, whatever its scheme, and the record has its name', async () => {
  const lake = lakeOf({
    sites: [siteOf('A'), siteOf('B')],
    storages: [
      storageOf('FROM', 'A', { protocols: [protocolOf('door-a', { scheme: 'davs' })] }),
      storageOf('TO', 'B', { protocols: [protocolOf('door-b', { scheme: 'davs' })] }),
    ],
  });
  const outcome = async (protocol: string): Promise<string[]> => {
    const workflow = workflowOf('write', {
      inject: injectionOf({ at: 'FROM', from: 'A', datasets: 5, retries: 0, schedule: scheduleOf({ toSeconds: 60 }) }),
    });
    const fault = faultOf({
      atSeconds: 0,
      forSeconds: HOUR,
      target: { kind: 'storage', name: 'FROM', protocol },
      effect: { is: 'failing', share: 1 },
    });
    const notes = await run(
      scenarioOf({ lake, experiments: { X: [workflow] }, faults: [fault], durationSeconds: HOUR }),
    );
    const uploads = notes.operations.filter(({ kind }) => kind === 'upload');
    return uploads.map((upload) => `${upload.protocol} ${upload.outcome}`);
  };
  expect(await outcome('door-a')).toEqual(Array<string>(5).fill('door-a failed'));
  expect(await outcome('door-b')).toEqual(Array<string>(5).fill('door-a ok'));
});

test('a reader outside passes over the copy that only its own site can read', async () => {
  const lake = lakeOf({
    sites: [siteOf('HPC', { inbound: false }), siteOf('NEAR')],
    storages: [storageOf('SCRATCH', 'HPC')],
  });
  const read = (at: string): Parameters<typeof accessOf>[0] => ({ name: at, at, sessions: { count: 3 } });
  const workflow = workflowOf('read', {
    uses: [{ name: 'd', at: 'SCRATCH', datasets: 1, filesPerDataset: 1, size: { kind: 'constant', value: 1e6 } }],
    access: [accessOf(read('HPC')), accessOf(read('NEAR'))],
  });
  const notes = await run(scenarioOf({ lake, experiments: { X: [workflow] } }));
  expect(notes.of('download').map(({ destinationSite }) => destinationSite)).toEqual(['HPC', 'HPC', 'HPC']);
  expect(notes.of('download', 'failed').map(({ errorClass }) => errorClass)).toEqual(
    Array<string>(3).fill('no-such-file'),
  );
});
