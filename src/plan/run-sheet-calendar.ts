// Run sheets as a calendar (RFC 5545): one event for each thing a site has to expect.
import ical, { ICalEventTransparency } from 'ical-generator';
import { hashText } from '../core/random.ts';
import { formatBytes, formatCount, formatRate } from '../core/units.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { DayClock } from './day-clock.ts';
import type { RunSheet, SheetEntry } from './run-sheet.ts';

/**
 * The same scenario gives the same bytes: UIDs follow from what an event is about, so that a calendar into which a sheet
 * is read again changes its events and does not double them, and DTSTAMP is the start of the exercise.
 */
export function runSheetCalendar(sheets: readonly RunSheet[], { scenario }: CheckedScenario): string {
  const clock = new DayClock(scenario.clock.start);
  const calendar = ical({
    name: calendarName(scenario.name, sheets),
    prodId: { company: 'full-dress-rehearsal', product: 'fdr', language: 'EN' },
  });
  const uids = new Map<string, number>();
  for (const sheet of sheets) {
    for (const entry of sheet.entries) {
      calendar.createEvent({
        id: uidOf(scenario.name, sheet.site, entry, uids),
        stamp: scenario.clock.start,
        start: clock.moment(entry.fromSeconds),
        end: clock.moment(entry.toSeconds),
        summary: plain(summaryOf(entry, sheets.length > 1 ? sheet.site : '')),
        description: plain(descriptionOf(entry, scenario.name)),
        location: plain(sheet.site),
        categories: [{ name: entry.kind === 'fault' ? 'fault' : 'data' }],
        // It happens beside whatever else its readers do.
        transparency: ICalEventTransparency.TRANSPARENT,
      });
    }
  }
  // The library leaves the last line open; RFC 5545 ends each with CRLF.
  return `${calendar.toString()}\r\n`;
}

/** The library writes a calendar's name as it is: what would have to be escaped there is left out. */
function calendarName(scenario: string, sheets: readonly RunSheet[]): string {
  const name = sheets.length === 1 ? `${sheets[0]!.site}: ${scenario}` : scenario;
  return plain(name).replace(/[\\;,"^\n]+/g, ' ');
}

/** No control characters but line breaks, which no calendar may hold. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ');
}

/** The first of several windows of one thing keeps its UID when later ones come or go. */
function uidOf(scenario: string, site: string, entry: SheetEntry, seen: Map<string, number>): string {
  const about = [scenario, site, entry.kind, entry.who, entry.place, entry.peer].join('\n');
  const count = seen.get(about) ?? 0;
  seen.set(about, count + 1);
  const text = `${about}\n${count}`;
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  return `${hex(hashText(text))}${hex(hashText(`uid ${text}`))}${hex(hashText(`${text} uid`))}@full-dress-rehearsal`;
}

function summaryOf(entry: SheetEntry, site: string): string {
  const where = site === '' ? '' : `${site}: `;
  if (entry.kind === 'fault') return `${where}fault: ${entry.who}`;
  const place = entry.place === '' ? '' : ` (${entry.place})`;
  return `${where}${entry.who} ${entry.kind}${place}, ${formatBytes(entry.bytes)}`;
}

function descriptionOf(entry: SheetEntry, scenario: string): string {
  const lines = [`Exercise: ${scenario}`];
  if (entry.kind === 'fault') return [...lines, `A fault that is played: ${entry.who}`].join('\n');
  if (entry.place !== '') lines.push(`Where: ${entry.place}`);
  if (entry.peer !== '') lines.push(`With: ${entry.peer}`);
  lines.push(`Files: ${formatCount(Math.max(1, Math.round(entry.files)))}`);
  lines.push(`Volume: ${formatBytes(entry.bytes)}`);
  lines.push(`Mean rate: ${formatRate(entry.meanRateBps)}`);
  lines.push(`Highest rate: ${formatRate(entry.peakRateBps)}`);
  lines.push('Times are those asked for; what is copied may take longer.');
  return lines.join('\n');
}
