// The page about one experiment, for its scientists: volume against plan, time to data, where it can be read and how well.
import { formatBytes, formatCount, formatDuration, formatShare } from '../../core/units.ts';
import type { AccessSummary, ExpectationVerdict, ExperimentSummary, JudgedExpectation } from '../../record/summary.ts';
import * as cell from '../cells.ts';
import type { Block, Cell, Page, Section, TableBlock } from '../document.ts';
import type { Arrival } from '../operation-figures.ts';
import type { ReportContext } from '../report-context.ts';
import {
  expectationsTable,
  facts,
  judgedVerdict,
  type NamedFigure,
  faultsTable,
  incidentsTable,
  limitersTable,
  mainLimiter,
  paragraph,
  PERCENTILE_COLUMNS,
  percentileCells,
  section,
  table,
} from './blocks.ts';
import {
  accessChart,
  accessLatencyChart,
  arrivalsChart,
  limiterChart,
  timeToDataChart,
  volumeChart,
} from './experiment-charts.ts';

export function experimentPage(name: string, context: ReportContext): Page {
  const experiment = context.summary.experiments[name] as ExperimentSummary;
  return {
    id: context.pageOf('experiment', name),
    kind: 'experiment',
    name,
    title: name,
    overline: 'Experiment',
    verdict: experimentVerdict(name, experiment, context),
    lead: leadOf(experiment),
    sections: [
      section('figures', 'In short', factsOf(experiment), verdictTable(name, experiment, context)),
      section(
        'volume',
        'Volume against plan',
        volumeChart(name, experiment, context),
        hasVolume(experiment) ? workflowsTable(experiment) : undefined,
      ),
      section('time', 'Time to data', timeToDataChart(experiment), timeToDataTable(experiment)),
      section(
        'where',
        'Readable where and when',
        arrivalsChart(name, context),
        readableTable(name, context),
        destinationsTable(experiment, context),
      ),
      accessSection(name, experiment, context),
      section(
        'limiters',
        'What held it up',
        limiterChart(name, context),
        limitersTable('limiters', 'Time that its operations were held, by what held them', experiment.limiters),
      ),
      costSection(experiment),
      faultsSection(name, context),
    ].filter((one) => one.blocks.length > 0),
  };
}

/** Undefined where nothing was expected. */
export function experimentVerdict(
  name: string,
  experiment: ExperimentSummary,
  context: ReportContext,
): ExpectationVerdict | undefined {
  return judgedVerdict(experiment.verdict, expectationsOfExperiment(name, experiment, context));
}

function leadOf(one: ExperimentSummary): string {
  const parts: string[] = [];
  if (one.plannedBytes > 0) {
    parts.push(
      `${formatBytes(one.injectedBytes)} of ${formatBytes(one.plannedBytes)} planned were injected (${formatShare(one.injectedBytes / one.plannedBytes)})`,
    );
  }
  if (one.replicatedBytes > 0) parts.push(`${formatBytes(one.replicatedBytes)} were copied`);
  if (one.access.sessions > 0)
    parts.push(`${formatCount(one.access.sessions)} sessions read ${formatBytes(one.access.bytes)}`);
  if (parts.length === 0) return 'It moved nothing.';
  const { p95Seconds } = one.timeToAllCopies;
  const time =
    p95Seconds === null
      ? ''
      : ` All copies of a dataset were there within ${formatDuration(p95Seconds)} in 95% of the cases.`;
  const limiter = mainLimiter(one.limiters);
  return `${parts.join('; ')}.${time}${limiter === '' ? '' : ` It was held longest by: ${limiter}.`}`;
}

/** Only what the experiment does: nobody asks for the injected volume of those who read. */
function factsOf(one: ExperimentSummary): Block {
  const items: NamedFigure[] = [];
  if (one.plannedBytes > 0) {
    const files = `${formatCount(one.injectedFiles)} of ${formatCount(one.plannedFiles)} files planned`;
    items.push(['Injected', cell.bytes(one.injectedBytes), files]);
  }
  if (one.rules.requested > 0) {
    items.push(
      ['Replicated', cell.bytes(one.replicatedBytes), `${formatCount(one.replicatedFiles)} files`],
      [
        'Rules done',
        cell.share(cell.ratio(one.rules.succeeded, one.rules.requested)),
        `${formatCount(one.rules.succeeded)} of ${formatCount(one.rules.requested)}`,
      ],
      ['First copy', cell.percentile(one.timeToFirstCopy, 'p95Seconds'), '95th percentile'],
      ['All copies', cell.percentile(one.timeToAllCopies, 'p95Seconds'), '95th percentile'],
    );
  }
  const { access } = one;
  if (access.sessions > 0) {
    items.push(
      ['Read', cell.bytes(access.bytes), `${formatCount(access.sessions)} sessions`],
      ['Reads that succeeded', cell.share(cell.successShare(access)), `${formatCount(access.failed)} failed`],
      ['Access latency', cell.percentile(access.latency, 'p95Seconds'), '95th percentile'],
      ['Rate of a read', cell.rate(access.meanRateBps), 'on average'],
    );
  }
  return facts(...items);
}

function expectationsOfExperiment(
  name: string,
  experiment: ExperimentSummary,
  context: ReportContext,
): JudgedExpectation[] {
  const workflows = new Set(Object.keys(experiment.workflows).map((workflow) => `${name}/${workflow}`));
  return context.summary.expectations.filter(
    (one) =>
      (one.per === 'experiment' && one.subject === name) || (one.per === 'workflow' && workflows.has(one.subject)),
  );
}

function verdictTable(name: string, experiment: ExperimentSummary, context: ReportContext): Block {
  const expectations = expectationsOfExperiment(name, experiment, context);
  return (
    expectationsTable('expectations', `What was expected for ${name}`, expectations, context) ??
    paragraph('The scenario expects nothing for this experiment by name or kind.')
  );
}

function hasVolume(one: ExperimentSummary): boolean {
  return one.plannedBytes + one.injectedBytes + one.replicatedBytes > 0;
}

function workflowsTable(experiment: ExperimentSummary): TableBlock {
  return table(
    'workflows',
    'By workflow',
    [
      cell.column('workflow', 'Workflow', 'text'),
      cell.column('planned_files', 'Planned files'),
      cell.column('planned_bytes', 'Planned'),
      cell.column('injected_files', 'Injected files'),
      cell.column('injected_bytes', 'Injected'),
      cell.column('injected_share', 'Of plan'),
      cell.column('replicated_files', 'Replicated files'),
      cell.column('replicated_bytes', 'Replicated'),
    ],
    Object.entries(experiment.workflows).map(([name, one]) => [
      cell.text(name),
      cell.count(one.plannedFiles),
      cell.bytes(one.plannedBytes),
      cell.count(one.injectedFiles),
      cell.bytes(one.injectedBytes),
      cell.share(cell.ratio(one.injectedBytes, one.plannedBytes)),
      cell.count(one.replicatedFiles),
      cell.bytes(one.replicatedBytes),
    ]),
  );
}

function timeToDataTable(experiment: ExperimentSummary): TableBlock | undefined {
  const rows: Cell[][] = [];
  const add = (who: string, one: Pick<ExperimentSummary, 'timeToFirstCopy' | 'timeToAllCopies'>): void => {
    if (one.timeToFirstCopy.count > 0)
      rows.push([cell.text(who), cell.text('first copy'), ...percentileCells(one.timeToFirstCopy)]);
    if (one.timeToAllCopies.count > 0)
      rows.push([cell.text(who), cell.text('all copies'), ...percentileCells(one.timeToAllCopies)]);
  };
  for (const [name, workflow] of Object.entries(experiment.workflows)) add(name, workflow);
  const withTimes = new Set(rows.map(([workflow]) => workflow?.text));
  if (withTimes.size > 1) add('all workflows', experiment);
  if (rows.length === 0) return undefined;
  return table(
    'time-to-data',
    'From the data being wanted at its origin until it could be read elsewhere; counted in rules',
    [cell.column('workflow', 'Workflow', 'text'), cell.column('until', 'Until', 'text'), ...PERCENTILE_COLUMNS],
    rows,
  );
}

/** When data could first be read at each storage, and when half and all of what came there was there. */
function readableTable(name: string, context: ReportContext): TableBlock | undefined {
  const byStorage = Map.groupBy(
    context.operations.arrivals.filter((one) => one.experiment === name),
    (one) => `${one.storage}\n${one.how}`,
  );
  const rows = [...byStorage.values()].map((arrivals) => {
    const first = arrivals[0] as Arrival;
    const bytes = arrivals.reduce((sum, one) => sum + one.bytes, 0);
    const { site } = context.summary.storages[first.storage] ?? { site: '' };
    return [
      cell.text(first.storage),
      cell.text(site, context.pageOf('site', site)),
      cell.text(first.how),
      cell.count(arrivals.reduce((sum, one) => sum + one.files, 0)),
      cell.bytes(bytes),
      cell.moment(first.firstSeconds, context.clock.format),
      cell.moment(whenHalf(arrivals, bytes), context.clock.format),
      cell.moment(arrivals.at(-1)?.lastSeconds, context.clock.format),
    ];
  });
  if (rows.length === 0) return undefined;
  return table(
    'readable',
    'Files that became readable, by storage',
    [
      cell.column('storage', 'Storage', 'text'),
      cell.column('site', 'Site', 'text'),
      cell.column('how', 'How', 'text'),
      cell.column('files', 'Files'),
      cell.column('bytes', 'Volume'),
      cell.column('first_seconds', 'First at'),
      cell.column('half_seconds', 'Half there at'),
      cell.column('last_seconds', 'Last at'),
    ],
    rows,
  );
}

/** The end of the step's arrivals with which half of the bytes were there; `arrivals` are in the order of time. */
function whenHalf(arrivals: readonly Arrival[], bytes: number): number | undefined {
  let there = 0;
  return arrivals.find((one) => (there += one.bytes) >= bytes / 2)?.lastSeconds;
}

function destinationsTable(experiment: ExperimentSummary, context: ReportContext): TableBlock | undefined {
  const rows = Object.entries(experiment.workflows).flatMap(([workflow, one]) =>
    Object.entries(one.destinations).map(([storage, copied]) => {
      const site = context.summary.storages[storage]?.site ?? '';
      return [
        cell.text(workflow),
        cell.text(storage),
        cell.text(site, context.pageOf('site', site)),
        cell.count(copied.files),
        cell.bytes(copied.bytes),
      ];
    }),
  );
  if (rows.length === 0) return undefined;
  return table(
    'destinations',
    'Copies by workflow and destination',
    [
      cell.column('workflow', 'Workflow', 'text'),
      cell.column('storage', 'Storage', 'text'),
      cell.column('site', 'Site', 'text'),
      cell.column('files', 'Files'),
      cell.column('bytes', 'Copied'),
    ],
    rows,
  );
}

function accessSection(name: string, experiment: ExperimentSummary, context: ReportContext): Section {
  if (experiment.access.sessions === 0) return section('access', 'Access');
  const rows = Object.entries(experiment.workflows).flatMap(([workflow, one]) =>
    Object.entries(one.access).map(([access, figures]) => [
      cell.text(workflow),
      cell.text(access),
      ...accessCells(figures),
    ]),
  );
  return section(
    'access',
    'Access',
    accessChart(name, context),
    accessLatencyChart(experiment),
    table(
      'access',
      'Reads of files in sessions: latency is from the intended start to the first byte',
      [
        cell.column('workflow', 'Workflow', 'text'),
        cell.column('access', 'Access', 'text'),
        cell.column('sessions', 'Sessions'),
        cell.column('reads', 'Reads of a file'),
        cell.column('success_share', 'Success'),
        cell.column('bytes', 'Read'),
        cell.column('rate_bytes_per_second', 'Mean rate'),
        cell.column('latency_p50_seconds', 'Latency, median'),
        cell.column('latency_p95_seconds', '95th percentile'),
        cell.column('latency_p99_seconds', '99th'),
        cell.column('duration_p50_seconds', 'Whole read, median'),
        cell.column('duration_p95_seconds', '95th percentile'),
      ],
      rows,
    ),
  );
}

function accessCells(one: AccessSummary): Cell[] {
  return [
    cell.count(one.sessions),
    cell.count(one.reads),
    cell.share(cell.successShare(one)),
    cell.bytes(one.bytes),
    cell.rate(one.meanRateBps),
    cell.percentile(one.latency, 'p50Seconds'),
    cell.percentile(one.latency, 'p95Seconds'),
    cell.percentile(one.latency, 'p99Seconds'),
    cell.percentile(one.duration, 'p50Seconds'),
    cell.percentile(one.duration, 'p95Seconds'),
  ];
}

function costSection(experiment: ExperimentSummary): Section {
  const costs = Object.entries(experiment.egressCost);
  if (costs.length === 0) return section('cost', 'Egress cost');
  const sums = costs.map(
    ([currency, amount]) => ['Egress', cell.money(amount, currency), 'for data that left cloud sites'] as const,
  );
  return section('cost', 'Egress cost', facts(...sums));
}

function faultsSection(name: string, context: ReportContext): Section {
  const faults = context.summary.faults.filter((summary) =>
    context.scenario.faults.some(
      (fault) =>
        fault.text === summary.text &&
        fault.atSeconds === summary.atSeconds &&
        fault.target.kind === 'experiment' &&
        fault.target.name === name,
    ),
  );
  return section(
    'faults',
    'Faults',
    faultsTable('faults', faults, context),
    incidentsTable(
      'incidents',
      context.summary.incidents.filter((one) => one.subject === name),
      context,
    ),
  );
}
