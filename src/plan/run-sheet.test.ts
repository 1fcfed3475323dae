import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { constant } from '../core/law.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { compilePlan } from './compile.ts';
import { demandOf } from './demand.ts';
import { runSheet, runSheets, type RunSheet } from './run-sheet.ts';
import { runSheetCalendar } from './run-sheet-calendar.ts';
import { runSheetCsv, runSheetMarkdown } from './run-sheet-text.ts';
import {
  accessOf,
  backgroundOf,
  faultOf,
  HOUR,
  injectionOf,
  ruleOf,
  scenarioOf,
  scheduleOf,
  workflowOf,
} from './scenario-for-tests.ts';

/** Pulsar search at DESY from 06:00 to 18:00, copied to CERN; readers at PIC; background; a fault at DESY. */
function pulsarDay(): CheckedScenario {
  return scenarioOf({
    experiments: {
      SKA: [
        workflowOf('pulsar-search', {
          inject: injectionOf({
            datasets: 350,
            filesPerDataset: 10,
            size: constant(50e6),
            schedule: scheduleOf({ fromSeconds: 6 * HOUR, toSeconds: 18 * HOUR }),
          }),
          replicate: [ruleOf('EULAKE-1')],
          access: [
            accessOf({ from: 'EULAKE-1', schedule: scheduleOf({ fromSeconds: 9 * HOUR, toSeconds: 10 * HOUR }) }),
          ],
        }),
      ],
    },
    background: [backgroundOf({ everySeconds: 6 * HOUR })],
    faults: [faultOf()],
  });
}

function sheetOf(site: string, checked = pulsarDay()): RunSheet {
  return runSheet(site, checked, demandOf(checked, compilePlan(checked)));
}

describe('a site’s run sheet', () => {
  test('says who writes, copies and reads what there, and when', () => {
    const entries = sheetOf('DESY').entries.filter((entry) => !entry.background && entry.kind !== 'fault');
    expect(entries.map(({ kind, who, place, peer }) => [kind, who, place, peer])).toEqual([
      ['written here', 'SKA/pulsar-search', 'DESY-DCACHE', ''],
      ['copied out', 'SKA/pulsar-search', 'DESY-DCACHE', 'CERN'],
    ]);
    expect(entries[0]).toMatchObject({ fromSeconds: 6 * HOUR, toSeconds: 18 * HOUR, files: 3500, bytes: 175e9 });
    expect(entries[0]!.meanRateBps).toBeCloseTo(175e9 / (12 * HOUR), 3);
  });

  test('of the readers’ site has their sessions, and of the source’s what is read from it', () => {
    const kinds = (site: string) =>
      sheetOf(site)
        .entries.filter((entry) => !entry.background)
        .map((entry) => entry.kind);
    expect(kinds('PIC')).toEqual(['read by users here']);
    expect(kinds('CERN')).toEqual(['copied in', 'read from here']);
  });

  test('of a site whose clients write elsewhere says so', () => {
    const checked = scenarioOf({
      experiments: { LOFAR: [workflowOf('ingest', { inject: injectionOf({ from: 'PIC' }) })] },
    });
    expect(sheetOf('PIC', checked).entries).toMatchObject([
      { kind: 'written elsewhere by clients here', who: 'LOFAR/ingest', place: '', peer: 'DESY', files: 1 },
    ]);
  });

  test('has the faults played there, and not those of others', () => {
    const faults = (site: string) => sheetOf(site).entries.filter((entry) => entry.kind === 'fault');
    expect(faults('DESY')).toMatchObject([
      { fromSeconds: 14 * HOUR, toSeconds: 15 * HOUR, who: 'DESY unreachable (refused)' },
    ]);
    expect(faults('CERN')).toEqual([]);
  });

  test('sums background traffic up as one thing for the whole day', () => {
    const background = sheetOf('PIC').entries.filter((entry) => entry.background);
    expect(background.map(({ kind, fromSeconds, toSeconds }) => [kind, fromSeconds, toSeconds])).toEqual(
      ['written here', 'copied in', 'copied out'].map((kind) => [kind, 0, 18 * HOUR + 300]),
    );
  });

  test('is made for every site that takes part', () => {
    const checked = pulsarDay();
    const sheets = runSheets(checked, demandOf(checked, compilePlan(checked)));
    expect(sheets.map((sheet) => sheet.site)).toEqual(['CERN', 'DESY', 'PIC']);
  });
});

describe('a run sheet as Markdown', () => {
  test('has a table that people can read', () => {
    const text = runSheetMarkdown(sheetOf('DESY'), pulsarDay());
    expect(text).toContain('# Run sheet: DESY');
    expect(text).toContain(
      '| 06:00 | 18:00 | written here | SKA/pulsar-search | DESY-DCACHE |  | 3,500 | 175 GB | 32.4 Mbit/s |',
    );
    expect(text).toContain('| 14:00 | 15:00 | DESY unreachable (refused) |');
  });

  test('is not broken by what names hold', () => {
    const checked = scenarioOf({ experiments: { 'A|B*': [workflowOf('w', { inject: injectionOf() })] } });
    const row = runSheetMarkdown(sheetOf('DESY', checked), checked)
      .split('\n')
      .find((line) => line.includes('written'))!;
    expect(row).toContain('A\\|B\\*/w');
  });
});

describe('a run sheet as CSV', () => {
  test('has one line for each entry, with times in UTC and lines ended as RFC 4180 says', () => {
    const sheet = sheetOf('DESY');
    const text = runSheetCsv([sheet], pulsarDay());
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(sheet.entries.length + 2);
    expect(lines[0]).toBe('site,start,end,kind,who,place,peer,files,bytes,mean_bytes_per_second,peak_bytes_per_second');
    const written = lines.find((line) => line.includes('SKA/pulsar-search,DESY-DCACHE,,'));
    // 175 GB over twelve hours are 4,050,926 bytes a second; an hour has 291 or 292 of the 3,500 files.
    expect(written).toMatch(
      /^DESY,2020-11-24T06:00:00\.000Z,2020-11-24T18:00:00\.000Z,written here,.*,,3500,175000000000,4050926,405\d{4}$/,
    );
  });
});

describe('a run sheet as a calendar', () => {
  const checked = pulsarDay();
  const calendarOf = (site: string, of = checked) => runSheetCalendar([sheetOf(site, of)], of);

  test('is read by a calendar program, with the same times and texts', () => {
    const events = new ICAL.Component(ICAL.parse(calendarOf('DESY')))
      .getAllSubcomponents('vevent')
      .map((component) => new ICAL.Event(component));
    expect(events).toHaveLength(sheetOf('DESY').entries.length);
    const written = events.find((event) => event.summary.startsWith('SKA/pulsar-search written here'))!;
    expect(written.summary).toBe('SKA/pulsar-search written here (DESY-DCACHE), 175 GB');
    expect(written.startDate.toJSDate().toISOString()).toBe('2020-11-24T06:00:00.000Z');
    expect(written.endDate.toJSDate().toISOString()).toBe('2020-11-24T18:00:00.000Z');
    expect(written.location).toBe('DESY');
    expect(written.description.split('\n')).toContain('Volume: 175 GB');
  });

  test('has lines of at most 75 octets, all ended by CRLF', () => {
    const lines = calendarOf('DESY').split('\r\n');
    expect(lines.at(-1)).toBe('');
    for (const line of lines) {
      expect(line).not.toMatch(/[\r\n]/);
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    }
  });

  test('keeps commas, semicolons, backslashes and letters of any script in names', () => {
    const name = 'Ærø; a,b\\c “night”'.repeat(4);
    const odd = scenarioOf({ experiments: { [name]: [workflowOf('w', { inject: injectionOf() })] } });
    const [event] = new ICAL.Component(ICAL.parse(calendarOf('DESY', odd))).getAllSubcomponents('vevent');
    expect(new ICAL.Event(event).summary).toBe(`${name}/w written here (DESY-DCACHE), 1.0 GB`);
  });

  test('is the same each time, each event with a UID of its own and the exercise’s start as its stamp', () => {
    expect(calendarOf('DESY')).toBe(calendarOf('DESY'));
    const components = new ICAL.Component(ICAL.parse(calendarOf('DESY'))).getAllSubcomponents('vevent');
    const uids = components.map((component) => component.getFirstPropertyValue('uid'));
    expect(new Set(uids).size).toBe(uids.length);
    for (const component of components) {
      expect(String(component.getFirstPropertyValue('dtstamp'))).toBe('2020-11-24T00:00:00Z');
    }
  });
});
