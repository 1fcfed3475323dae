// What the pages are made from: the summary, the series by minute and the files of the run, with a few common views.
import type { SubjectKind } from '../core/sink.ts';
import type { Lake } from '../lake/lake.ts';
import type { Incident, JudgedExpectation, Summary } from '../record/summary.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Finding } from '../verdict/finding.ts';
import { chooseBins, type Bins } from './bins.ts';
import type { OperationFigures } from './operation-figures.ts';
import { RunClock } from './run-clock.ts';

/** Values by minute as a run folder keeps them. */
export interface SeriesByMinute {
  readonly minutes: number;
  subjects(kind: SubjectKind): readonly string[];
  measures(kind: SubjectKind, subject: string): readonly string[];
  series(kind: SubjectKind, subject: string, measure: string): Float64Array | undefined;
}

export interface RunData {
  readonly summary: Summary;
  readonly series: SeriesByMinute;
  readonly scenario: Scenario;
  readonly lake: Lake;
  /** The things that mattered most, the most important first. */
  readonly findings: readonly Finding[];
  readonly operations: OperationFigures;
}

/** A run with what every page needs worked out once. */
export interface ReportContext extends RunData {
  readonly clock: RunClock;
  readonly bins: Bins;
  /** Id of the page about a subject, or empty where there is none. */
  pageOf(kind: 'site' | 'service' | 'experiment', name: string): string;
  /** As `pageOf`, for every kind of subject: a storage is told of on its site's page, a workflow on its experiment's. */
  pageAbout(kind: string, subject: string): string;
}

export function makeContext(run: RunData): ReportContext {
  const pages = new Map<string, string>();
  const taken = new Set<string>();
  const add = (kind: string, name: string): void => {
    pages.set(`${kind} ${name}`, uniqueId(`${kind}-${slug(name)}`, taken));
  };
  for (const name of Object.keys(run.summary.sites)) add('site', name);
  for (const name of Object.keys(run.summary.services)) add('service', name);
  for (const name of Object.keys(run.summary.caches)) add('service', name);
  add('service', STORAGE_ENDPOINTS);
  for (const name of Object.keys(run.summary.experiments)) add('experiment', name);
  return {
    ...run,
    clock: new RunClock(run.summary.clock),
    bins: chooseBins(run.summary.clock.durationSeconds),
    pageOf: (kind, name) => pages.get(`${kind} ${name}`) ?? '',
    pageAbout: (kind, subject) => pages.get(pageKey(kind, subject, run)) ?? '',
  };
}

function pageKey(kind: string, subject: string, run: RunData): string {
  switch (kind) {
    case 'cache':
      return `service ${subject}`;
    case 'workflow':
      return `experiment ${subject.slice(0, subject.indexOf('/'))}`;
    case 'storage':
      return `site ${siteOfStorage(run, subject)}`;
    default:
      return `${kind} ${subject}`;
  }
}

/** The page about all storages, among the services. */
export const STORAGE_ENDPOINTS = 'storage endpoints';

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

function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'unnamed' : plain;
}

function uniqueId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let number = 2; taken.has(id); number++) id = `${wanted}-${number}`;
  taken.add(id);
  return id;
}
