// Makes the report of a run as data: the front page, then a page per site, per service and per experiment.
import type { Page, ReportDocument } from './document.ts';
import { experimentPage } from './pages/experiment.ts';
import { frontPage } from './pages/front.ts';
import { servicePages } from './pages/services.ts';
import { sitePage } from './pages/site.ts';
import { makeContext } from './report-context.ts';
import type { RunData } from './run-data.ts';

/** Pure: the same run gives the same report. */
export function buildReport(run: RunData): ReportDocument {
  const context = makeContext(run);
  const pages: Page[] = [
    frontPage(context),
    ...Object.keys(run.summary.sites).map((name) => sitePage(name, context)),
    ...servicePages(context),
    ...Object.keys(run.summary.experiments).map((name) => experimentPage(name, context)),
  ];
  return { title: run.summary.scenario.name, version: run.summary.version, verdict: run.summary.verdict, pages };
}
