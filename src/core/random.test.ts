import { expect, test } from 'vitest';
import { draw, meanOf, type Law } from './law.ts';
import { RandomStream } from './random.ts';

const DRAWS = 200_000;

test('draws are uniform: chi-square of 100 cells stays within 5 standard deviations, over entities and over indexes', () => {
  const stream = new RandomStream(20201124, 'test');
  for (const pick of [
    (n: number) => stream.uniform(n),
    (n: number) => stream.uniform(7, n),
    (n: number) => stream.uniform(n * 2 ** 20),
  ]) {
    const cells = new Array<number>(100).fill(0);
    for (let n = 0; n < DRAWS; n++) cells[Math.floor(pick(n) * 100)]!++;
    const expected = DRAWS / 100;
    const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // Chi-square with 99 degrees of freedom: mean 99, standard deviation sqrt(198).
    expect(Math.abs(chiSquare - 99)).toBeLessThan(5 * Math.sqrt(198));
  }
});

test('neighbours are independent: the correlation of successive draws stays within 5 / sqrt(n)', () => {
  const stream = new RandomStream(1, 'test');
  for (const next of [
    (n: number) => stream.uniform(n + 1),
    (n: number) => stream.uniform(n, 1),
    (n: number) => new RandomStream(2, 'test').uniform(n),
  ]) {
    let sum = 0;
    for (let n = 0; n < DRAWS; n++) sum += (stream.uniform(n) - 0.5) * (next(n) - 0.5);
    expect(Math.abs((sum / DRAWS) * 12)).toBeLessThan(5 / Math.sqrt(DRAWS));
  }
});

test('a draw depends on seed, stream, entity and index, and on nothing else', () => {
  const value = new RandomStream(5, 'sizes').uniform(42, 3);
  expect(new RandomStream(5, 'sizes').uniform(42, 3)).toBe(value);
  for (const other of [
    new RandomStream(6, 'sizes').uniform(42, 3),
    new RandomStream(5, 'arrivals').uniform(42, 3),
    new RandomStream(5, 'sizes').uniform(43, 3),
    new RandomStream(5, 'sizes').uniform(42, 4),
  ]) {
    expect(other).not.toBe(value);
  }
});

test('values for seed 42 do not change between versions', () => {
  const stream = new RandomStream(42, 'golden');
  expect([0, 1, 2].map((entity) => stream.uniform(entity).toFixed(12))).toMatchInlineSnapshot(`
    [
      "0.127685359669",
      "0.590206112495",
      "0.097295157783",
    ]
  `);
});

test.each<Law>([
  { kind: 'uniform', min: 2, max: 10 },
  { kind: 'exponential', mean: 3, min: 0, max: Infinity },
  { kind: 'lognormal', median: 4, sigma: 0.5, min: 0, max: Infinity },
])('the mean of $kind draws is the mean of the law', (law) => {
  const stream = new RandomStream(9, 'law');
  let sum = 0;
  for (let entity = 0; entity < DRAWS; entity++) sum += draw(law, stream, entity);
  expect(sum / DRAWS / meanOf(law)).toBeCloseTo(1, 1.8);
});

test('a law is clipped to its bounds', () => {
  const stream = new RandomStream(9, 'law');
  const law: Law = { kind: 'lognormal', median: 4, sigma: 2, min: 1, max: 20 };
  const values = [...Array(2000)].map((_, entity) => draw(law, stream, entity));
  expect([Math.min(...values), Math.max(...values)]).toEqual([1, 20]);
});
