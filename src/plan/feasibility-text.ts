// The check of a plan as text: the answer, then what cannot be, what to know, and how much room the rest has.
import { formatCount, formatRate, formatShare } from '../core/units.ts';
import type { DayClock } from './day-clock.ts';
import { resourceRows, type Feasibility } from './feasibility.ts';
import type { Finding, FindingCode, Severity } from './finding.ts';
import { subjectOf } from './resource-findings.ts';
import { cutText, tableLines, wrapText } from './text-layout.ts';
import { partStart } from './time-grid.ts';

export interface FeasibilityLayout {
  /** Columns of the terminal. */
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
/** What a finding is, in the margin. */
const WORDS: Readonly<Record<FindingCode, string>> = {
  headroom: 'fits',
  busy: 'tight',
  'falls-behind': 'late',
  'over-capacity': 'cannot be',
  space: 'cannot be',
  'meets-fault': 'fault',
  'token-lifetime': 'token',
  'transfer-timeout': 'cannot be',
  'no-third-party-copy': 'route',
  'expectation-cannot-hold': 'cannot be',
};
const MARGIN = 11;

/** The whole text, without a newline at its end. */
export function feasibilityText(feasibility: Feasibility, clock: DayClock, layout: FeasibilityLayout): string {
  const lines = [headline(feasibility, layout)];
  for (const severity of ['error', 'warning'] as const) {
    const found = feasibility.findings.filter((one) => one.severity === severity);
    if (found.length > 0) lines.push('', ...findingsLines(found, layout));
  }
  const room = feasibility.findings.filter((one) => one.severity === 'ok');
  if (room.length > 0) lines.push('', ...roomLines(room, clock, layout));
  return lines.join('\n');
}

function headline({ verdict, findings }: Feasibility, layout: FeasibilityLayout): string {
  const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  const things = (number: number): string => `${number} ${number === 1 ? 'thing' : 'things'}`;
  const warnings = count('warning');
  if (verdict === 'infeasible') {
    const more = warnings === 0 ? '' : `; ${things(warnings)} more to know`;
    return layout.bad(`The day cannot be as planned: ${things(count('error'))} cannot be${more}`);
  }
  if (verdict === 'tight') return layout.poor(`The day can be as planned, with ${things(warnings)} to know`);
  return layout.good(findings.length === 0 ? 'Nothing is asked of the lake' : 'The day can be as planned');
}

/** A hint that stood above already is not said again. */
function findingsLines(found: readonly Finding[], layout: FeasibilityLayout): string[] {
  const said = new Set<string>();
  const lines: string[] = [];
  const width = textWidth(layout) - MARGIN;
  const indent = ' '.repeat(MARGIN);
  for (const one of found.slice(0, MOST_SHOWN)) {
    const paint = one.severity === 'error' ? layout.bad : layout.poor;
    const expectation = one.expectation === '' ? '' : ` (expected: ${one.expectation})`;
    const [first = '', ...rest] = wrapText(`${one.subject}: ${one.text}${expectation}`, width);
    lines.push(`${paint(WORDS[one.code].padEnd(MARGIN))}${first}`, ...rest.map((line) => indent + line));
    if (one.hint === '' || said.has(one.hint)) continue;
    said.add(one.hint);
    lines.push(...wrapText(one.hint, width).map((line) => indent + layout.dim(line)));
  }
  if (found.length > MOST_SHOWN)
    lines.push(indent + layout.dim(`and ${found.length - MOST_SHOWN} more; --json lists all`));
  return lines;
}

/** How much of each kind of thing is asked for, where it is busiest. */
function roomLines(room: readonly Finding[], clock: DayClock, layout: FeasibilityLayout): string[] {
  const rows = room.map((one) => {
    const [asked, available] = [one.asked ?? NaN, one.available ?? NaN];
    const limit = one.unit === 'slots' ? formatCount(available) : formatRate(available);
    const when = one.fromSeconds === undefined ? '' : clock.timeOfDay(one.fromSeconds);
    return [one.subject, formatShare(asked / available), limit, when, one.where];
  });
  const { titles, lines } = tableLines(
    [
      { title: 'most asked of', align: 'left' },
      { title: 'use', align: 'right' },
      { title: 'limit', align: 'right' },
      { title: 'at', align: 'right' },
      { title: 'where', align: 'left', shrinks: true },
    ],
    rows,
    textWidth(layout),
  );
  return [layout.dim(titles), ...lines];
}

function textWidth(layout: FeasibilityLayout): number {
  return Math.min(WIDEST_TEXT, layout.columns);
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
  const room = Math.max(20, textWidth(layout) - periods.count - 2);
  const width = Math.min(room, Math.max(...rows.map((row) => row.name.length)));
  const axis = new Array<string>(periods.count).fill(' ');
  for (let period = 0; period + 5 <= periods.count; period += 6) {
    const label = clock.timeOfDay(partStart(periods, period)).slice(0, 5);
    axis.splice(period, label.length, ...label);
  }
  return [
    layout.dim(`${' '.repeat(width + 2)}${axis.join('')}`.trimEnd()),
    ...rows.map(({ name, shares }) => `${cutText(name, width).padEnd(width)}  ${shares.map(usageMark).join('')}`),
    layout.dim('. nothing asked, 0 to 9: tenths of what is there, X: more than there is'),
  ].join('\n');
}

function usageMark(share: number): string {
  if (Number.isNaN(share)) return '.';
  return share > 1 ? 'X' : String(Math.min(9, Math.floor(share * 10)));
}
