// What a run came to, as text for the terminal: the answer first, then each experiment, then what went wrong and why.
import { formatBytes, formatCount, formatDuration } from '../core/units.ts';
import type { ExperimentSummary, Percentiles, RunVerdict, Summary } from '../record/summary.ts';
import { measuredWords } from '../report/measured.ts';
import { RunClock } from '../report/run-clock.ts';
import { wrapLine } from './terminal.ts';

/** Expectations not met beyond these are counted; the report has them all. */
const MOST_EXPECTATIONS = 12;
/** Columns that a line of text fills at most, however wide the terminal is. */
const WIDEST_TEXT = 110;

export interface SummaryStyle {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

export interface SummaryLayout {
  /** Columns of the terminal. */
  readonly columns: number;
  readonly style: SummaryStyle;
}

const VERDICT_WORDS: Readonly<Record<RunVerdict, string>> = {
  met: 'every expectation met',
  'not-met': 'not all expectations met',
  stopped: 'stopped before its end',
  'nothing-to-judge': 'nothing to judge: the scenario has no expectations',
};

/** The whole text, without a newline at its end. `findings` are sentences, the most important first. */
export function describeRun(summary: Summary, findings: readonly string[], layout: SummaryLayout): string {
  const sections = [
    headline(summary, layout),
    experimentTable(Object.entries(summary.experiments), layout),
    unmetExpectations(summary, layout),
    whatMattered(findings, layout),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function headline(summary: Summary, layout: SummaryLayout): string {
  const { style } = layout;
  const paint =
    summary.verdict === 'met' ? style.good : summary.verdict === 'nothing-to-judge' ? style.bold : style.bad;
  const met = summary.expectations.filter(({ verdict }) => verdict === 'met').length;
  const judged = summary.expectations.filter(({ verdict }) => verdict !== 'no-data').length;
  const counts = judged === 0 ? '' : ` (${met} of ${judged})`;
  const day = `${summary.clock.start.slice(0, 16).replace('T', ' ')} UTC, ${formatDuration(summary.clock.durationSeconds)}`;
  const operations = Object.values(summary.operations).reduce(
    (total, { succeeded, failed, cancelled, censored }) => total + succeeded + failed + cancelled + censored,
    0,
  );
  const how = summary.backend === 'simulated' ? 'simulated' : 'run';
  return [
    style.bold(wrap(summary.scenario.name, layout)),
    paint(wrap(`Verdict: ${VERDICT_WORDS[summary.verdict]}${counts}`, layout)),
    style.dim(
      wrap(
        `${day}, ${how} in ${formatDuration(summary.wallSeconds)}; ${formatCount(operations)} operations, ${summary.faults.length} ${summary.faults.length === 1 ? 'fault' : 'faults'}; seed ${summary.seed}; lake "${summary.lake.name}"`,
        layout,
      ),
    ),
  ].join('\n');
}

function experimentTable(experiments: readonly [string, ExperimentSummary][], layout: SummaryLayout): string {
  if (experiments.length === 0) return '';
  const header = ['experiment', 'planned', 'injected', 'copied', 'read', 'time to data', '95 % within', 'verdict'];
  const rows = experiments.map(([name, experiment]) => [
    name,
    formatBytes(experiment.plannedBytes),
    formatBytes(experiment.injectedBytes),
    formatBytes(experiment.replicatedBytes),
    experiment.access.sessions === 0 ? '-' : formatBytes(experiment.access.bytes),
    percentile(experiment.timeToAllCopies, 'p50Seconds'),
    percentile(experiment.timeToAllCopies, 'p95Seconds'),
    experiment.verdict.replace('-', ' '),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > layout.columns) return stackedExperiments(header, rows, layout);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 || column === 7 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    layout.style.dim(line(header)),
    ...rows.map((row) => {
      const text = line(row);
      const verdict = row[7] ?? '';
      return text.slice(0, text.length - verdict.length) + paintVerdict(verdict, layout);
    }),
  ].join('\n');
}

/** The table for a narrow terminal: one short paragraph for each experiment. */
function stackedExperiments(header: readonly string[], rows: readonly string[][], layout: SummaryLayout): string {
  return rows
    .map((row) => {
      const details = header.slice(1, 7).flatMap((title, index) => {
        const cell = row[index + 1] ?? '-';
        return cell === '-' ? [] : [`${title} ${cell}`];
      });
      const verdict = paintVerdict(row[7] ?? '', layout);
      return `${layout.style.bold(row[0] ?? '')}: ${verdict}\n${wrap(`  ${details.join(', ')}`, layout, '  ')}`;
    })
    .join('\n');
}

function unmetExpectations({ expectations, clock }: Summary, layout: SummaryLayout): string {
  const unmet = expectations.filter(({ verdict }) => verdict === 'not-met');
  if (unmet.length === 0) return '';
  const lines = unmet.slice(0, MOST_EXPECTATIONS).map((expectation) => {
    const subject = expectation.subject === '' ? expectation.per : `${expectation.per} ${expectation.subject}`;
    const measured = expectation.measured === null ? 'was not over by the end' : `was ${measuredWords(expectation)}`;
    const note = expectation.note === undefined ? '' : ` (${expectation.note})`;
    const when = expectation.atSeconds === null ? '' : ` from ${new RunClock(clock).format(expectation.atSeconds)} on`;
    const limiter = expectation.limiter === '' ? '' : `; held by: ${expectation.limiter}`;
    return wrap(`  ${subject}: ${expectation.text}, ${measured}${note}${when}${limiter}`, layout, '    ');
  });
  if (unmet.length > MOST_EXPECTATIONS) lines.push(`  and ${unmet.length - MOST_EXPECTATIONS} more in the report`);
  return [layout.style.bold(`Not met (${unmet.length})`), ...lines].join('\n');
}

function whatMattered(sentences: readonly string[], layout: SummaryLayout): string {
  if (sentences.length === 0) return '';
  const lines = sentences.map((sentence, index) => wrap(`  ${index + 1}. ${sentence}`, layout, '     '));
  return [layout.style.bold('What mattered most'), ...lines].join('\n');
}

/** A percentile of durations: `-` where nothing was counted, `not by the end` where it falls among what did not end. */
function percentile(durations: Percentiles, which: 'p50Seconds' | 'p95Seconds'): string {
  if (durations.count === 0) return '-';
  const seconds = durations[which];
  return seconds === null ? 'not by the end' : formatDuration(seconds);
}

function paintVerdict(verdict: string, { style }: SummaryLayout): string {
  if (verdict === 'met') return style.good(verdict);
  return verdict === 'not met' ? style.bad(verdict) : style.dim(verdict);
}

function wrap(text: string, layout: SummaryLayout, indent = ''): string {
  return wrapLine(text, Math.min(layout.columns, WIDEST_TEXT), indent);
}
