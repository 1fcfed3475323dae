// The check of a plan as text: the answer, then what cannot be, what is tight, and how much room the rest has.
import type { Feasibility } from './feasibility.ts';
import { resourceRows } from './feasibility.ts';
import type { Finding, Severity } from './finding.ts';
import { subjectOf } from './resource-findings.ts';
import type { DayClock } from './day-clock.ts';
import { partStart } from './time-grid.ts';

export interface FeasibilityLayout {
  readonly columns: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly poor: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** Of each severity; --json has all. */
const MOST_SHOWN = 12;
const WIDEST_TEXT = 120;
const WORDS: Readonly<Record<Severity, string>> = { error: 'cannot be', warning: 'tight', ok: 'fits' };
const INDENT = 11;

/** The whole text, without a newline at its end. */
export function feasibilityText(feasibility: Feasibility, layout: FeasibilityLayout): string {
  const lines = [headline(feasibility, layout)];
  for (const severity of ['error', 'warning', 'ok'] as const) {
    const found = feasibility.findings.filter((one) => one.severity === severity);
    for (const one of found.slice(0, MOST_SHOWN)) lines.push(...findingLines(one, layout));
    if (found.length > MOST_SHOWN) {
      lines.push(
        layout.dim(
          `${' '.repeat(INDENT)}and ${found.length - MOST_SHOWN} more that ${severity === 'ok' ? 'fit' : 'are like that'}; --json lists all`,
        ),
      );
    }
  }
  return lines.join('\n');
}

function headline({ verdict, findings }: Feasibility, layout: FeasibilityLayout): string {
  const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  const warnings = count('warning');
  if (verdict === 'infeasible') {
    const errors = count('error');
    return layout.bad(
      `The day cannot be as planned: ${errors} ${errors === 1 ? 'thing' : 'things'} cannot be, ${warnings} tight`,
    );
  }
  if (verdict === 'tight')
    return layout.poor(`The day can fit, with ${warnings} ${warnings === 1 ? 'thing' : 'things'} to know`);
  return layout.good(findings.length === 0 ? 'Nothing is asked of the lake' : 'The day fits');
}

function findingLines(one: Finding, layout: FeasibilityLayout): string[] {
  const paint = { error: layout.bad, warning: layout.poor, ok: layout.dim }[one.severity];
  const expectation = one.expectation === '' ? '' : ` (expected: ${one.expectation})`;
  const width = Math.min(WIDEST_TEXT, layout.columns) - INDENT;
  const [first = '', ...rest] = wrap(`${one.subject}: ${one.text}${expectation}`, width);
  const lines = [`${paint(WORDS[one.severity].padEnd(INDENT))}${first}`];
  for (const line of rest) lines.push(' '.repeat(INDENT) + line);
  if (one.hint !== '') for (const line of wrap(one.hint, width)) lines.push(' '.repeat(INDENT) + layout.dim(line));
  return lines;
}

/**
 * Every limited resource by period, one character each: `.` nothing asked, 0 to 9 the tenths of what is available, X more
 * than there is. The busiest first.
 */
export function usageChart(feasibility: Feasibility, clock: DayClock, layout: FeasibilityLayout): string {
  const { periods } = feasibility;
  const rows = resourceRows(feasibility)
    .filter(({ resource }) => resource.perSecond !== Infinity)
    .map(({ resource, askedPerSecond, availablePerSecond }) => {
      const shares = Array.from(askedPerSecond, (asked, period) =>
        asked === 0 ? NaN : asked / availablePerSecond[period]!,
      );
      const highest = shares.reduce((most, share) => (share > most ? share : most), 0);
      return { name: subjectOf(resource), shares, highest };
    })
    .toSorted((one, other) => other.highest - one.highest || (one.name < other.name ? -1 : 1));
  if (rows.length === 0) return '';
  const room = Math.max(20, Math.min(WIDEST_TEXT, layout.columns) - periods.count - 2);
  const width = Math.min(room, Math.max(...rows.map((row) => row.name.length)));
  const axis = new Array<string>(periods.count).fill(' ');
  for (let period = 0; period + 5 <= periods.count; period += 6) {
    const label = clock.timeOfDay(partStart(periods, period)).slice(0, 5);
    axis.splice(period, label.length, ...label);
  }
  const lines = [layout.dim(`${' '.repeat(width + 2)}${axis.join('')}`.trimEnd())];
  for (const { name, shares } of rows) {
    const label = name.length <= width ? name : `${name.slice(0, width - 2)}..`;
    lines.push(`${label.padEnd(width)}  ${shares.map(usageMark).join('')}`);
  }
  lines.push(layout.dim('. nothing asked, 0 to 9: tenths of what is there, X: more than there is'));
  return lines.join('\n');
}

function usageMark(share: number): string {
  if (Number.isNaN(share)) return '.';
  return share > 1 ? 'X' : String(Math.min(9, Math.floor(share * 10)));
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
