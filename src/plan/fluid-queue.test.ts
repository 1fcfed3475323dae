import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestHeldShare, leastLate, queueFluid } from './fluid-queue.ts';

const SAME = { seed: 20201124 };
const amounts = fc.array(fc.nat(100), { minLength: 1, maxLength: 40 });

describe('what waits before a limit', () => {
  test('is asked minus moved, and is gone when as much could be moved', () => {
    // 30 asked at once, 10 a part: 20 wait, then 10, then none; the last of it waits three parts of 60 s.
    const queue = queueFluid([30, 0, 0, 0], [10, 10, 10, 10], 60);
    expect([...queue.waiting]).toEqual([20, 10, 0, 0]);
    expect(queue).toMatchObject({ left: 0, longestWaitSeconds: 180, longestWaitPart: 0 });
  });

  test('waits through an outage', () => {
    const queue = queueFluid([10, 10, 10, 0], [10, 0, 10, 10], 60);
    expect([...queue.waiting]).toEqual([0, 10, 10, 0]);
    // What came in parts 1 and 2 waits for the next part that moves, and for all of it.
    expect(queue.longestWaitSeconds).toBe(120);
  });

  test('waits for ever where the day ends first', () => {
    expect(queueFluid([5, 50], [10, 10], 60)).toMatchObject({
      left: 40,
      longestWaitSeconds: Infinity,
      longestWaitPart: 1,
    });
  });

  test('never loses or makes anything', () => {
    fc.assert(
      fc.property(amounts, fc.nat(100), (asked, capacity) => {
        const queue = queueFluid(
          asked,
          asked.map(() => capacity),
          1,
        );
        const all = asked.reduce((sum, value) => sum + value, 0);
        expect(queue.left).toBeGreaterThanOrEqual(Math.max(0, all - capacity * asked.length));
        expect(queue.left).toBeLessThanOrEqual(all);
        if (asked.every((value) => value <= capacity)) expect(queue.longestWaitSeconds).toBe(0);
      }),
      SAME,
    );
  });
});

describe('the least that is late', () => {
  test('is nothing where all can be moved in time', () => {
    expect(leastLate([30, 0, 0, 0, 0], [10, 10, 10, 10, 10], 2)).toBe(0);
  });

  test('is what finds more before it than can be moved in time', () => {
    // In its own part and the one after, 20 of the 30 can be moved.
    expect(leastLate([30, 0, 0, 0, 0], [10, 10, 10, 10, 10], 1)).toBe(10);
  });

  test('does not count what the day’s end leaves undecided', () => {
    expect(leastLate([0, 0, 0, 0, 30], [10, 10, 10, 10, 10], 1)).toBe(0);
  });

  test('is never more than first in, first out makes late, and no limit makes none late', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 100 }), fc.nat(10), (asked, capacity, limit) => {
        const available = asked.map(() => capacity);
        let backlog = 0;
        let lateInOrder = 0;
        for (const value of asked) {
          backlog += value;
          lateInOrder += Math.min(value, Math.max(0, backlog - capacity * (limit + 1)));
          backlog = Math.max(0, backlog - capacity);
        }
        expect(leastLate(asked, available, limit)).toBeLessThanOrEqual(lateInOrder + 1e-9);
        expect(leastLate(asked, available, asked.length)).toBe(0);
      }),
      SAME,
    );
  });
});

describe('the share that can be held with time to catch up', () => {
  test('is all where a burst can be made up for within the window', () => {
    expect(bestHeldShare([30, 0, 0, 0, 0, 0], [10, 10, 10, 10, 10, 10], 3)).toEqual({ share: 1, part: -1 });
  });

  test('is capacity over what is asked where that goes on', () => {
    expect(bestHeldShare([20, 20, 20, 20], [15, 15, 15, 15], 2)).toEqual({ share: 0.75, part: 0 });
  });

  test('leaves out starts with less than half a window to go', () => {
    expect(bestHeldShare([0, 0, 0, 40], [10, 10, 10, 10], 4).part).toBe(-1);
  });
});
