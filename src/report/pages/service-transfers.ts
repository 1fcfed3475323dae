// The transfer service's own sections: queue and active, limits and optimizer moves by link, retries, errors by scope.
import { formatCount } from '../../core/units.ts';
import type { FaultSummary, ServiceSummary } from '../../record/summary.ts';
import { addSeries, heldByBin, maxByBin, meanByBin, sumByBin } from '../bins.ts';
import * as cell from '../cells.ts';
import { countUnit, highest } from '../charts/axis-unit.ts';
import { linesOverTime, stackedOverTime } from '../charts/over-time.ts';
import type { ChartBlock, Section, TableBlock } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { figuresTable, paragraph, section, table } from './blocks.ts';

const MOST_LINKS = 6;
const MOST_LINK_ROWS = 60;

export function transfersSections(
  service: ServiceSummary,
  faults: readonly FaultSummary[],
  context: ReportContext,
): Section[] {
  const moves = new Map(Object.keys(context.summary.links).map((link) => [link, movesOf(link, context)]));
  return [
    section(
      'queue',
      'Queue and active',
      ...(service.requests === 0 ? [] : queueCharts(faults, context)),
      figuresTable(service.figures),
    ),
    section('links', 'Limits and optimizer moves', limitsChart(moves, faults, context), ...linksTable(moves, context)),
    section('retries', 'Retries', retriesChart(faults, context)),
    section('errors', 'Errors by scope', errorsTable(context)),
  ];
}

function queueCharts(faults: readonly FaultSummary[], context: ReportContext): ChartBlock[] {
  const { bins, clock, series } = context;
  const frame = { clock, bins, faults };
  const queued = maxByBin(series.series('service', 'transfers', 'queued'), bins);
  const most = highest(queued);
  const active = meanByBin(series.series('service', 'transfers', 'active'), bins);
  return [
    {
      kind: 'chart',
      id: 'queued',
      title: 'Transfers waiting in the queue',
      caption:
        most === 0
          ? 'None waited whenever the queue was looked at, once a minute.'
          : `At most ${formatCount(most)}, at ${clock.format(queued.indexOf(most) * bins.seconds)}.`,
      drawing: linesOverTime([{ name: 'queued (most in the step)', values: queued }], countUnit('transfers'), frame),
    },
    {
      kind: 'chart',
      id: 'active',
      title: 'Transfers active',
      caption: `At most ${highest(active).toFixed(0)} at a time, averaged over the step.`,
      drawing: linesOverTime([{ name: 'active (mean)', values: active }], countUnit('transfers'), frame),
    },
  ];
}

/** How often a link's limit of active transfers was raised and lowered. */
interface LinkMoves {
  readonly up: number;
  readonly down: number;
}

function movesOf(link: string, context: ReportContext): LinkMoves {
  const limit = context.series.series('link', link, 'limit') ?? [];
  let up = 0;
  let down = 0;
  let before = 0;
  for (const value of limit) {
    // A minute without a limit is one in which the link was not in use.
    if (!(value > 0)) continue;
    if (before > 0 && value > before) up++;
    if (before > 0 && value < before) down++;
    before = value;
  }
  return { up, down };
}

function busiestLinks(context: ReportContext): string[] {
  return Object.entries(context.summary.links)
    .sort(([a, one], [b, other]) => other.requestedBytes - one.requestedBytes || (a < b ? -1 : 1))
    .map(([link]) => link);
}

function limitsChart(
  moves: ReadonlyMap<string, LinkMoves>,
  faults: readonly FaultSummary[],
  context: ReportContext,
): ChartBlock | undefined {
  const { bins, clock, series } = context;
  const links = busiestLinks(context)
    .filter((link) => highest(series.series('link', link, 'limit') ?? []) > 0)
    .slice(0, MOST_LINKS);
  if (links.length === 0) return undefined;
  return {
    kind: 'chart',
    id: 'limits',
    title: 'Limit of active transfers on the links asked most of',
    caption: `The optimizer raised a limit ${formatCount(sumOfMoves(moves, 'up'))} times and lowered one ${formatCount(sumOfMoves(moves, 'down'))} times over all links. While a link is not in use its last limit is shown.`,
    drawing: linesOverTime(
      links.map((link) => ({ name: link, values: heldByBin(series.series('link', link, 'limit'), bins) })),
      countUnit('transfers allowed'),
      { clock, bins, faults },
    ),
  };
}

function sumOfMoves(moves: ReadonlyMap<string, LinkMoves>, way: keyof LinkMoves): number {
  return [...moves.values()].reduce((total, one) => total + one[way], 0);
}

function linksTable(moves: ReadonlyMap<string, LinkMoves>, context: ReportContext) {
  const links = busiestLinks(context);
  if (links.length === 0) return [];
  const shown = links.slice(0, MOST_LINK_ROWS);
  const note =
    shown.length === links.length
      ? []
      : [
          paragraph(
            `Shown are the ${MOST_LINK_ROWS} of ${formatCount(links.length)} links asked most of; summary.json has all.`,
          ),
        ];
  const block = table(
    'links',
    'Links between storages',
    [
      cell.column('link', 'Link', 'text'),
      cell.column('asked_bytes', 'Asked'),
      cell.column('got_bytes', 'Got'),
      cell.column('success_share', 'Success'),
      cell.column('retries', 'Retries'),
      cell.column('limit_min', 'Limit: lowest'),
      cell.column('limit_max', 'highest'),
      cell.column('limit_last', 'last'),
      cell.column('raised', 'Raised'),
      cell.column('lowered', 'Lowered'),
      cell.column('queued_most', 'Longest queue'),
      cell.column('limiter', 'Limiter', 'text'),
    ],
    shown.map((link) => {
      const one = context.summary.links[link];
      const { up, down } = moves.get(link) ?? { up: 0, down: 0 };
      return [
        cell.text(link),
        cell.bytes(one?.requestedBytes),
        cell.bytes(one?.bytes),
        cell.share(one === undefined ? undefined : cell.successShare(one)),
        cell.count(sum(context.series.series('link', link, 'retries'))),
        cell.count(one?.slots?.min),
        cell.count(one?.slots?.max),
        cell.count(one?.slots?.last),
        cell.count(up),
        cell.count(down),
        cell.count(one?.queuedMax),
        cell.text(one?.limiter ?? ''),
      ];
    }),
  );
  return [block, ...note];
}

function sum(series: Float64Array | undefined): number {
  return series === undefined ? 0 : series.reduce((total, value) => total + (Number.isFinite(value) ? value : 0), 0);
}

function retriesChart(faults: readonly FaultSummary[], context: ReportContext): ChartBlock | undefined {
  const { bins, clock, series } = context;
  const links = Object.keys(context.summary.links);
  const byBin = (measure: string): Float64Array =>
    sumByBin(addSeries(links.map((link) => series.series('link', link, measure))), bins);
  const retries = byBin('retries');
  const failed = byBin('failed');
  const total = sum(retries);
  if (total + sum(failed) === 0) return undefined;
  return {
    kind: 'chart',
    id: 'retries',
    title: 'Retries and failures',
    caption: `${formatCount(total)} retries; ${formatCount(sum(failed))} transfers failed for good.`,
    drawing: stackedOverTime(
      [
        { name: 'retries', values: retries },
        { name: 'failed', values: failed },
      ],
      countUnit('in the step'),
      { clock, bins, faults },
    ),
  };
}

function errorsTable(context: ReportContext): TableBlock | ReturnType<typeof paragraph> {
  const { errors } = context.summary;
  if (errors.length === 0) return paragraph('No operation failed.');
  const total = errors.reduce((before, one) => before + one.count, 0);
  return table(
    'errors',
    'Errors of all operations, by the side on which they showed themselves',
    [
      cell.column('scope', 'Scope', 'text'),
      cell.column('class', 'Error', 'text'),
      cell.column('count', 'Count'),
      cell.column('share', 'Of all errors'),
    ],
    errors.map((one) => [
      cell.text(one.scope),
      cell.text(one.class),
      cell.count(one.count),
      cell.share(cell.ratio(one.count, total)),
    ]),
  );
}
