// What the pages are made from: the summary, the series by minute and the files of the run, with a few common views.
import type { Lake } from '../lake/lake.ts';
import type { RunSeries } from '../record/read-series.ts';
import type { Incident, JudgedExpectation, Summary } from '../record/summary.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Finding } from '../verdict/finding.ts';
import type { OperationFigures } from './operation-figures.ts';

export interface RunData {
  readonly summary: Summary;
  readonly series: RunSeries;
  readonly scenario: Scenario;
  readonly lake: Lake;
  /** The things that mattered most, the most important first. */
  readonly findings: readonly Finding[];
  readonly operations: OperationFigures;
}

/** Names of storages at a site, in the order of the summary. */
export function storagesAt(run: RunData, site: string): string[] {
  return Object.entries(run.summary.storages)
    .filter(([, storage]) => storage.site === site)
    .map(([name]) => name);
}

export function siteOfStorage(run: RunData, storage: string): string {
  return run.summary.storages[storage]?.site ?? '';
}

/** Splits `A -> B`. */
export function linkEnds(link: string): { from: string; to: string } {
  const at = link.indexOf(' -> ');
  return at < 0 ? { from: link, to: '' } : { from: link.slice(0, at), to: link.slice(at + 4) };
}

/** Expectations about one of the subjects, such as a site, its storages and caches. */
export function expectationsOf(run: RunData, per: string, subjects: readonly string[]): JudgedExpectation[] {
  return run.summary.expectations.filter((one) => one.per === per && subjects.includes(one.subject));
}

export function incidentsOf(run: RunData, subjects: readonly string[]): Incident[] {
  return run.summary.incidents.filter((one) => subjects.includes(one.subject) || subjects.includes(one.site));
}
