import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldMean, heldShare, worstRatio, worstSum } from './windows.ts';

const RUNS = { seed: 20201124, numRuns: 300 };
const values = (max: number) => fc.array(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 40 });

/** Two series of one length, and a window that fits. */
const pair = fc
  .tuple(values(9), fc.integer({ min: 1, max: 40 }), fc.infiniteStream(fc.integer({ min: 0, max: 9 })))
  .map(([first, length, more]) => ({
    first: Float64Array.from(first),
    second: Float64Array.from(first, () => more.next().value as number),
    length: Math.min(length, first.length),
  }));

function sum(series: Float64Array, from: number, to: number): number {
  return series.slice(from, to).reduce((total, value) => total + value, 0);
}

function starts(series: Float64Array, length: number): number[] {
  return Array.from({ length: series.length - length + 1 }, (_, from) => from);
}

describe('sliding windows agree with adding up each window by itself', () => {
  it('for the worst ratio', () => {
    fc.assert(
      fc.property(pair, ({ first, second, length }) => {
        const ratios = starts(first, length)
          .filter((from) => sum(second, from, from + length) > 0)
          .map((from) => sum(first, from, from + length) / sum(second, from, from + length));
        const lowest = worstRatio(first, second, length, 'lowest');
        const highest = worstRatio(first, second, length, 'highest');
        if (ratios.length === 0) {
          expect(lowest).toBeUndefined();
        } else {
          expect(lowest?.value).toBeCloseTo(Math.min(...ratios), 12);
          expect(highest?.value).toBeCloseTo(Math.max(...ratios), 12);
          const { from = 0, to = 0, value } = lowest ?? {};
          expect(sum(first, from, to) / sum(second, from, to)).toBeCloseTo(value ?? NaN, 12);
        }
      }),
      RUNS,
    );
  });

  it('for the worst sum', () => {
    fc.assert(
      fc.property(pair, ({ first, length }) => {
        const sums = starts(first, length).map((from) => sum(first, from, from + length));
        expect(worstSum(first, length, 'lowest')?.value).toBe(Math.min(...sums));
        expect(worstSum(first, length, 'highest')?.value).toBe(Math.max(...sums));
      }),
      RUNS,
    );
  });

  it('for the rate held around each minute with a request', () => {
    fc.assert(
      fc.property(pair, ({ first: requested, second: done, length }) => {
        const best = [...requested.keys()]
          .filter((minute) => requested[minute]! > 0)
          .map((minute) =>
            Math.max(
              ...starts(done, length)
                .filter((from) => from <= minute && minute < from + length)
                .map((from) => sum(done, from, from + length) / length),
            ),
          );
        const found = heldMean(requested, done, length);
        if (best.length === 0) expect(found).toBeUndefined();
        else expect(found?.value).toBeCloseTo(Math.min(...best), 12);
      }),
      RUNS,
    );
  });

  it('for the share held from each minute with a request', () => {
    fc.assert(
      fc.property(pair, ({ first: requested, second: done, length }) => {
        const minutes = requested.length;
        const best = [...requested.keys()]
          .filter((start) => requested[start]! > 0 && (minutes - start) * 2 >= length)
          .map((start) => {
            const ends = Array.from({ length: Math.min(length, minutes - start) }, (_, more) => start + 1 + more);
            const share = Math.max(...ends.map((end) => sum(done, start, end) / sum(requested, start, end)));
            return 1 - (1 - Math.min(1, share)) * (ends.length / length);
          });
        const found = heldShare(requested, done, length);
        if (best.length === 0) expect(found).toBeUndefined();
        else expect(found?.value).toBeCloseTo(Math.min(...best), 12);
      }),
      RUNS,
    );
  });
});

describe('the share of a requested rate that was held over two hours of a day', () => {
  const DAY = 1440;
  const WINDOW = 120;
  const day = (at: (minute: number) => number): Float64Array => Float64Array.from({ length: DAY }, (_, m) => at(m));
  const steady = day(() => 100);
  const held = (done: Float64Array, requested = steady): number | undefined =>
    heldShare(requested, done, WINDOW)?.value;

  it('is 90 % where 90 % is served all the time (CCRC08)', () => {
    expect(held(day(() => 90))).toBeCloseTo(0.9, 12);
  });

  it('is all where a stall of half an hour is made up within the window (SC4: made up afterwards)', () => {
    const done = day((m) => (m >= 600 && m < 630 ? 0 : m >= 630 && m < 690 ? 150 : 100));
    expect(held(done)).toBe(1);
  });

  it('is three quarters where half an hour of two hours is lost and never made up', () => {
    expect(held(day((m) => (m >= 600 && m < 630 ? 0 : 100)))).toBeCloseTo(0.75, 12);
  });

  it('is not lowered by the time that a burst takes', () => {
    const requested = day((m) => (m === 540 ? 6000 : 0));
    expect(
      held(
        day((m) => (m > 550 && m <= 610 ? 100 : 0)),
        requested,
      ),
    ).toBe(1);
  });

  it('shows a link that stops an hour before the day ends and was asked on', () => {
    expect(held(day((m) => (m < DAY - 60 ? 100 : 0)))).toBeCloseTo(0.5, 12);
  });

  it('does not judge what was asked for in the last half hour and may still come', () => {
    const requested = day((m) => (m === DAY - 30 ? 6000 : 0));
    expect(
      held(
        day(() => 0),
        requested,
      ),
    ).toBeUndefined();
  });

  it('names the start of the window in which it was worst', () => {
    const found = heldShare(
      steady,
      day((m) => (m >= 600 && m < 660 ? 0 : 100)),
      WINDOW,
    );
    expect(found?.from).toBe(600);
  });
});
