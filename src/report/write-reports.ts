// Makes every report of a run from its folder alone, and writes them into it.
import { join } from 'node:path';
import { openFinishedRun, writeRunFile } from '../record/run-folder.ts';
import { buildReport } from './build-report.ts';
import { loadRunData } from './load-run-data.ts';
import { renderHtml } from './render-html.ts';
import { renderJson } from './render-json.ts';
import { renderJunit } from './render-junit.ts';
import { renderMarkdown } from './render-markdown.ts';

/** Paths of the reports. */
export interface ReportPaths {
  readonly html: string;
  readonly markdown: string;
  readonly json: string;
  readonly junit: string;
}

/**
 * Writes report.html, report.md, report.json and junit.xml into a run folder, each whole or not at all. The same folder
 * gives the same bytes. Throws an `FdrError` where the folder is not that of a finished run or cannot be written to.
 */
export async function writeReports(folder: string): Promise<ReportPaths> {
  const found = openFinishedRun(folder);
  const run = await loadRunData(found);
  const report = buildReport(run);
  const texts = {
    'report.html': await renderHtml(report),
    'report.md': renderMarkdown(report),
    'report.json': renderJson(report),
    'junit.xml': renderJunit(run.summary),
  };
  for (const [name, text] of Object.entries(texts)) writeRunFile(found, name, text);
  return {
    html: join(folder, 'report.html'),
    markdown: join(folder, 'report.md'),
    json: join(folder, 'report.json'),
    junit: join(folder, 'junit.xml'),
  };
}
