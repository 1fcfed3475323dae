// A run sheet as Markdown for people and as CSV for their spreadsheets.
import { formatBytes, formatCount, formatDuration, formatRate } from '../core/units.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { DayClock } from './day-clock.ts';
import { csvLine } from './plan-csv.ts';
import type { RunSheet, SheetEntry } from './run-sheet.ts';
import { periodsOf } from './time-grid.ts';

/** One document with a heading, the window of the exercise and a table of what to expect. Ends with a newline. */
export function runSheetMarkdown(sheet: RunSheet, { scenario }: CheckedScenario): string {
  const { start, durationSeconds } = scenario.clock;
  const clock = new DayClock(start);
  const day = start.toISOString().slice(0, 10);
  const period = formatDuration(periodsOf(durationSeconds).stepSeconds);
  const facts = [
    `- Exercise: ${escapeMarkdown(scenario.name)}`,
    `- When: ${day}, ${clock.window(0, durationSeconds)} UTC`,
    `- Storages here: ${sheet.storages.length === 0 ? 'none' : sheet.storages.map(escapeMarkdown).join(', ')}`,
    '- Contact: none given',
  ];
  const work = sheet.entries.filter((entry) => entry.kind !== 'fault' && !entry.background);
  const background = sheet.entries.filter((entry) => entry.background);
  const faults = sheet.entries.filter((entry) => entry.kind === 'fault');
  const sections = [
    `# Run sheet: ${escapeMarkdown(sheet.site)}`,
    facts.join('\n'),
    '## What to expect',
    work.length === 0 ? 'Nothing of any experiment.' : workTable(work, clock, period),
  ];
  if (background.length > 0) sections.push('## Background', workTable(background, clock, period));
  if (faults.length > 0) {
    const rows = faults.map((entry) => [
      clock.timeOfDay(entry.fromSeconds),
      clock.timeOfDay(entry.toSeconds),
      entry.who,
    ]);
    sections.push('## Faults that are played', markdownTable(['From', 'To', 'Fault'], rows, [0, 0, 0]));
  }
  sections.push(
    'Times are UTC and those asked for: what is copied may take longer. `+1d` is the next day. What is asked for at once ' +
      `counts over ${period} in the rates. Where the day will choose a place, volumes are means.`,
  );
  return `${sections.join('\n\n')}\n`;
}

function workTable(entries: readonly SheetEntry[], clock: DayClock, period: string): string {
  return markdownTable(
    ['From', 'To', 'What', 'Who', 'Where', 'With', 'Files', 'Volume', 'Mean rate', `Highest rate over ${period}`],
    entries.map((entry) => workCells(entry, clock)),
    [0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
  );
}

function workCells(entry: SheetEntry, clock: DayClock): string[] {
  return [
    clock.timeOfDay(entry.fromSeconds),
    clock.timeOfDay(entry.toSeconds),
    entry.kind,
    entry.who,
    entry.place,
    entry.peer,
    formatCount(Math.max(1, Math.round(entry.files))),
    formatBytes(entry.bytes),
    formatRate(entry.meanRateBps),
    formatRate(entry.peakRateBps),
  ];
}

function markdownTable(titles: readonly string[], rows: readonly string[][], alignRight: readonly number[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = `| ${alignRight.map((right) => (right === 1 ? '---:' : '---')).join(' | ')} |`;
  return [line(titles), rule, ...rows.map(line)].join('\n');
}

/** Names come from users' files: nothing in them may become markup or break a table. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|`*_[\]<>#]/g, (mark) => `\\${mark}`);
}

const CSV_COLUMNS = [
  'site',
  'start',
  'end',
  'kind',
  'who',
  'place',
  'peer',
  'files',
  'bytes',
  'mean_bytes_per_second',
  'peak_bytes_per_second',
];

/** RFC 4180, lines ended by CRLF as spreadsheets write them; times are UTC. */
export function runSheetCsv(sheets: readonly RunSheet[], { scenario }: CheckedScenario): string {
  const clock = new DayClock(scenario.clock.start);
  const rows = sheets.flatMap((sheet) =>
    sheet.entries.map((entry) => [
      sheet.site,
      clock.moment(entry.fromSeconds).toISOString(),
      clock.moment(entry.toSeconds).toISOString(),
      entry.kind,
      entry.who,
      entry.place,
      entry.peer,
      String(Number(entry.files.toFixed(2))),
      String(Math.round(entry.bytes)),
      entry.meanRateBps.toFixed(0),
      entry.peakRateBps.toFixed(0),
    ]),
  );
  return [CSV_COLUMNS, ...rows].map((row) => `${csvLine(row)}\r\n`).join('');
}
