// A site's traffic against the capacity of its link.
import { expect, it } from 'vitest';
import { buildReport } from '../build-report.ts';
import type { Page } from '../document.ts';
import { runForTests } from '../run-for-tests.ts';

/** The page of LAPP where so many bytes a minute came over its link from other sites, and none went out. */
function pageOfLapp(inBytes: number): Page {
  const run = runForTests();
  const series = {
    minutes: run.series.minutes,
    subjects: run.series.subjects.bind(run.series),
    measures: run.series.measures.bind(run.series),
    series: (...asked: Parameters<typeof run.series.series>) =>
      asked.join() === 'site,LAPP,in_bytes'
        ? new Float64Array(run.series.minutes).fill(inBytes)
        : run.series.series(...asked),
  };
  const found = buildReport({ ...run, series }).pages.find(({ id }) => id === 'site-lapp');
  if (found === undefined) throw new Error('no page of LAPP');
  return found;
}

function captionOf(page: Page, chart: string): string {
  const found = page.sections.flatMap(({ blocks }) => blocks).find((one) => one.kind === 'chart' && one.id === chart);
  return found?.kind === 'chart' ? found.caption : '';
}

it('only what comes from other sites and goes to them is held against the capacity of the link', () => {
  // 7.5 GB in a minute are 1 Gbit/s.
  const page = pageOfLapp(7.5e9);
  expect(captionOf(page, 'rate-in')).toContain(
    'Over the link to other sites went at most 1.0 Gbit/s in a minute: 10% of',
  );
  expect(captionOf(page, 'rate-out')).toContain('Nothing of it went over the link to other sites.');
  const figures = page.sections[0]?.blocks[0];
  const peaks = figures?.kind === 'facts' ? figures.items.filter(({ label }) => label.startsWith('Peak')) : [];
  expect(peaks.map(({ label, value }) => `${label}: ${value.text}`)).toEqual([
    'Peak in over the link: 1.0 Gbit/s',
    'Peak out over the link: 0 bit/s',
  ]);
});
