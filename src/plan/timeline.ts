// The day as text for a terminal: bars over the hours for each workflow, faults drawn in, volumes by hour, site and link.
import { formatBytes, formatCount, formatDuration, formatRate } from '../core/units.ts';
import type { CheckedScenario, Fault } from '../scenario/scenario.ts';
import { DayClock } from './day-clock.ts';
import type { Activity } from './demand.ts';
import { overviewOf, peakRate, total, type Overview, type Volume } from './overview.ts';
import type { Feasibility } from './feasibility.ts';
import { cutText, tableLines, wrapText, type TableColumn } from './text-layout.ts';
import { partAt, partStart, periodsOf, regrid, type TimeGrid } from './time-grid.ts';

export interface TimelineLayout {
  /** Columns of the terminal. */
  readonly columns: number;
  /** Whether block characters can be shown; ASCII otherwise. */
  readonly unicode: boolean;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bad: (text: string) => string;
}

const NARROWEST = 60;
const WIDEST = 160;
/** Links beyond these are counted; the CSV has them all. */
const MOST_LINKS = 12;
/** Cells a bar may have for each hour or other part of the day. */
const CELLS_PER_PERIOD = [12, 6, 4, 3, 2, 1];
const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_BLOCKS = [' ', '.', ':', '-', '=', '+', '*', '#', '@'];
const DAY_SECONDS = 86_400;
const VERB_WIDTH = 4;
const FIGURE_WIDTH = 8;

/** How the lines are divided: a name, a verb, the bar, a figure. */
interface Columns {
  readonly name: number;
  readonly cells: TimeGrid;
  readonly layout: TimelineLayout;
}

/** The whole text, without a newline at its end. */
export function timelineText(checked: CheckedScenario, feasibility: Feasibility, layout: TimelineLayout): string {
  const overview = overviewOf(feasibility.demand);
  const clock = new DayClock(checked.scenario.clock.start);
  const columns = columnsFor(checked, overview, layout);
  return [
    headline(checked, layout),
    dayChart(checked, overview, columns, clock),
    legend(layout),
    hourTable(overview, feasibility.periods, layout, clock),
    siteChart(overview, columns, clock),
    linkTable(overview, layout, clock),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function headline({ scenario, lake }: CheckedScenario, layout: TimelineLayout): string {
  const { start, durationSeconds } = scenario.clock;
  const when = `${start.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${formatDuration(durationSeconds)}`;
  const about = `${when}; seed ${scenario.seed}; lake "${lake.name}"`;
  return `${layout.bold(scenario.name)}\n${layout.dim(cutText(about, widthOf(layout)))}`;
}

/** As many cells as fit, a whole number for each hour; the names get what is left. */
function columnsFor(checked: CheckedScenario, overview: Overview, layout: TimelineLayout): Columns {
  const width = widthOf(layout);
  const names = [
    ...overview.activities.map(({ process }) => process.workflow.length + 1),
    ...overview.sites.map(({ site }) => site.length + 1),
  ];
  const wanted = Math.max(12, Math.min(28, Math.max(0, ...names)));
  const { durationSeconds } = checked.scenario.clock;
  const periods = periodsOf(durationSeconds);
  const room = width - VERB_WIDTH - FIGURE_WIDTH - 3;
  const perPeriod = CELLS_PER_PERIOD.find(
    (cells) =>
      periods.count * cells <= room - Math.min(wanted, 17) && periods.stepSeconds / cells >= overview.bins.stepSeconds,
  );
  const stepSeconds = periods.stepSeconds / (perPeriod ?? 1);
  const cells = { durationSeconds, stepSeconds, count: Math.ceil(durationSeconds / stepSeconds) };
  return { name: Math.max(8, Math.min(wanted, room - cells.count)), cells, layout };
}

function dayChart(checked: CheckedScenario, overview: Overview, columns: Columns, clock: DayClock): string {
  const lines = [axis(columns, clock)];
  const { faults, clock: run } = checked.scenario;
  faults
    .filter((fault) => fault.atSeconds < run.durationSeconds)
    .forEach((fault, index) => lines.push(faultLine(fault, index === 0 ? 'faults' : '', columns)));
  let experiment: string | undefined;
  for (const activity of overview.activities) {
    const title = activity.process.experiment === '' ? 'background' : activity.process.experiment;
    if (title !== experiment) lines.push(columns.layout.bold(title));
    experiment = title;
    lines.push(...activityLines(activity, overview.bins, columns));
  }
  return lines.join('\n');
}

/** Hours (days, where the parts are days) at the places where they begin, as many as can be read. */
function axis(columns: Columns, clock: DayClock): string {
  const { cells, name } = columns;
  const line = new Array<string>(cells.count).fill(' ');
  const { stepSeconds } = periodsOf(cells.durationSeconds);
  const steps = [1, 2, 3, 4, 6, 8, 12, 24, 48].map((parts) => parts * stepSeconds);
  const labelAt = (at: number, everySeconds: number): string =>
    everySeconds < DAY_SECONDS
      ? clock.timeOfDay(at).replace(/\+\d+d$/, '')
      : clock.moment(at).toISOString().slice(5, 10);
  const everySeconds = steps.find((step) => step / cells.stepSeconds > labelAt(step, step).length) ?? steps.at(-1)!;
  for (let at = 0; at < cells.durationSeconds; at += everySeconds) {
    const label = labelAt(at, everySeconds);
    const from = Math.round(at / cells.stepSeconds);
    if (from + label.length <= cells.count) line.splice(from, label.length, ...label);
  }
  return columns.layout.dim(`${' '.repeat(name + VERB_WIDTH + 2)}${line.join('')}`.trimEnd());
}

/** The fault's time, and what it is beside it: after it where there is room, before it otherwise. */
function faultLine(fault: Fault, title: string, columns: Columns): string {
  const { cells, layout, name } = columns;
  const first = partAt(cells, fault.atSeconds);
  const last = partAt(cells, Math.max(fault.atSeconds, fault.atSeconds + fault.forSeconds - 1e-6));
  const bar = (layout.unicode ? '━' : '!').repeat(last - first + 1);
  const text = `${fault.text}, ${formatDuration(fault.forSeconds)}`;
  const lead = name + VERB_WIDTH + 2;
  const after = cells.count + FIGURE_WIDTH - last - 1;
  const before = lead + first - title.length - 2;
  if (text.length <= after || after >= before) {
    const line = `${' '.repeat(lead + first - title.length)}${bar} ${cutText(text, after)}`;
    return `${layout.bold(title)}${layout.bad(line)}`;
  }
  return `${layout.bold(title)} ${layout.bad(`${cutText(text, before).padStart(before)} ${bar}`)}`;
}

function activityLines(activity: Activity, bins: TimeGrid, columns: Columns): string[] {
  const lanes: [string, Float64Array, string][] = [];
  const bytes = (verb: string, values: Float64Array): void => {
    if (values.some((value) => value > 0)) lanes.push([verb, values, formatBytes(total(values))]);
  };
  bytes('in', activity.injectedBytes);
  bytes('copy', activity.copiedBytes);
  bytes('read', activity.readBytes);
  // Rules whose data is there already move nothing, and are asked for all the same.
  const steps = activity.rules.map((rules, bin) => rules + activity.transitions[bin]!);
  if (total(activity.copiedBytes) === 0 && total(steps) > 0) {
    lanes.push(['rule', steps, `${formatCount(total(steps))} rules`]);
  }
  if (lanes.length === 0) lanes.push(['', new Float64Array(bins.count), 'nothing']);
  return lanes.map(([verb, values, figure], index) =>
    laneLine(index === 0 ? ` ${activity.process.workflow}` : '', verb, values, figure, bins, columns),
  );
}

/** One bar: each cell as high as its share of the bar's highest. */
function laneLine(
  name: string,
  verb: string,
  values: Float64Array,
  figure: string,
  bins: TimeGrid,
  columns: Columns,
): string {
  const { cells, layout } = columns;
  const glyphs = layout.unicode ? BLOCKS : ASCII_BLOCKS;
  const inCells = regrid(values, bins, cells);
  const highest = inCells.reduce((most, value) => Math.max(most, value), 0);
  const bar = Array.from(inCells, (value) => {
    const level = value <= 0 ? 0 : Math.max(1, Math.round((value / highest) * (glyphs.length - 1)));
    return glyphs[level]!;
  }).join('');
  const label = cutText(name, columns.name).padEnd(columns.name);
  return `${label} ${verb.padEnd(VERB_WIDTH)} ${bar} ${figure.padStart(FIGURE_WIDTH)}`.trimEnd();
}

function legend(layout: TimelineLayout): string {
  const text =
    'in: written by clients; copy: asked of rules and transitions; read: by sessions. Each bar is scaled to its own highest.';
  return wrapText(text, widthOf(layout)).map(layout.dim).join('\n');
}

/** What is asked for in each hour, over all. Hours without anything are left out. */
function hourTable(overview: Overview, periods: TimeGrid, layout: TimelineLayout, clock: DayClock): string {
  const sums = (pick: (activity: Activity) => Float64Array): Float64Array => {
    const values = new Float64Array(periods.count);
    for (const activity of overview.activities) {
      regrid(pick(activity), overview.bins, periods).forEach((value, period) => (values[period]! += value));
    }
    return values;
  };
  const injected = sums((activity) => activity.injectedBytes);
  const files = sums((activity) => activity.injectedFiles);
  const copied = sums((activity) => activity.copiedBytes);
  const rules = sums((activity) => activity.rules.map((count, bin) => count + activity.transitions[bin]!));
  const read = sums((activity) => activity.readBytes);
  const sessions = sums((activity) => activity.sessions);
  const rows: string[][] = [];
  for (let period = 0; period < periods.count; period++) {
    const counts = [files[period]!, rules[period]!, sessions[period]!];
    if (counts.every((count) => count === 0)) continue;
    rows.push([
      clock.timeOfDay(partStart(periods, period)),
      formatBytes(injected[period]!),
      formatCount(files[period]!),
      formatBytes(copied[period]!),
      formatCount(rules[period]!),
      formatBytes(read[period]!),
      formatCount(sessions[period]!),
    ]);
  }
  if (rows.length === 0) return '';
  rows.push([
    'all',
    formatBytes(total(injected)),
    formatCount(total(files)),
    formatBytes(total(copied)),
    formatCount(total(rules)),
    formatBytes(total(read)),
    formatCount(total(sessions)),
  ]);
  const header = ['from', 'written', 'files', 'to copy', 'rules', 'to read', 'sessions'];
  const every = `Asked for in each ${periodName(periods)}`;
  return table(every, header, rows, layout);
}

function periodName(periods: TimeGrid): string {
  return periods.stepSeconds === 3600 ? 'hour' : `part of ${formatDuration(periods.stepSeconds)}`;
}

function siteChart(overview: Overview, columns: Columns, clock: DayClock): string {
  if (overview.sites.length === 0) return '';
  const lines = [columns.layout.bold('Sites, over their wide-area links'), axis(columns, clock)];
  for (const site of overview.sites) {
    const lanes = [
      { verb: 'in', volume: site.in },
      { verb: 'out', volume: site.out },
    ].filter(({ volume }) => volume.totalFiles > 0);
    lanes.forEach(({ verb, volume }, index) => {
      const name = index === 0 ? ` ${site.site}` : '';
      lines.push(laneLine(name, verb, volume.bytes, formatBytes(volume.totalBytes), overview.bins, columns));
    });
  }
  return lines.length === 2 ? '' : lines.join('\n');
}

function linkTable(overview: Overview, layout: TimelineLayout, clock: DayClock): string {
  const { links, bins } = overview;
  if (links.length === 0) return '';
  const periods = periodsOf(bins.durationSeconds);
  const row = (link: Volume): string[] => {
    const peak = peakRate(link.bytes, bins, periods);
    return [
      link.name,
      formatBytes(link.totalBytes),
      formatCount(Math.round(link.totalFiles)),
      formatRate(peak.perSecond),
      clock.timeOfDay(partStart(periods, peak.period)),
    ];
  };
  const shown = links.slice(0, MOST_LINKS).map(row);
  const rest = links.length - shown.length;
  const more =
    rest === 0 ? '' : `\n${layout.dim(`and ${formatCount(rest)} more; --format csv lists all, hour by hour`)}`;
  const header = ['link', 'to copy', 'files', `busiest ${periodName(periods)}`, 'at'];
  return table('Links between storages', header, shown, layout) + more;
}

/** A title, then rows under their headings: the first column to the left, the others to the right. */
function table(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  layout: TimelineLayout,
): string {
  const columns = headings.map((heading, column): TableColumn =>
    column === 0 ? { title: heading, align: 'left', shrinks: true } : { title: heading, align: 'right' },
  );
  const { titles, lines } = tableLines(columns, rows, widthOf(layout));
  return [layout.bold(title), layout.dim(titles), ...lines].join('\n');
}

function widthOf(layout: TimelineLayout): number {
  return Math.max(NARROWEST, Math.min(WIDEST, layout.columns));
}
