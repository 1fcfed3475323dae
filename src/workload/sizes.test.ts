import { expect, test } from 'vitest';
import { constant, type Law } from '../core/law.ts';
import { fileSizeBytes, fileSizeStream } from './sizes.ts';

const LOGNORMAL: Law = { kind: 'lognormal', median: 4e9, sigma: 1, min: 0, max: Infinity };

test('a file is of whole bytes and of at least one', () => {
  const stream = fileSizeStream(1, 'SKA', 'sdc1');
  expect(fileSizeBytes(constant(0.2), stream, 0, 0)).toBe(1);
  for (let file = 0; file < 1000; file++)
    expect(Number.isInteger(fileSizeBytes(LOGNORMAL, stream, 3, file))).toBe(true);
});

test('sizes follow their law over the files of all datasets', () => {
  const stream = fileSizeStream(1, 'SKA', 'sdc1');
  const logarithms: number[] = [];
  for (let dataset = 0; dataset < 100; dataset++) {
    for (let file = 0; file < 100; file++)
      logarithms.push(Math.log(fileSizeBytes(LOGNORMAL, stream, dataset, file) / 4e9));
  }
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length;
  const variance = logarithms.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logarithms.length;
  // Standard errors over 10,000 values of a unit normal: 0.01 for the mean, 0.0141 for the variance.
  expect(Math.abs(mean)).toBeLessThan(4 * 0.01);
  expect(Math.abs(variance - 1)).toBeLessThan(4 * 0.0141);
});

test('a file keeps its size whatever other files are asked for, and differs between workflows', () => {
  const size = fileSizeBytes(LOGNORMAL, fileSizeStream(9, 'SKA', 'sdc1'), 12, 345);
  const stream = fileSizeStream(9, 'SKA', 'sdc1');
  fileSizeBytes(LOGNORMAL, stream, 1, 1);
  expect(fileSizeBytes(LOGNORMAL, stream, 12, 345)).toBe(size);
  expect(fileSizeBytes(LOGNORMAL, fileSizeStream(9, 'SKA', 'sdc2'), 12, 345)).not.toBe(size);
});
