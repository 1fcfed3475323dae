import { expect, test } from 'vitest';
import { drawActivity, shareOf } from './shares.ts';

test('slots go to activities by their shares among those that have something queued', () => {
  const counts = [0, 0, 0];
  for (let draw = 0; draw < 10_000; draw++) counts[drawActivity([5, 0, 9], [0.2, 0.5, 0.6], (draw + 0.5) / 10_000)]!++;
  expect(counts).toEqual([2500, 0, 7500]);
});

test('an activity without a share uses the default, and without a default it never starts', () => {
  const shares = new Map([
    ['default', 0.3],
    ['Production', 0.7],
  ]);
  expect(shareOf(shares, 'Production')).toBe(0.7);
  expect(shareOf(shares, 'Functional Test')).toBe(0.3);
  expect(shareOf(new Map([['Production', 1]]), 'Functional Test')).toBe(0);
  expect(drawActivity([3], [0], 0.5)).toBe(-1);
});
