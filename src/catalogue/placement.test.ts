import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomStream } from '../core/random.ts';
import { chooseSource, placeCopies, type Candidate } from './placement.ts';

const uniform = (seed: number) => (draw: number) => new RandomStream(seed, 'placement').uniform(0, draw);

test('a rule takes the storages that hold its data first, even where they are not available for more', () => {
  const candidates: Candidate[] = [
    { storage: 0, present: 0, available: true },
    { storage: 1, present: 0.5, available: false },
    { storage: 2, present: 1, available: true },
  ];
  expect(placeCopies(candidates, 2, uniform(1))).toEqual([2, 1]);
  expect(placeCopies(candidates, 3, uniform(1))).toEqual([2, 1, 0]);
});

test('too few available storages give too few copies', () => {
  expect(placeCopies([{ storage: 4, present: 0, available: false }], 1, uniform(1))).toEqual([]);
});

test('copies are distinct, among the candidates, and as many as asked for where they suffice', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ present: fc.constantFrom(0, 0, 0.5, 1), available: fc.boolean() })),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      (parts, copies, seed) => {
        const candidates = parts.map((part, storage) => ({ storage, ...part }));
        const chosen = placeCopies(candidates, copies, uniform(seed));
        const usable = candidates.filter(({ present, available }) => present > 0 || available).length;
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.length).toBe(Math.min(copies, usable));
      },
    ),
    { seed: 3 },
  );
});

test('free choices are even: three storages get a third of 3,000 rules each, within 5 standard deviations', () => {
  const counts = [0, 0, 0];
  const candidates = counts.map((_, storage) => ({ storage, present: 0, available: true }));
  for (let rule = 0; rule < 3000; rule++) counts[placeCopies(candidates, 1, uniform(rule))[0]!]!++;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt((3000 * 2) / 9));
});

test('a source is chosen by: not known down, fewest failures, disk before tape, nearest', () => {
  const near = { storage: 1, distance: 1, failures: 0, tape: false, knownDown: false };
  const far = { ...near, storage: 2, distance: 9 };
  expect(chooseSource([far, near])).toBe(1);
  expect(chooseSource([far, { ...near, failures: 1 }])).toBe(2);
  expect(chooseSource([far, { ...near, tape: true }])).toBe(2);
  expect(
    chooseSource([
      { ...far, failures: 3, tape: true },
      { ...near, knownDown: true },
    ]),
  ).toBe(2);
  expect(chooseSource([])).toBe(-1);
});
