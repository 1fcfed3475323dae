import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MinuteSeries, SeriesStore, sumOfSeries, type SeriesPrecision } from './minute-series.ts';

const DAY = 1440;

function seriesOf(minutes = DAY, precision: SeriesPrecision = 'exact', empty = 0): MinuteSeries {
  return new MinuteSeries(new SeriesStore(minutes, precision), empty);
}

/** What is put into a series of a day: minutes and volumes in bytes. */
const entries = fc.array(fc.tuple(fc.nat(DAY - 1), fc.nat(1e12)), { maxLength: 300 });

describe('a series by minute', () => {
  test('adds up to what was put in, minute by minute and in all', () => {
    fc.assert(
      fc.property(entries, (put) => {
        const series = seriesOf();
        const expected = new Float64Array(DAY);
        for (const [minute, value] of put) {
          series.add(minute, value);
          expected[minute]! += value;
        }
        expect(series.toArray()).toEqual(expected);
        expect(series.total()).toBe(expected.reduce((sum, value) => sum + value, 0));
        for (const [minute] of put) expect(series.at(minute)).toBe(expected[minute]);
      }),
      { seed: 7 },
    );
  });

  test('keeps a value that was set over an earlier one', () => {
    const series = seriesOf();
    series.set(17, 5);
    series.set(17, 3);
    expect(series.at(17)).toBe(3);
    expect(series.total()).toBe(3);
  });

  test('tells only minutes that say something', () => {
    const series = seriesOf();
    series.add(1000, 2);
    series.add(3, 0);
    const told: [number, number][] = [];
    series.forEach((minute, value) => told.push([minute, value]));
    expect(told).toEqual([[1000, 2]]);
  });

  test('tells zeros where an empty minute is one that nobody asked about', () => {
    const series = seriesOf(60, 'count', NaN);
    series.set(4, 0);
    series.set(5, 1);
    const told: [number, number][] = [];
    series.forEach((minute, value) => told.push([minute, value]));
    expect(told).toEqual([
      [4, 0],
      [5, 1],
    ]);
    expect(series.at(30)).toBeNaN();
    expect(series.toArray()[59]).toBeNaN();
  });

  test('counts whole numbers exactly up to 16,777,216 a minute', () => {
    const series = seriesOf(10, 'count');
    series.add(2, 16_777_215);
    series.add(2, 1);
    expect(series.at(2)).toBe(16_777_216);
  });

  test('has as many minutes as the run, not as its last piece', () => {
    const series = seriesOf(61);
    series.add(60, 1);
    expect(series.toArray()).toHaveLength(61);
    expect(series.toArray()[60]).toBe(1);
  });
});

test('a sum of series is the sum of their minutes', () => {
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 4 }), (puts) => {
      const store = new SeriesStore(DAY, 'exact');
      const parts = puts.map((put) => {
        const part = new MinuteSeries(store);
        for (const [minute, value] of put) part.add(minute, value);
        return part;
      });
      const sum = sumOfSeries(parts, DAY);
      const expected = new Float64Array(DAY);
      for (const part of parts) part.toArray().forEach((value, minute) => (expected[minute]! += value));
      expect(sum.toArray()).toEqual(expected);
      expect(sum.total()).toBe(expected.reduce((total, value) => total + value, 0));
    }),
    { seed: 8, numRuns: 30 },
  );
});
