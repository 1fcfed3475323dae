// The faults that concern a site, and how soon its operations succeeded again.
import type { FaultSummary } from '../../record/summary.ts';
import * as cell from '../cells.ts';
import type { Cell, TableBlock } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { storagesAt } from '../run-data.ts';
import { table } from './blocks.ts';

/** Operations count as recovered in the first quarter of an hour in which so many of those that ended succeeded. */
const RECOVERED_SHARE = 0.95;
const RECOVERY_WINDOW_MINUTES = 15;

/** Faults of the scenario on the site, one of its storages or caches, or a link that it is an end of. */
export function faultsOfSite(name: string, context: ReportContext): FaultSummary[] {
  const storages = storagesAt(context, name);
  return context.summary.faults.filter((summary) => {
    const fault = context.scenario.faults.find(
      (one) =>
        one.text === summary.text && one.atSeconds === summary.atSeconds && one.forSeconds === summary.forSeconds,
    );
    const target = fault?.target;
    switch (target?.kind) {
      case 'site':
        return target.name === name;
      case 'storage':
        return storages.includes(target.name);
      case 'link':
        return [target.from, target.to].some((end) => end === name || storages.includes(end));
      case 'cache':
        return context.summary.caches[target.name]?.site === name;
      default:
        return false;
    }
  });
}

export function recoveryTable(name: string, faults: readonly FaultSummary[], context: ReportContext): TableBlock {
  const ended = endedByMinute(name, context);
  return table(
    'faults',
    'Faults while they lasted, and how soon 95% of operations succeeded again',
    [
      cell.column('fault', 'Fault', 'text'),
      cell.column('from_seconds', 'From'),
      cell.column('to_seconds', 'To'),
      cell.column('success_before', 'Success in the hour before'),
      cell.column('success_during', 'Success during'),
      cell.column('success_after', 'Success in the hour after'),
      cell.column('recovery_seconds', 'Recovered after'),
    ],
    faults.map((fault) => {
      const end = fault.atSeconds + fault.forSeconds;
      const before = toMinute(Math.floor, fault.atSeconds);
      const after = toMinute(Math.ceil, end);
      return [
        cell.text(fault.text),
        cell.moment(fault.atSeconds, context.clock.format),
        cell.moment(end, context.clock.format),
        cell.share(ended.success(before - 3600, before)),
        cell.share(ended.success(fault.atSeconds, end)),
        cell.share(ended.success(after, after + 3600)),
        recoveryCell(isHurt(ended.success(fault.atSeconds, end)) ? ended.recoverySeconds(end) : undefined),
      ];
    }),
  );
}

/** Operations are known by the minute: those of a fault's first and last minute count as during it, and not beside it. */
function toMinute(round: (minutes: number) => number, seconds: number): number {
  return round(seconds / 60) * 60;
}

function recoveryCell(seconds: number | undefined): Cell {
  return seconds === 0 ? { ...cell.duration(0), text: 'at once' } : cell.duration(seconds);
}

/** Only what failed can recover. */
function isHurt(success: number | undefined): boolean {
  return success !== undefined && success < RECOVERED_SHARE;
}

class EndedByMinute {
  readonly #succeeded: Float64Array;
  readonly #failed: Float64Array;

  constructor(succeeded: Float64Array, failed: Float64Array) {
    this.#succeeded = succeeded;
    this.#failed = failed;
  }

  /** Share that succeeded between two times; undefined where nothing ended. */
  success(fromSeconds: number, toSeconds: number): number | undefined {
    let succeeded = 0;
    let failed = 0;
    for (let minute = Math.max(0, Math.floor(fromSeconds / 60)); minute < Math.ceil(toSeconds / 60); minute++) {
      succeeded += this.#succeeded[minute] ?? 0;
      failed += this.#failed[minute] ?? 0;
    }
    return cell.successShare({ succeeded, failed });
  }

  /** Seconds from the fault's end to the first window that counts as recovered; undefined where none came. */
  recoverySeconds(endSeconds: number): number | undefined {
    const window = RECOVERY_WINDOW_MINUTES * 60;
    const last = this.#succeeded.length * 60 - window;
    for (let start = Math.ceil(endSeconds / 60) * 60; start <= last; start += 60) {
      if ((this.success(start, start + window) ?? 0) >= RECOVERED_SHARE) return start - endSeconds;
    }
    return undefined;
  }
}

function endedByMinute(name: string, context: ReportContext): EndedByMinute {
  const total = (measures: readonly string[]): Float64Array => {
    const sum = new Float64Array(context.series.minutes);
    for (const measure of measures) {
      const series = context.series.series('site', name, measure);
      for (let minute = 0; minute < sum.length; minute++) sum[minute] = (sum[minute] ?? 0) + (series?.[minute] ?? 0);
    }
    return sum;
  };
  return new EndedByMinute(total(['in_succeeded', 'out_succeeded']), total(['in_failed', 'out_failed']));
}
