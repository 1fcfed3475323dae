// What every page of a report needs, worked out once: the run, its clock, its bins, its links, the pages' addresses.
import { chooseBins, type Bins } from './bins.ts';
import { RunClock } from './run-clock.ts';
import { siteOfStorage, type RunData } from './run-data.ts';
import { sitePairs, type SitePair } from './site-pairs.ts';

/** The page about all storages, among the services. */
export const STORAGE_ENDPOINTS = 'storage endpoints';

/** A run with what every page needs worked out once. */
export interface ReportContext extends RunData {
  readonly clock: RunClock;
  readonly bins: Bins;
  /** Links between sites, the largest demand first. */
  readonly pairs: readonly SitePair[];
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
    pairs: sitePairs(run),
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
