// Blocks that more than one page has: expectations, faults, incidents, limiters, percentiles.
import { formatShare } from '../../core/units.ts';
import type {
  ExpectationVerdict,
  FaultSummary,
  Incident,
  JudgedExpectation,
  LimiterBook,
  Percentiles,
} from '../../record/summary.ts';
import * as cell from '../cells.ts';
import type { Block, Cell, Column, FactsBlock, ParagraphBlock, Section, TableBlock } from '../document.ts';
import { largestLimiters } from '../limiter-sides.ts';
import type { ReportContext } from '../report-context.ts';
import { limitCell, measuredCell } from '../measured.ts';

export function paragraph(text: string): ParagraphBlock {
  return { kind: 'paragraph', text };
}

/** A figure's name, its value, and what is to be said beside it. */
export type NamedFigure = readonly [label: string, value: Cell, note?: string];

export function facts(...items: readonly NamedFigure[]): FactsBlock {
  return { kind: 'facts', items: items.map(([label, value, note]) => ({ label, value, note: note ?? '' })) };
}

export function section(id: string, title: string, ...blocks: readonly (Block | undefined)[]): Section {
  return { id, title, blocks: blocks.filter((block) => block !== undefined) };
}

export function table(
  id: string,
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): TableBlock {
  return { kind: 'table', id, caption, columns, rows };
}

/** A page's verdict: none where nothing was expected. */
export function judgedVerdict(
  verdict: ExpectationVerdict,
  expectations: readonly JudgedExpectation[],
): ExpectationVerdict | undefined {
  return expectations.length === 0 && verdict === 'no-data' ? undefined : verdict;
}

/** Judged expectations one a row; `undefined` where there are none. */
export function expectationsTable(
  id: string,
  caption: string,
  expectations: readonly JudgedExpectation[],
  context: ReportContext,
): TableBlock | undefined {
  if (expectations.length === 0) return undefined;
  const windows = expectations.some((one) => one.atSeconds !== null);
  const notes = expectations.some((one) => (one.note ?? '') !== '');
  return table(
    id,
    caption,
    [
      cell.column('verdict', 'Verdict', 'text'),
      cell.column('subject', 'Subject', 'text'),
      cell.column('expectation', 'Expected', 'text'),
      cell.column('measured', 'Measured'),
      cell.column('limit', 'Limit'),
      ...(windows ? [cell.column('at_seconds', 'Worst at')] : []),
      cell.column('limiter', 'Limiter', 'text'),
      ...(notes ? [cell.column('note', 'Note', 'text')] : []),
    ],
    expectations.map((one) => [
      cell.verdictCell(one.verdict),
      subjectCell(one, context),
      cell.text(one.text),
      measuredCell(one),
      limitCell(one),
      ...(windows ? [cell.moment(one.atSeconds, context.clock.format)] : []),
      cell.text(one.limiter),
      ...(notes ? [cell.text(one.note ?? '')] : []),
    ]),
  );
}

/** The subject of an expectation, with the page about it. */
export function subjectCell(one: JudgedExpectation, context: ReportContext): Cell {
  const subject = one.subject === '' ? 'the run' : one.subject;
  return cell.text(subject, context.pageAbout(one.per, one.subject));
}

export function faultsTable(
  id: string,
  faults: readonly FaultSummary[],
  context: ReportContext,
): TableBlock | undefined {
  if (faults.length === 0) return undefined;
  return table(
    id,
    'Faults of the scenario',
    [
      cell.column('fault', 'Fault', 'text'),
      cell.column('target', 'Target', 'text'),
      cell.column('from_seconds', 'From'),
      cell.column('to_seconds', 'To'),
      cell.column('duration_seconds', 'Lasted'),
    ],
    faults.map((fault) => [
      cell.text(fault.text),
      cell.text(fault.target),
      cell.moment(fault.atSeconds, context.clock.format),
      cell.moment(fault.atSeconds + fault.forSeconds, context.clock.format),
      cell.duration(fault.forSeconds),
    ]),
  );
}

/** Failures that the records trace to one cause. */
export function incidentsTable(
  id: string,
  incidents: readonly Incident[],
  context: ReportContext,
): TableBlock | undefined {
  if (incidents.length === 0) return undefined;
  return table(
    id,
    'Failures traced to one cause, by the evidence of the records alone',
    [
      cell.column('scope', 'Scope', 'text'),
      cell.column('subject', 'Held responsible', 'text'),
      cell.column('site', 'Site blamed', 'text'),
      cell.column('from_seconds', 'From'),
      cell.column('to_seconds', 'To'),
      cell.column('failures', 'Failures'),
      cell.column('error_class', 'Commonest error', 'text'),
      cell.column('evidence', 'Evidence', 'text'),
    ],
    incidents.map((one) => [
      cell.text(one.scope),
      cell.text(one.subject),
      one.site === '' ? cell.text('none') : cell.text(one.site, context.pageOf('site', one.site)),
      cell.moment(one.fromSeconds, context.clock.format),
      cell.moment(one.toSeconds, context.clock.format),
      cell.count(one.failures),
      cell.text(one.errorClass),
      cell.text(one.evidence),
    ]),
  );
}

export function limitersTable(id: string, caption: string, book: LimiterBook): TableBlock | undefined {
  const limiters = largestLimiters(book, 12);
  if (limiters.length === 0) return undefined;
  return table(
    id,
    caption,
    [
      cell.column('limiter', 'Limiter', 'text'),
      cell.column('held_seconds', 'Time held'),
      cell.column('share', 'Share of all time'),
    ],
    limiters.map((one) => [cell.text(one.limiter), cell.duration(one.seconds), cell.share(one.share)]),
  );
}

/** The largest limiter as a clause: `network CERN -> DESY (43%)`; empty where there is none. */
export function mainLimiter(book: LimiterBook): string {
  const largest = largestLimiters(book, 1000)[0];
  return largest === undefined ? '' : `${largest.limiter} (${formatShare(largest.share)})`;
}

export const PERCENTILE_COLUMNS: readonly Column[] = [
  cell.column('count', 'Count'),
  cell.column('unfinished', 'Not done'),
  cell.column('p50_seconds', 'Median'),
  cell.column('p90_seconds', '90th percentile'),
  cell.column('p95_seconds', '95th'),
  cell.column('p99_seconds', '99th'),
  cell.column('max_seconds', 'Longest'),
];

/** Cells for PERCENTILE_COLUMNS. */
export function percentileCells(one: Percentiles): Cell[] {
  return [
    cell.count(one.count),
    cell.count(one.unfinished),
    cell.percentile(one, 'p50Seconds'),
    cell.percentile(one, 'p90Seconds'),
    cell.percentile(one, 'p95Seconds'),
    cell.percentile(one, 'p99Seconds'),
    cell.percentile(one, 'maxSeconds'),
  ];
}

/** A service's own figures. Those of a state over the day come in threes: mean, most and at the end. */
export function figuresTable(figures: Readonly<Record<string, number>>): TableBlock | undefined {
  const names = [...new Set(Object.keys(figures).map((name) => name.replace(STATISTIC, '')))];
  if (names.length === 0) return undefined;
  const columns = ['', 'Mean', 'Max', 'End'] as const;
  const shown = columns.filter((statistic) => names.some((name) => findFigure(figures, name, statistic) !== undefined));
  return table(
    'figures',
    'Figures of its own',
    [
      cell.column('figure', 'Figure', 'text'),
      ...shown.map((statistic) => cell.column(statistic.toLowerCase() || 'value', STATISTIC_TITLES[statistic])),
    ],
    names.map((name) => [
      cell.text(figureTitle(name)),
      ...shown.map((statistic) => {
        const figure = findFigure(figures, name, statistic);
        return figure === undefined ? cell.NO_CELL : figureCell(name, figure);
      }),
    ]),
  );
}

const STATISTIC = /(Mean|Max|End)(?=(?:Seconds|Bytes|Bps|Share)?$)/;
const STATISTIC_TITLES = { '': 'Value', Mean: 'Mean', Max: 'Most', End: 'At the end' } as const;
const UNIT_ENDINGS = /(Seconds|Bytes|Bps|Share)$/;

/** `ageMaxSeconds` for the name `ageSeconds` and the statistic `Max`. */
function findFigure(
  figures: Readonly<Record<string, number>>,
  name: string,
  statistic: keyof typeof STATISTIC_TITLES,
): number | undefined {
  const unit = UNIT_ENDINGS.exec(name)?.[1] ?? '';
  return figures[`${name.slice(0, name.length - unit.length)}${statistic}${unit}`];
}

/** `rulesStuck` reads `rules stuck`. */
function figureTitle(name: string): string {
  return name
    .replace(UNIT_ENDINGS, '')
    .replaceAll(/([A-Z])/g, ' $1')
    .toLowerCase()
    .trim();
}

function figureCell(name: string, value: number): Cell {
  switch (UNIT_ENDINGS.exec(name)?.[1]) {
    case 'Seconds':
      return cell.duration(value);
    case 'Bytes':
      return cell.bytes(value);
    case 'Bps':
      return cell.rate(value);
    case 'Share':
      return cell.share(value);
    default:
      return cell.quantity(value);
  }
}
