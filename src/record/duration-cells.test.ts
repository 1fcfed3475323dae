import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { bucketMiddle, bucketOf, DurationCells, QUANTILE_RELATIVE_ERROR, selectDurations } from './duration-cells.ts';

const DAY = 1440;

function cellsOf(values: readonly (readonly [minute: number, seconds: number])[], minutesPerCell = 1): DurationCells {
  const cells = new DurationCells(DAY, minutesPerCell);
  for (const [minute, seconds] of values) cells.add(minute, seconds, bucketOf(seconds));
  return cells;
}

/** The nearest-rank quantile of values, as the textbook has it. */
function exactQuantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length - 1e-9)) - 1] ?? NaN;
}

/** Durations from a millisecond to eleven days, each decade as likely as the next. */
const seconds = fc.double({ min: -3, max: 6, noNaN: true }).map((exponent) => 10 ** exponent);
const minute = fc.nat(DAY - 1);
const shares = [0.01, 0.5, 0.9, 0.95, 0.99, 1];

describe('percentiles of durations', () => {
  test('are within the stated error of the exact ones', () => {
    expect(QUANTILE_RELATIVE_ERROR).toBeLessThan(0.008);
    fc.assert(
      fc.property(fc.array(fc.tuple(minute, seconds), { minLength: 1, maxLength: 400 }), (values) => {
        const selection = cellsOf(values).select();
        for (const share of shares) {
          const exact = exactQuantile(
            values.map(([, value]) => value),
            share,
          );
          expect(Math.abs(selection.quantile(share) / exact - 1)).toBeLessThanOrEqual(QUANTILE_RELATIVE_ERROR);
        }
      }),
      { seed: 1 },
    );
  });

  test('agree with those of an HdrHistogram of three digits', () => {
    const values = Array.from({ length: 5000 }, (_, index) => 0.01 * (1 + ((index * 7919) % 5000)) ** 1.7);
    const histogram = build({ highestTrackableValue: 2 ** 40, numberOfSignificantValueDigits: 3 });
    for (const value of values) histogram.recordValue(value * 1000);
    const selection = cellsOf(values.map((value, index) => [index % DAY, value])).select();
    for (const share of [0.5, 0.9, 0.95, 0.99]) {
      const theirs = histogram.getValueAtPercentile(share * 100) / 1000;
      expect(Math.abs(selection.quantile(share) / theirs - 1)).toBeLessThanOrEqual(QUANTILE_RELATIVE_ERROR + 0.001);
    }
  });

  test('of a part of the run are those of what was intended in it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(minute, seconds), { maxLength: 300 }), minute, (values, boundary) => {
        const selection = cellsOf(values).select((at) => at < boundary);
        const kept = values.filter(([at]) => at < boundary).map(([, value]) => value);
        expect(selection.count).toBe(kept.length);
        if (kept.length === 0) expect(selection.quantile(0.95)).toBeNaN();
        else {
          expect(Math.abs(selection.quantile(0.95) / exactQuantile(kept, 0.95) - 1)).toBeLessThanOrEqual(
            QUANTILE_RELATIVE_ERROR,
          );
        }
      }),
      { seed: 2 },
    );
  });

  test('count what never ended as longer than all else', () => {
    const done = Array.from({ length: 95 }, (_, index): [number, number] => [index, 10]);
    const never = Array.from({ length: 5 }, (_, index): [number, number] => [index, Infinity]);
    const selection = cellsOf([...done, ...never]).select();
    expect(selection.count).toBe(100);
    expect(selection.unfinished).toBe(5);
    expect(selection.quantile(0.95)).toBeCloseTo(10, 1);
    expect(selection.quantile(0.96)).toBe(Infinity);
    expect(selection.mean).toBe(10);
  });

  test('are not there where nothing was counted', () => {
    const selection = cellsOf([]).select();
    expect(selection.count).toBe(0);
    expect(selection.quantile(0.5)).toBeNaN();
    expect(selection.mean).toBeNaN();
  });

  test('have an exact mean and an exact largest value over the whole run', () => {
    const selection = cellsOf([
      [0, 1.2345],
      [700, 17.000001],
    ]).select();
    expect(selection.mean).toBeCloseTo((1.2345 + 17.000001) / 2, 12);
    expect(selection.quantile(1)).toBe(17.000001);
  });

  test('are the same whether counted in one view or in several taken together', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(minute, seconds), { minLength: 1, maxLength: 200 }), (values) => {
        const together = cellsOf(values).select();
        const apart = selectDurations([
          cellsOf(values.filter((_, index) => index % 2 === 0)),
          cellsOf(values.filter((_, index) => index % 2 === 1)),
        ]);
        for (const share of shares) expect(apart.quantile(share)).toBe(together.quantile(share));
        expect(apart.mean).toBeCloseTo(together.mean, 6);
      }),
      { seed: 3, numRuns: 50 },
    );
  });
});

test('five minutes are kept or left out together, as their middle one is', () => {
  const cells = cellsOf([[1438, 5]], 5);
  expect(cells.select((at) => at === 1437).count).toBe(1);
  expect(cells.select((at) => at === 1438).count).toBe(0);
});

test('the last five minutes are kept where the run ends before their middle', () => {
  const cells = new DurationCells(1, 5);
  cells.add(0, 3, bucketOf(3));
  expect(cells.select((at) => at === 0).count).toBe(1);
});

describe('buckets', () => {
  test('hold values within half a bucket of their middle', () => {
    fc.assert(
      fc.property(fc.double({ min: 2 ** -10, max: 2 ** 50, noNaN: true }), (value) => {
        expect(Math.abs(bucketMiddle(bucketOf(value)) / value - 1)).toBeLessThanOrEqual(QUANTILE_RELATIVE_ERROR);
      }),
      { seed: 4 },
    );
  });

  test('take values below a millisecond, and negative ones, as 0', () => {
    for (const value of [0, -0, 1e-9, -5, -Infinity]) expect(bucketMiddle(bucketOf(value))).toBe(0);
  });
});
