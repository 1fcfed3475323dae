// The front page: verdict, expectations, the day as a timeline, links, flows, and what mattered most.
import { formatBytes, formatCount, formatDuration, formatRate } from '../../core/units.ts';
import type { ExpectationVerdict, JudgedExpectation, Summary } from '../../record/summary.ts';
import * as cell from '../cells.ts';
import { dayTimeline } from '../charts/day-timeline.ts';
import { flowMap } from '../charts/flow-map.ts';
import { linkMatrix } from '../charts/link-matrix.ts';
import type { Block, Cell, ChartBlock, Page, Section, TableBlock } from '../document.ts';
import { largestPairs, type SitePair } from '../site-pairs.ts';
import { operationsOfSite } from '../site-operations.ts';
import { measuredCell } from '../measured.ts';
import { STORAGE_ENDPOINTS, type ReportContext } from '../report-context.ts';
import { experimentVerdict } from './experiment.ts';
import { serviceTitle } from './service-names.ts';
import { siteVerdict } from './site.ts';
import { expectationsTable, facts, faultsTable, incidentsTable, paragraph, section, table } from './blocks.ts';

const MOST_NOT_MET_ROWS = 60;
const MOST_LINK_ROWS = 100;

export function frontPage(context: ReportContext): Page {
  const { summary } = context;
  return {
    id: 'overview',
    kind: 'overview',
    name: 'Overview',
    title: summary.scenario.name,
    overline: 'Full dress rehearsal',
    verdict: summary.verdict,
    lead: verdictSentence(summary),
    sections: [
      section('run', 'The run', runFacts(context), descriptionOf(summary)),
      section('findings', 'What mattered most', findingsBlock(context)),
      expectationsSection(context),
      timelineSection(context),
      linksSection(context),
      perspectivesSection(context),
      aboutSection(context),
    ],
  };
}

/** The verdict with its arithmetic. */
export function verdictSentence(summary: Summary): string {
  const { expectations } = summary;
  const counted = (verdict: JudgedExpectation['verdict']): number =>
    expectations.filter((one) => one.verdict === verdict).length;
  const total = formatCount(expectations.length);
  const noData = counted('no-data');
  const noDataClause = noData === 0 ? '' : `; for ${formatCount(noData)} there was no data`;
  switch (summary.verdict) {
    case 'met':
      return `All ${formatCount(counted('met'))} judged expectations were met${noDataClause}.`;
    case 'not-met':
      return `${formatCount(counted('not-met'))} of ${total} expectations were not met${noDataClause}.`;
    case 'stopped':
      return `The run was stopped before its end: ${formatCount(counted('met'))} of ${total} expectations were met until then.`;
    case 'nothing-to-judge':
      return 'The scenario names no expectation that this run could be judged by.';
  }
}

function runFacts(context: ReportContext): Block {
  const { summary, clock } = context;
  const moved = (['upload', 'transfer', 'download'] as const).map((kind) => summary.operations[kind]);
  const bytes = moved.reduce((sum, counts) => sum + (counts?.bytes ?? 0), 0);
  const succeeded = moved.reduce((sum, counts) => sum + (counts?.succeeded ?? 0), 0);
  const failed = moved.reduce((sum, counts) => sum + (counts?.failed ?? 0), 0);
  const transfers = summary.operations.transfer;
  return facts(
    ['Start', cell.text(clock.formatStart())],
    ['Length', cell.duration(summary.clock.durationSeconds), summary.backend],
    ['Moved', cell.bytes(bytes), `${formatRate(bytes / summary.clock.durationSeconds)} on average`],
    ['Files moved', cell.count(succeeded), `${formatCount(failed)} failed`],
    [
      'Transfers that succeeded',
      cell.share(transfers === undefined ? undefined : cell.successShare(transfers)),
      transfers === undefined ? '' : `${formatCount(transfers.retries)} retries`,
    ],
    [
      'Faults',
      cell.count(summary.faults.length),
      `${formatCount(summary.incidents.length)} ${summary.incidents.length === 1 ? 'incident' : 'incidents'} found`,
    ],
  );
}

function descriptionOf(summary: Summary): Block | undefined {
  return summary.scenario.description === '' ? undefined : paragraph(summary.scenario.description);
}

function findingsBlock(context: ReportContext): Block {
  if (context.findings.length === 0) return paragraph('Nothing stood out: no failure, no expectation missed.');
  return {
    kind: 'list',
    items: context.findings.map((finding) => {
      const page = context.pageAbout(finding.subjectKind, finding.subject);
      return { text: finding.sentence, page, pageName: page === '' ? '' : finding.subject };
    }),
  };
}

function expectationsSection(context: ReportContext): Section {
  const { expectations } = context.summary;
  if (expectations.length === 0) {
    return section('expectations', 'Expectations', paragraph('The scenario names none.'));
  }
  const missed = expectations.filter((one) => one.verdict === 'not-met');
  const shown = missed.slice(0, MOST_NOT_MET_ROWS);
  const left = missed.length - shown.length;
  return section(
    'expectations',
    'Expectations',
    expectationGroups(expectations, context),
    expectationsTable('not-met', 'Not met, one by one', shown, context),
    left === 0
      ? undefined
      : paragraph(`${formatCount(left)} more were not met; report.json and junit.xml name them all.`),
  );
}

/** One row for each expectation as written, over all its subjects. */
function expectationGroups(expectations: readonly JudgedExpectation[], context: ReportContext): TableBlock {
  const groups = Map.groupBy(expectations, (one) => `${one.per}\n${one.text}`);
  const rows = [...groups.values()].map((group) => {
    const first = group[0] as JudgedExpectation;
    const counted = (verdict: JudgedExpectation['verdict']): number =>
      group.filter((one) => one.verdict === verdict).length;
    const worst = worstOf(group);
    const verdict = counted('not-met') > 0 ? 'not-met' : counted('met') > 0 ? 'met' : 'no-data';
    return [
      cell.verdictCell(verdict),
      cell.text(first.per),
      cell.text(first.text),
      cell.count(counted('met')),
      cell.count(counted('not-met')),
      cell.count(counted('no-data')),
      worst === undefined ? cell.NO_CELL : measuredCell(worst),
      cell.text(worst?.subject ?? ''),
      cell.text(worst?.limiter ?? ''),
    ];
  });
  return table(
    'expectation-groups',
    `Expectations of ${context.summary.scenario.name}, over all they apply to`,
    [
      cell.column('verdict', 'Verdict', 'text'),
      cell.column('per', 'For each', 'text'),
      cell.column('expectation', 'Expected', 'text'),
      cell.column('met', 'Met'),
      cell.column('not_met', 'Not met'),
      cell.column('no_data', 'No data'),
      cell.column('worst', 'Worst'),
      cell.column('worst_subject', 'at', 'text'),
      cell.column('limiter', 'Limiter there', 'text'),
    ],
    rows,
  );
}

/** The judged value furthest on the wrong side: the lowest where at least something is asked, else the highest. */
function worstOf(group: readonly JudgedExpectation[]): JudgedExpectation | undefined {
  const unfinished = group.find((one) => one.verdict === 'not-met' && one.measured === null);
  if (unfinished !== undefined) return unfinished;
  const measured = group.filter((one) => one.measured !== null);
  const wantsMore = (measured[0]?.text ?? '').includes('>');
  return measured.reduce<JudgedExpectation | undefined>((worst, one) => {
    if (worst === undefined) return one;
    const difference = (one.measured ?? 0) - (worst.measured ?? 0);
    return (wantsMore ? difference < 0 : difference > 0) ? one : worst;
  }, undefined);
}

function timelineSection(context: ReportContext): Section {
  const timeline = dayTimeline(context);
  const chart: ChartBlock | undefined = timeline && {
    kind: 'chart',
    id: 'day',
    title: 'Throughput by experiment, and the faults',
    caption: timeline.caption,
    drawing: timeline.drawing,
  };
  return section(
    'day',
    'The day',
    chart ?? paragraph('Nothing was moved.'),
    faultsTable('faults', context.summary.faults, context),
    incidentsTable('incidents', context.summary.incidents, context),
  );
}

function linksSection(context: ReportContext): Section {
  const { pairs } = context;
  if (pairs.length === 0) {
    const words =
      'No transfer between storages was asked for; the pages of sites and experiments tell what else was moved.';
    return section('links', 'Links', paragraph(words));
  }
  const matrix = linkMatrix(pairs);
  return section(
    'links',
    'Links and flows',
    { kind: 'chart', id: 'matrix', title: matrix.title, caption: matrix.caption, drawing: matrix.drawing },
    flowMap(pairs, context),
    ...pairsTable(pairs),
  );
}

function pairsTable(pairs: readonly SitePair[]): Block[] {
  const { shown, rest } = largestPairs(pairs, MOST_LINK_ROWS);
  const block = table(
    'links',
    'Transfers between sites: what was asked and what it got',
    [
      cell.column('source', 'From', 'text'),
      cell.column('destination', 'To', 'text'),
      cell.column('asked_bytes', 'Asked'),
      cell.column('got_bytes', 'Got'),
      cell.column('got_share', 'Got of asked'),
      cell.column('success_share', 'Success'),
      cell.column('failed', 'Failed'),
      cell.column('mean_rate_bytes_per_second', 'Mean rate'),
      cell.column('peak_rate_bytes_per_second', 'Peak rate'),
      cell.column('limiter', 'Limiter', 'text'),
    ],
    [...shown, ...(rest === undefined ? [] : [rest])].map((pair) => [
      cell.text(pair.from),
      cell.text(pair.to),
      cell.bytes(pair.requestedBytes),
      cell.bytes(pair.bytes),
      cell.share(cell.ratio(pair.bytes, pair.requestedBytes)),
      cell.share(cell.successShare(pair)),
      cell.count(pair.failed),
      cell.rate(pair.meanRateBps),
      cell.rate(pair.peakRateBps),
      cell.text(pair.limiter),
    ]),
  );
  if (rest === undefined) return [block];
  const words = `Shown one by one are the ${MOST_LINK_ROWS} largest of ${formatCount(pairs.length)} links, then the rest added up; summary.json has all, between storages.`;
  return [block, paragraph(words)];
}

function perspectivesSection(context: ReportContext): Section {
  return section(
    'perspectives',
    'Sites, services, experiments',
    sitesTable(context),
    servicesTable(context),
    experimentsTable(context),
  );
}

function sitesTable(context: ReportContext): TableBlock {
  return table(
    'sites',
    'Sites',
    [
      cell.column('site', 'Site', 'text'),
      cell.column('verdict', 'Verdict', 'text'),
      cell.column('in_asked_bytes', 'Asked in'),
      cell.column('in_bytes', 'Got in'),
      cell.column('out_asked_bytes', 'Asked out'),
      cell.column('out_bytes', 'Gave out'),
      cell.column('success_share', 'Success'),
      cell.column('availability_share', 'Available'),
      cell.column('limiter', 'Most held by', 'text'),
    ],
    Object.entries(context.summary.sites).map(([name, site]) => [
      cell.text(name, context.pageOf('site', name)),
      pageVerdictCell(siteVerdict(name, context)),
      cell.bytes(site.in.requestedBytes),
      cell.bytes(site.in.bytes),
      cell.bytes(site.out.requestedBytes),
      cell.bytes(site.out.bytes),
      cell.share(cell.successShare(operationsOfSite(site))),
      cell.share(site.availability),
      cell.text(Object.keys(site.limiters)[0] ?? ''),
    ]),
  );
}

/** Nothing where nothing was expected. */
function pageVerdictCell(verdict: ExpectationVerdict | undefined): Cell {
  return verdict === undefined ? cell.NO_CELL : cell.verdictCell(verdict);
}

function servicesTable(context: ReportContext): TableBlock {
  const services = Object.entries(context.summary.services).map(([name, service]) => [
    cell.text(serviceTitle(name), context.pageOf('service', name)),
    cell.count(service.requests),
    cell.count(service.failures),
    cell.percentile(service.latency, 'p50Seconds'),
    cell.percentile(service.latency, 'p99Seconds'),
    cell.share(service.availability),
  ]);
  const storages = [
    cell.text('Storage endpoints', context.pageOf('service', STORAGE_ENDPOINTS)),
    cell.NO_CELL,
    cell.NO_CELL,
    cell.NO_CELL,
    cell.NO_CELL,
    worstStorageCell(context),
  ];
  return table(
    'services',
    'Services',
    [
      cell.column('service', 'Service', 'text'),
      cell.column('requests', 'Requests'),
      cell.column('failures', 'Failures'),
      cell.column('p50_seconds', 'Median latency'),
      cell.column('p99_seconds', '99th percentile'),
      cell.column('availability_share', 'Available'),
    ],
    [...services, storages],
  );
}

/** Storages are many: the row tells of the one that answered least. */
function worstStorageCell(context: ReportContext): Cell {
  const shares = Object.values(context.summary.storages).map((one) => one.availability);
  if (shares.length === 0) return cell.NO_CELL;
  const lowest = cell.share(Math.min(...shares));
  return Math.max(...shares) === Math.min(...shares) ? lowest : { ...lowest, text: `${lowest.text} at least` };
}

function experimentsTable(context: ReportContext): TableBlock {
  return table(
    'experiments',
    'Experiments',
    [
      cell.column('experiment', 'Experiment', 'text'),
      cell.column('verdict', 'Verdict', 'text'),
      cell.column('planned_bytes', 'Planned'),
      cell.column('injected_bytes', 'Injected'),
      cell.column('replicated_bytes', 'Replicated'),
      cell.column('read_bytes', 'Read'),
      cell.column('first_copy_p95_seconds', 'First copy, 95th percentile'),
      cell.column('all_copies_p95_seconds', 'All copies, 95th percentile'),
    ],
    Object.entries(context.summary.experiments).map(([name, one]) => [
      cell.text(name, context.pageOf('experiment', name)),
      pageVerdictCell(experimentVerdict(name, one, context)),
      cell.bytes(one.plannedBytes),
      cell.bytes(one.injectedBytes),
      cell.bytes(one.replicatedBytes),
      cell.bytes(one.access.bytes),
      cell.percentile(one.timeToFirstCopy, 'p95Seconds'),
      cell.percentile(one.timeToAllCopies, 'p95Seconds'),
    ]),
  );
}

function aboutSection(context: ReportContext): Section {
  const { summary } = context;
  return section(
    'about',
    'How this run was made',
    facts(
      ['Scenario', cell.text(summary.scenario.file), `sha256 ${summary.scenario.sha256.slice(0, 12)}`],
      ['Lake', cell.text(summary.lake.name), `${summary.lake.file}, sha256 ${summary.lake.sha256.slice(0, 12)}`],
      ['Seed', cell.text(String(summary.seed)), 'same scenario, lake, seed and version: same figures'],
      ['Version', cell.text(`fdr ${summary.version}`), summary.backend],
      [
        'Run time',
        cell.duration(summary.wallSeconds),
        `peak memory ${formatBytes(summary.peakResidentBytes)}; ${speedClause(summary)}`,
      ],
    ),
  );
}

function speedClause(summary: Summary): string {
  if (summary.wallSeconds <= 0) return `${formatDuration(summary.clock.durationSeconds)} rehearsed`;
  const factor = summary.clock.durationSeconds / summary.wallSeconds;
  return `${formatCount(Math.round(factor))} times as fast as the day`;
}
