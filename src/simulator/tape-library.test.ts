import { expect, test } from 'vitest';
import type { Tape } from '../lake/lake.ts';
import { Engine } from './engine.ts';
import { TapeLibrary } from './tape-library.ts';

/** The figures of V14: 250 MB/s, a minute each to mount, position and unmount (Fermilab's Enstore, mu2e wiki). */
const ENSTORE: Tape = {
  drives: 1,
  mountSeconds: 60,
  positionSeconds: 60,
  unmountSeconds: 60,
  speedBps: 250e6,
  bufferBytes: 1e13,
  cartridgeBytes: 12e12,
};

function library(tape: Tape = ENSTORE) {
  const engine = new Engine();
  return { engine, tapes: new TapeLibrary(engine, tape, () => true) };
}

test('V14: one file of 2.5 GB takes 190 s from mount to unmount', () => {
  const { engine, tapes } = library();
  let readAt = NaN;
  tapes.read(
    tapes.assign(2.5e9),
    2.5e9,
    () => {
      readAt = engine.now;
    },
    0,
  );
  engine.run(1e5, 1e4);
  expect(readAt).toBe(130);
  expect(tapes.takeBusySeconds()).toBe(190);
});

test('V14: files that follow each other on one cartridge are read in one mount with one positioning', () => {
  const { engine, tapes } = library();
  const places = [...Array(10)].map(() => tapes.assign(2.5e9));
  const readAt: number[] = [];
  for (const index of [7, 2, 9, 0, 1, 3, 8, 4, 6, 5]) {
    tapes.read(places[index]!, 2.5e9, (job) => (readAt[job] = engine.now), index);
  }
  engine.run(1e5, 1e4);
  expect(tapes.takeMounts()).toBe(1);
  // The drive had begun with file 7, the first asked for; what lies ahead comes next, then the beginning of the tape.
  expect(readAt[7]).toBe(60 + 60 + 10);
  expect(readAt[8]).toBe(readAt[7]! + 10);
  expect(readAt[9]).toBe(readAt[8]! + 10);
  expect(readAt[0]).toBe(readAt[9]! + 60 + 10);
  expect(readAt[6]).toBe(readAt[0]! + 60);
});

test('as many cartridges are read at once as there are drives', () => {
  const { engine, tapes } = library({ ...ENSTORE, drives: 2, cartridgeBytes: 2.5e9 });
  const readAt: number[] = [];
  for (let index = 0; index < 4; index++) {
    tapes.read(tapes.assign(2.5e9), 2.5e9, (job) => (readAt[job] = engine.now), index);
  }
  engine.run(1e5, 1e4);
  expect(readAt).toEqual([130, 130, 320, 320]);
  expect(tapes.takeMounts()).toBe(4);
});
