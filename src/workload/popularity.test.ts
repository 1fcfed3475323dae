import { describe, expect, test } from 'vitest';
import { RandomStream } from '../core/random.ts';
import { filesOfSession, ZipfRanks } from './popularity.ts';

const DRAWS = 40_000;

function frequencies(count: number, exponent: number): number[] {
  const ranks = new ZipfRanks(count, exponent);
  const stream = new RandomStream(20201124, `zipf ${count} ${exponent}`);
  const found = new Array<number>(count).fill(0);
  for (let session = 0; session < DRAWS; session++) found[ranks.rank(stream, session)]!++;
  return found;
}

function probabilities(count: number, exponent: number): number[] {
  const weights = Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

describe('the popularity of files', () => {
  test.each([0, 0.5, 0.85, 1, 1.0000001, 1.2, 3])('follows Zipf’s law with exponent %d', (exponent) => {
    const count = 20;
    const expected = probabilities(count, exponent);
    // Pearson's statistic over cells of at least five expected draws has mean and half variance of its degrees of freedom.
    const cells = frequencies(count, exponent)
      .map((found, rank) => ({ found, expected: expected[rank]! * DRAWS }))
      .filter((cell) => cell.expected >= 5);
    const statistic = cells.reduce((sum, cell) => sum + (cell.found - cell.expected) ** 2 / cell.expected, 0);
    const freedom = cells.length - 1;
    expect(statistic).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom));
  });

  test('of ten million files makes the first as popular as the law says, without a table', () => {
    const ranks = new ZipfRanks(10_000_000, 0.85);
    const stream = new RandomStream(1, 'zipf');
    let first = 0;
    for (let session = 0; session < DRAWS; session++) if (ranks.rank(stream, session) === 0) first++;
    // Sum of k^-0.85 up to n is about n^0.15 / 0.15 + zeta(0.85) = 74.80 - 6.10 (Euler and Maclaurin).
    const expected = DRAWS / (10_000_000 ** 0.15 / 0.15 - 6.1005);
    expect(Math.abs(first - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  test('of one file is that file', () => {
    expect(new ZipfRanks(1, 0.85).rank(new RandomStream(1, 'zipf'), 3)).toBe(0);
  });

  test('is the same for the same session and another for the next file of it', () => {
    const ranks = new ZipfRanks(1_000_000, 0.85);
    const stream = new RandomStream(5, 'zipf');
    const read = (session: number) => [0, 1, 2, 3].map((index) => ranks.rank(stream, session, index));
    expect(read(17)).toEqual(read(17));
    expect(new Set(read(17)).size).toBeGreaterThan(1);
  });
});

test('a session reads between the least and the most files, each number as often', () => {
  const stream = new RandomStream(3, 'files');
  const found = new Map<number, number>();
  for (let session = 0; session < 8000; session++) {
    const files = filesOfSession({ min: 1, max: 8 }, stream, session);
    found.set(files, (found.get(files) ?? 0) + 1);
  }
  expect([...found.keys()].toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const count of found.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(1000 * (7 / 8)));
});
