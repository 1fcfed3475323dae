// Which storages the chart of outages draws.
import { describe, expect, it } from 'vitest';
import { makeContext } from '../report-context.ts';
import { runForTests } from '../run-for-tests.ts';
import { availabilityStrip } from './availability-strip.ts';

/** The made-up day with so many storages, of which those named did not answer in the first ten minutes. */
function stripOf(count: number, down: readonly string[]) {
  const run = runForTests();
  const [some] = Object.values(run.summary.storages);
  const storages = Object.fromEntries(Array.from({ length: count }, (_, index) => [`DISK-${index}`, some!]));
  const series = {
    minutes: run.series.minutes,
    subjects: () => [],
    measures: () => [],
    series: (_kind: string, subject: string) =>
      Float64Array.from({ length: run.series.minutes }, (_, minute) => (minute < 10 && down.includes(subject) ? 0 : 1)),
  };
  return availabilityStrip(makeContext({ ...run, series, summary: { ...run.summary, storages } }));
}

describe('the chart of outages', () => {
  it('draws every storage of a small lake', () => {
    const strip = stripOf(3, ['DISK-1']);
    expect(strip?.drawing.rows['storages']).toHaveLength(3);
    expect(strip?.caption).toBe('1 outage at 1 storage; paler where it answered part of the time.');
  });

  it('draws the storages of a large lake that had one, wherever they are in it', () => {
    const strip = stripOf(71, ['DISK-2', 'DISK-70']);
    expect(strip?.drawing.rows['storages']?.map((row) => row['storage'])).toEqual(['DISK-2', 'DISK-70']);
    expect(strip?.caption).toContain('2 outages at 2 storages');
    expect(strip?.caption).toContain('The 69 that answered all the time are not drawn.');
  });

  it('is not there where every storage answered all the time', () => {
    expect(stripOf(3, [])).toBeUndefined();
  });
});
