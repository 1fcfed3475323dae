// The plan's volumes as CSV: one row for each subject, measure and part of the day in which it is not zero.
import { DayClock } from './day-clock.ts';
import type { Overview, Volume } from './overview.ts';
import { partSeconds, partStart, regrid, type TimeGrid } from './time-grid.ts';

const COLUMNS = ['kind', 'subject', 'measure', 'start', 'end', 'value', 'unit'];

/** RFC 4180 lines ended by LF, the first with the columns' names; times are UTC. */
export function* planCsv(overview: Overview, periods: TimeGrid, start: Date): Generator<string, void> {
  yield `${COLUMNS.join(',')}\n`;
  const clock = new DayClock(start);
  function* rows(
    kind: string,
    subject: string,
    measure: string,
    values: Float64Array,
    unit: string,
  ): Generator<string> {
    const sums = regrid(values, overview.bins, periods);
    for (let period = 0; period < periods.count; period++) {
      if (sums[period] === 0) continue;
      const from = partStart(periods, period);
      const times = [from, from + partSeconds(periods, period)].map((at) => clock.moment(at).toISOString());
      const value = String(Number(sums[period]!.toFixed(unit === 'bytes' ? 0 : 3)));
      yield `${csvLine([kind, subject, measure, ...times, value, unit])}\n`;
    }
  }
  function* volumes(kind: string, measure: string, volume: Volume): Generator<string> {
    yield* rows(kind, volume.name, measure, volume.bytes, 'bytes');
    yield* rows(kind, volume.name, `${measure}_files`, volume.files, 'files');
  }
  for (const activity of overview.activities) {
    const { experiment, workflow } = activity.process;
    const kind = experiment === '' ? 'background' : 'workflow';
    const name = experiment === '' ? workflow : `${experiment}/${workflow}`;
    yield* rows(kind, name, 'injected', activity.injectedBytes, 'bytes');
    yield* rows(kind, name, 'injected_files', activity.injectedFiles, 'files');
    yield* rows(kind, name, 'to_copy', activity.copiedBytes, 'bytes');
    yield* rows(kind, name, 'rules', activity.rules, 'rules');
    yield* rows(kind, name, 'transitions', activity.transitions, 'transitions');
    yield* rows(kind, name, 'to_read', activity.readBytes, 'bytes');
    yield* rows(kind, name, 'sessions', activity.sessions, 'sessions');
  }
  for (const site of overview.sites) {
    yield* volumes('site', 'in', site.in);
    yield* volumes('site', 'out', site.out);
    yield* volumes('site', 'within', site.within);
  }
  for (const pair of overview.sitePairs) yield* volumes('network', 'to_move', pair);
  for (const link of overview.links) yield* volumes('link', 'to_copy', link);
}

/** One record; fields with commas, quotes or line breaks are quoted. */
export function csvLine(fields: readonly string[]): string {
  return fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
