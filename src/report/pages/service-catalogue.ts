// The catalogue's own sections: rules and locks by state over time, time to done, what got stuck.
import { formatCount } from '../../core/units.ts';
import type { FaultSummary, ServiceSummary } from '../../record/summary.ts';
import { lastByBin, maxByBin } from '../bins.ts';
import * as cell from '../cells.ts';
import { countUnit, highest } from '../charts/axis-unit.ts';
import { stackedOverTime } from '../charts/over-time.ts';
import type { Block, ChartBlock, Section } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { figuresTable, paragraph, PERCENTILE_COLUMNS, percentileCells, section, table } from './blocks.ts';

export function catalogueSections(
  service: ServiceSummary,
  faults: readonly FaultSummary[],
  context: ReportContext,
): Section[] {
  return [
    section(
      'states',
      'Rules and locks by state',
      stateChart('rules', faults, context),
      stateChart('locks', faults, context),
    ),
    section('done', 'Time to done', timeToDone(context)),
    section('stuck', 'Stuck', paragraph(stuckSentence(context)), figuresTable(service.figures)),
  ];
}

const STATES = [
  ['ok', 'OK'],
  ['replicating', 'REPLICATING'],
  ['stuck', 'STUCK'],
] as const;

function stateChart(
  what: 'rules' | 'locks',
  faults: readonly FaultSummary[],
  context: ReportContext,
): ChartBlock | undefined {
  const { bins, clock, series } = context;
  const states = STATES.map(([state, name]) => ({
    name,
    values: lastByBin(series.series('service', 'catalogue', `${what}_${state}`), bins),
  }));
  const peak = highest(states.flatMap((state) => [...state.values]));
  if (peak === 0) return undefined;
  const last = states.map((state) => `${formatCount(state.values.at(-1) ?? 0)} ${state.name}`).join(', ');
  return {
    kind: 'chart',
    id: what,
    title: what === 'rules' ? 'Rules by state' : 'Locks (files of rules) by state',
    caption: `At the end: ${last}.`,
    drawing: stackedOverTime(states, countUnit(what), { clock, bins, faults }),
  };
}

function stuckSentence(context: ReportContext): string {
  const rules = context.series.series('service', 'catalogue', 'rules_stuck');
  const most = highest(maxByBin(rules, context.bins));
  if (most === 0) return 'No rule was ever stuck.';
  const atEnd = rules?.at(-1) ?? 0;
  return `At most ${formatCount(most)} rules were stuck at a time; ${atEnd === 0 ? 'none' : formatCount(atEnd)} at the end.`;
}

function timeToDone(context: ReportContext): Block {
  const asking = Object.entries(context.summary.experiments).filter(([, one]) => one.rules.requested > 0);
  if (asking.length === 0) return paragraph('No experiment asked for a rule.');
  const rows = asking.map(([name, one]) => [
    cell.text(name, context.pageOf('experiment', name)),
    cell.count(one.rules.requested),
    cell.count(one.rules.succeeded),
    // Their count is that of the rules.
    ...percentileCells(one.timeToAllCopies).slice(1),
  ]);
  return table(
    'time-to-done',
    'From the data being wanted until all copies of a rule were there, by experiment',
    [
      cell.column('experiment', 'Experiment', 'text'),
      cell.column('rules', 'Rules'),
      cell.column('rules_done', 'Done'),
      ...PERCENTILE_COLUMNS.slice(1),
    ],
    rows,
  );
}
