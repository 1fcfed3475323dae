// The page about one site: what was asked of it and what it gave, hour by hour, and who limited it.
import { formatBytes, formatCount, formatRate, formatShare } from '../../core/units.ts';
import type { ExpectationVerdict, JudgedExpectation, SiteSummary } from '../../record/summary.ts';
import * as cell from '../cells.ts';
import type { Block, Page, Section } from '../document.ts';
import {
  judgedVerdict,
  mainLimiter,
  expectationsTable,
  facts,
  incidentsTable,
  limitersTable,
  paragraph,
  section,
} from './blocks.ts';
import type { ReportContext } from '../report-context.ts';
import { expectationsOf, incidentsOf, storagesAt } from '../run-data.ts';
import { operationsOfSite } from '../site-operations.ts';
import { cachesSection, spaceSection, tapeSection } from './site-storage.ts';
import { faultsOfSite, recoveryTable } from './site-faults.ts';
import { hourlyTable, limiterCharts, linkPeakBps, peersTable, protocolsTable, rateCharts } from './site-traffic.ts';

export function sitePage(name: string, context: ReportContext): Page {
  const site = context.summary.sites[name] as SiteSummary;
  const subjects = [name, ...storagesAt(context, name)];
  return {
    id: context.pageOf('site', name),
    kind: 'site',
    name,
    title: name,
    overline: overlineOf(name, site, context),
    verdict: siteVerdict(name, context),
    lead: leadOf(site),
    sections: [
      section('figures', 'In short', factsOf(name, site, context), verdictTable(name, context)),
      section('traffic', 'Asked and given', ...rateCharts(name, site, context), hourlyTable(name, context)),
      section('peers', 'Success by protocol and peer', protocolsTable(site), ...peersTable(name, context)),
      limitersSection(name, site, context),
      ...optional(spaceSection(name, context)),
      ...optional(tapeSection(name, context)),
      ...optional(cachesSection(name, context)),
      faultsSection(name, subjects, context),
    ],
  };
}

/** Of what was expected of it, its storages and its caches; undefined where nothing was. */
export function siteVerdict(name: string, context: ReportContext): ExpectationVerdict | undefined {
  const { verdict } = context.summary.sites[name] as SiteSummary;
  return judgedVerdict(verdict, expectationsOfSite(name, context));
}

function optional(one: Section | undefined): Section[] {
  return one === undefined ? [] : [one];
}

function overlineOf(name: string, site: SiteSummary, context: ReportContext): string {
  const described = context.lake.sites.get(name);
  const kind = described === undefined || described.kind === 'grid' ? 'Site' : `${described.kind.toUpperCase()} site`;
  return site.country === '' ? kind : `${kind}, ${site.country}`;
}

function leadOf(site: SiteSummary): string {
  const clause = (word: string, asked: number, got: number): string => {
    if (asked === 0) return `nothing was asked ${word}`;
    return `${formatBytes(got)} of ${formatBytes(asked)} asked ${word} (${formatShare(got / asked)})`;
  };
  const traffic = `${clause('in', site.in.requestedBytes, site.in.bytes)}, ${clause('out', site.out.requestedBytes, site.out.bytes)}.`;
  const limiter = mainLimiter(site.limiters);
  const sentence = traffic.charAt(0).toUpperCase() + traffic.slice(1);
  return limiter === '' ? sentence : `${sentence} Its operations were held longest by: ${limiter}.`;
}

function factsOf(name: string, site: SiteSummary, context: ReportContext): Block {
  const described = context.lake.sites.get(name);
  const operations = operationsOfSite(site);
  const overLink = linkPeakBps(name, 'in', context);
  const where = overLink === undefined ? '' : ' over the link';
  const into = overLink ?? site.in.peakRateBps;
  const outOf = linkPeakBps(name, 'out', context) ?? site.out.peakRateBps;
  const peak = (rate: number, capacity: number | undefined): string =>
    capacity === undefined || !Number.isFinite(capacity)
      ? 'link not limited'
      : `${formatShare(rate / capacity)} of ${formatRate(capacity)}`;
  return facts(
    ['Success', cell.share(cell.successShare(operations)), `${formatCount(operations.failed)} failed`],
    ['Available', cell.share(site.availability)],
    [`Peak in${where}`, cell.rate(into), peak(into, described?.downlinkBps)],
    [`Peak out${where}`, cell.rate(outOf), peak(outOf, described?.uplinkBps)],
    ...(site.egressCost === null
      ? []
      : ([['Egress cost', cell.money(site.egressCost.amount, site.egressCost.currency)]] as const)),
    ...(described === undefined || described.inbound
      ? []
      : ([['Inbound connections', cell.text('none'), 'nobody outside can connect to its storages']] as const)),
  );
}

function expectationsOfSite(name: string, context: ReportContext): JudgedExpectation[] {
  return [
    ...expectationsOf(context, 'site', [name]),
    ...expectationsOf(context, 'storage', storagesAt(context, name)),
    ...expectationsOf(context, 'cache', cachesAt(name, context)),
  ];
}

function verdictTable(name: string, context: ReportContext): Block {
  return (
    expectationsTable('expectations', `What was expected of ${name}`, expectationsOfSite(name, context), context) ??
    paragraph('The scenario expects nothing of this site by name or kind.')
  );
}

function cachesAt(name: string, context: ReportContext): string[] {
  return Object.entries(context.summary.caches)
    .filter(([, cache]) => cache.site === name)
    .map(([cache]) => cache);
}

function limitersSection(name: string, site: SiteSummary, context: ReportContext): Section {
  const limiters = limitersTable(
    'limiters',
    'Time that operations of this site were held, by what held them',
    site.limiters,
  );
  if (limiters === undefined) return section('limiters', 'Who limited it', paragraph('No operation took any time.'));
  return section('limiters', 'Who limited it', ...limiterCharts(name, site, context), limiters);
}

function faultsSection(name: string, subjects: readonly string[], context: ReportContext): Section {
  const faults = faultsOfSite(name, context);
  const incidents = incidentsOf(context, subjects);
  return section(
    'faults',
    'Faults and recovery',
    faults.length === 0
      ? paragraph('No fault was planned for this site, its storages or its links.')
      : recoveryTable(name, faults, context),
    incidentsTable('incidents', incidents, context) ?? paragraph('No failures were traced to this site.'),
  );
}
