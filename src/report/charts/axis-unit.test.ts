// One unit for a whole chart, so that its numbers stay short.
import { describe, expect, it } from 'vitest';
import { bytesUnit, durationUnit, highest, rateUnit } from './axis-unit.ts';

describe('the unit of an axis', () => {
  it.each([
    [1.25e9, 'Gbit/s', 10],
    [1.2e8, 'Mbit/s', 960],
    [100, 'bit/s', 800],
    [0, 'bit/s', 0],
  ])('%d bytes per second are shown in %s', (value, label, shown) => {
    const unit = rateUnit(value);
    expect(unit.label).toBe(label);
    expect(value / unit.divisor).toBe(shown);
  });

  it.each([
    [999, 'B'],
    [1000, 'kB'],
    [5e13, 'TB'],
    [1e30, 'EB'],
  ])('%d bytes are shown in %s', (value, label) => {
    expect(bytesUnit(value).label).toBe(label);
  });

  it.each([
    [90, 'seconds'],
    [600, 'minutes'],
    [4 * 3600, 'hours'],
    [3 * 86400, 'days'],
  ])('%d seconds are shown in %s', (value, label) => {
    expect(durationUnit(value).label).toBe(label);
  });

  it('starts from zero where there is nothing', () => {
    expect(highest([])).toBe(0);
  });
});
