import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  formatShare,
  formatTimeOfDay,
  parseMoment,
  parseMoneyPerByte,
  parseQuantity,
  QuantityError,
  type QuantityKind,
} from './units.ts';

fc.configureGlobal({ seed: 20201124 });

function complaint(text: unknown, kind: QuantityKind): string {
  try {
    parseQuantity(text, kind);
  } catch (error) {
    if (error instanceof QuantityError) return `${error.message}; ${error.hint}`;
    throw error;
  }
  return 'accepted';
}

describe('reading quantities', () => {
  it.each([
    ['50 MB', 'bytes', 50e6],
    ['50MB', 'bytes', 50e6],
    ['2 TiB', 'bytes', 2 * 2 ** 40],
    ['1 kB', 'bytes', 1000],
    ['1 KiB', 'bytes', 1024],
    ['0 B', 'bytes', 0],
    ['1.2 GB', 'bytes', 1.2e9],
    ['5 Gbit/s', 'rate', 5e9 / 8],
    ['10 Gb/s', 'rate', 10e9 / 8],
    ['10 Gbps', 'rate', 10e9 / 8],
    ['600 MB/s', 'rate', 600e6],
    ['1 Gibit/s', 'rate', 2 ** 30 / 8],
    ['86.4 TB/d', 'rate', 1e9],
    ['90s', 'duration', 90],
    ['1h30m', 'duration', 5400],
    ['1h 30min', 'duration', 5400],
    ['14d', 'duration', 14 * 86400],
    ['500ms', 'duration', 0.5],
    ['45min', 'duration', 2700],
    ['1.5h', 'duration', 5400],
    ['95%', 'share', 0.95],
    ['0.001%', 'share', 1e-5],
    ['06:00', 'time-of-day', 21600],
    ['06:00+1d', 'time-of-day', 21600 + 86400],
    ['24:00', 'time-of-day', 86400],
    ['06:00:30', 'time-of-day', 21630],
    ['120/h', 'event-rate', 120 / 3600],
    ['2 / s', 'event-rate', 2],
  ] as const)('%s as %s', (text, kind, value) => {
    expect(parseQuantity(text, kind) / (value || 1)).toBeCloseTo(value === 0 ? 0 : 1, 12);
  });

  it('reads a price per byte with its currency', () => {
    const price = parseMoneyPerByte('0.08 EUR/GB');
    expect(price.currency).toBe('EUR');
    expect(price.perByte * 1e9).toBeCloseTo(0.08, 12);
    expect(() => parseMoneyPerByte('0.08')).toThrow('"0.08" has no unit');
  });

  it('tells a time of day from a duration since the start', () => {
    expect(parseMoment('06:00')).toEqual({ from: 'midnight', seconds: 21600 });
    expect(parseMoment('90min')).toEqual({ from: 'start', seconds: 5400 });
  });

  it.each([
    [50, 'bytes', '50 has no unit; write for example 50 MB or 50 GB'],
    ['50', 'bytes', '"50" has no unit; write for example 50 MB or 50 GB'],
    [5, 'rate', '5 has no unit; write for example 5 Gbit/s or 5 MB/s'],
    [0.95, 'share', '0.95 has no unit; write for example 95%'],
    ['50 mb', 'bytes', '"50 mb" is not a size; did you mean 50 MB?'],
    ['50 Mb', 'bytes', '"50 Mb" is not a size; did you mean 50 MB?'],
    ['1 KB', 'bytes', '"1 KB" is not a size; did you mean 1 kB?'],
    ['5 gbit/s', 'rate', '"5 gbit/s" is not a rate; did you mean 5 Gbit/s?'],
    ['600 MB', 'rate', '"600 MB" is not a rate; that is a size; did you mean 600 MB/s?'],
    ['5 Gbit/s', 'bytes', '"5 Gbit/s" is not a size; that is a rate; a size has no time in it, for example 50 MB'],
    ['3 hours', 'duration', '"3 hours" is not a duration; did you mean 3h?'],
    ['-5s', 'duration', '"-5s" is negative; write for example 90s or 1h30m or 14d'],
    ['120%', 'share', '"120%" is too large; the most is 100%'],
    ['25:00', 'time-of-day', '"25:00" is not a time of day; write for example 06:00 or 06:00+1d'],
    ['1,000 MB', 'bytes', '"1,000 MB" is not a size; write numbers as 1000 or 0.5'],
    ['99999999 EB', 'bytes', '"99999999 EB" is too large; the most is 1000 EB'],
    ['', 'duration', '"" is not a duration; write for example 90s or 1h30m or 14d'],
    [null, 'bytes', 'not a size; write for example 50 MB or 2 TiB'],
  ] as const)('refuses %s as %s and says what to write', (text, kind, expected) => {
    expect(complaint(text, kind)).toBe(expected);
  });

  it('never throws anything but a QuantityError, whatever is written', () => {
    const kinds = fc.constantFrom<QuantityKind>('bytes', 'rate', 'duration', 'share', 'time-of-day', 'event-rate');
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{1,3} ?[kKMGTihmsdB%/:+]{0,5}$/)),
        kinds,
        (text, kind) => {
          try {
            expect(parseQuantity(text, kind)).toBeGreaterThanOrEqual(0);
          } catch (error) {
            expect(error).toBeInstanceOf(QuantityError);
          }
        },
      ),
    );
  });
});

describe('writing quantities', () => {
  it.each([
    [formatBytes(0), '0 B'],
    [formatBytes(512), '512 B'],
    [formatBytes(50e6), '50.0 MB'],
    [formatBytes(175e9), '175 GB'],
    [formatBytes(999_960), '1.0 MB'],
    [formatBytes(Infinity), 'unlimited'],
    [formatBytes(Number.NaN), '–'],
    [formatRate(625e6), '5.0 Gbit/s'],
    [formatRate(0), '0 bit/s'],
    [formatDuration(0), '0s'],
    [formatDuration(0.32), '320ms'],
    [formatDuration(4.2), '4.2s'],
    [formatDuration(5400), '1h 30min'],
    [formatDuration(59.97), '1min'],
    [formatDuration(3599.7), '1h'],
    [formatDuration(14 * 86400), '14d'],
    [formatDuration(2 * 86400 + 4 * 3600 + 59), '2d 4h'],
    [formatShare(0.95), '95%'],
    [formatShare(0.9534), '95.3%'],
    [formatShare(0.99999), '99.999%'],
    [formatShare(0.0001), '0.01%'],
    [formatShare(1), '100%'],
    [formatTimeOfDay(21600), '06:00'],
    [formatTimeOfDay(21630), '06:00:30'],
    [formatTimeOfDay(86400 + 21600), '06:00+1d'],
    [formatCount(3500), '3,500'],
    [formatCount(12), '12'],
    [formatCount(1_234_567.25), '1,234,567.3'],
  ])('%s', (written, expected) => {
    expect(written).toBe(expected);
  });

  it('writes sizes and rates that read back within the half of their last digit', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e3, max: 9e20, noNaN: true }), (value) => {
        expect(Math.abs(parseQuantity(formatBytes(value), 'bytes') / value - 1)).toBeLessThanOrEqual(0.06);
        const rate = value / 1e3;
        expect(Math.abs(parseQuantity(formatRate(rate), 'rate') / rate - 1)).toBeLessThanOrEqual(0.06);
      }),
    );
  });

  it('writes durations that read back within the half of the second unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 3e9, noNaN: true }), (seconds) => {
        const back = parseQuantity(formatDuration(seconds), 'duration');
        const step = seconds >= 86400 ? 3600 : seconds >= 3600 ? 60 : seconds >= 59 ? 1 : seconds * 0.01;
        expect(Math.abs(back - seconds)).toBeLessThanOrEqual(step / 2 + 1e-9);
      }),
    );
  });

  it('writes times of day that read back exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 * 86400 }), (seconds) => {
        expect(parseQuantity(formatTimeOfDay(seconds), 'time-of-day')).toBe(seconds);
      }),
    );
  });

  it('writes shares that read back within a twentieth of a percent, and never rounds to all or nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const written = formatShare(share);
        if (share < 1) expect(written).not.toBe('100%');
        if (share > 0) expect(written).not.toBe('0%');
        const back = parseQuantity(written.replace(/[<>]/, ''), 'share');
        expect(Math.abs(back - share)).toBeLessThanOrEqual(0.00051);
      }),
    );
  });
});
