import { expect, test } from 'vitest';
import {
  firstValue,
  observationWindowSeconds,
  optimize,
  successPercent,
  type LinkObservation,
  type OptimizerState,
} from './optimizer.ts';

const RANGE = { min: 2, max: 40, specific: false };
const MODE_1 = { mode: 1, remembers: false } as const;

function seen(parts: Partial<LinkObservation>): LinkObservation {
  return {
    active: 10,
    queued: 100,
    throughputBps: 1e8,
    successPercent: 100,
    retries: 0,
    fileSizeMeanBytes: 1e9,
    ...parts,
  };
}

function stateOf(value: number, parts: Partial<OptimizerState> = {}): OptimizerState {
  return { value, ema: 1e8, successPercent: 100, retries: 0, fileSizeMeanBytes: 1e9, storedAtSeconds: 0, ...parts };
}

/** Decisions of a real fts_optimizer 3.14.4 in mode 1 on a link of 2..40: value decided, MiB/s, queue. */
const OBSERVED: [number, number, number][] = [
  [21, 3.3, 580],
  [22, 20.7, 538],
  [23, 35.3, 472],
  [24, 50.3, 433],
  [25, 66.7, 385],
  [26, 83.3, 333],
  [27, 100.3, 273],
  [28, 118.0, 219],
  [29, 141.3, 156],
  [30, 160.3, 90],
  [30, 185.0, 30],
  [31, 200.0, 120],
  [32, 200.0, 108],
  [33, 200.0, 72],
  [34, 200.0, 72],
  [35, 211.7, 71],
  [36, 216.0, 37],
  [36, 216.0, 36],
  [36, 224.3, 14],
  [36, 228.0, 0],
];

test('a climbing link gets the values that a real FTS 3.14.4 gave it, run by run', () => {
  let state: OptimizerState | undefined;
  const values = OBSERVED.map(([, mibPerSecond, queued], run) => {
    state = optimize(state, seen({ throughputBps: mibPerSecond * 2 ** 20, queued }), RANGE, MODE_1, run * 10);
    return state.value;
  });
  expect(values).toEqual(OBSERVED.map(([value]) => value));
});

test('a link that moved nothing yet keeps its value', () => {
  const first = optimize(undefined, seen({ throughputBps: 0, queued: 120 }), RANGE, MODE_1, 0);
  expect(first.value).toBe(21);
  expect(optimize(first, seen({ throughputBps: 0, queued: 113 }), RANGE, MODE_1, 10).value).toBe(21);
});

test('a link starts at its own maximum where it has one, else halfway: 66 of 2..130', () => {
  expect(firstValue({ min: 2, max: 20, specific: true })).toBe(20);
  expect(firstValue({ min: 2, max: 130, specific: false })).toBe(66);
});

test('below 97 % success the value falls by one a run, to the minimum and no further', () => {
  let state = stateOf(4);
  const values = [1, 2, 3, 4].map(
    (run) => (state = optimize(state, seen({ successPercent: 80 }), RANGE, MODE_1, run * 60)).value,
  );
  expect(values).toEqual([3, 2, 2, 2]);
});

test('with memory, the climb from 66 to 130 takes at least 32 minutes in mode 2', () => {
  let state = stateOf(66);
  let minutes = 0;
  while (state.value < 130 && minutes < 100) {
    minutes++;
    state = optimize(
      state,
      seen({ queued: 1000, throughputBps: 1e8 * (1 + minutes) }),
      { min: 2, max: 130, specific: false },
      { mode: 2, remembers: true },
      minutes * 60,
    );
  }
  expect(state.value).toBe(130);
  expect(minutes).toBe(32);
});

test('with memory, throughput that falls within its order of magnitude changes nothing, a fall by more takes one slot', () => {
  const remembers = { mode: 2, remembers: true } as const;
  const before = stateOf(20, { ema: 9e8 });
  expect(optimize(before, seen({ throughputBps: 8e8 }), RANGE, remembers, 60).value).toBe(20);
  // EMA: 0.1 x 1e6 + 0.9 x 3.4e8 = 3.061e8, whose logarithm rounds to 8 where that of 3.4e8 rounds to 9.
  expect(optimize(stateOf(20, { ema: 3.4e8 }), seen({ throughputBps: 1e6 }), RANGE, remembers, 60).value).toBe(19);
});

test('success counts final retryable failures only, in per cent rounded up', () => {
  expect(successPercent(0, 0)).toBe(100);
  expect(successPercent(96, 4)).toBe(96);
  expect(successPercent(193, 7)).toBe(97);
});

test('the window follows the mean duration: 5, 15 or 30 minutes, and 30 at exactly 30 s', () => {
  expect([10, 29.9, 30, 31, 899, 900, 0].map(observationWindowSeconds)).toEqual([300, 300, 1800, 900, 900, 1800, 1800]);
});
