// Bins of charts and tables: nothing is lost or counted twice when minutes are added up.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeries, chooseBins, heldByBin, maxByBin, meanByBin, rateByBin, sumByBin, tableBins } from './bins.ts';

const DAY = 86400;

describe('bins', () => {
  it.each([
    [60, 1, 60],
    [3600, 60, 60],
    [DAY, 96, 900],
    [7 * DAY, 84, 7200],
    [365 * DAY, 92, 4 * DAY],
  ])('a run of %d s is drawn in %d bins of %d s', (duration, count, seconds) => {
    expect(chooseBins(duration)).toEqual({ count, seconds, durationSeconds: duration });
  });

  it('a day is tabled by the hour', () => {
    expect(tableBins(DAY)).toMatchObject({ count: 24, seconds: 3600 });
  });

  it('keep the sum of any series', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 3000 }), (minutes) => {
        const sums = sumByBin(Float64Array.from(minutes), chooseBins(minutes.length * 60));
        expect(sums.reduce((sum, value) => sum + value, 0)).toBe(minutes.reduce((sum, value) => sum + value, 0));
      }),
      { seed: 1 },
    );
  });

  it('divide what the last bin holds by its own length', () => {
    const bins = chooseBins(100 * 60);
    expect(bins.seconds).toBe(120);
    const rates = rateByBin(new Float64Array(100).fill(60), bins);
    expect([...new Set(rates)]).toEqual([1]);
    const cut = chooseBins(101 * 60);
    expect(rateByBin(new Float64Array(101).fill(60), cut).at(-1)).toBe(1);
  });

  it('take the mean and the most of a gauge, and keep a limit while nothing is said', () => {
    const bins = chooseBins(4 * 3600);
    const gauge = Float64Array.from({ length: 240 }, (_, minute) => (minute < 120 ? minute % 5 : 0));
    expect(bins.seconds).toBe(300);
    expect(meanByBin(gauge, bins)[0]).toBe(2);
    expect(maxByBin(gauge, bins)[0]).toBe(4);
    expect(heldByBin(gauge, bins).at(-1)).toBe(4);
  });

  it('take a minute without a value for nothing', () => {
    expect([...(addSeries([Float64Array.of(1, Number.NaN), Float64Array.of(2, 3), undefined]) ?? [])]).toEqual([3, 3]);
    expect(addSeries([undefined])).toBeUndefined();
  });
});
