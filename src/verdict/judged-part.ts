// The part of a run that an expectation is judged over: the minutes kept, and series brought down to them.
import type { CheckedScenario, Expectation } from '../scenario/scenario.ts';
import { faultMinutes } from './fault-minutes.ts';

export interface JudgedPart {
  /** Minutes of the run, ascending. */
  readonly kept: Int32Array;
  /** 1 for each minute of the run that is kept. */
  readonly isKept: Uint8Array;
  readonly durationSeconds: number;
}

/** All minutes of the run. */
export function wholeRun(minutes: number, durationSeconds: number): JudgedPart {
  return partOf(new Uint8Array(minutes).fill(1), durationSeconds);
}

/** The minutes inside `during` and, where asked for, outside the subject's faults. */
export function judgedPart(
  checked: CheckedScenario,
  expectation: Expectation,
  subject: string,
  run: { readonly minutes: number; readonly durationSeconds: number },
): JudgedPart {
  const { during } = expectation;
  const from = during === undefined ? 0 : Math.floor(during.fromSeconds / 60);
  const to = during === undefined ? run.minutes : Math.min(run.minutes, Math.ceil(during.toSeconds / 60));
  const isKept = new Uint8Array(run.minutes);
  isKept.fill(1, Math.max(0, from), Math.max(0, to));
  if (expectation.exceptFaults) {
    const marked = faultMinutes(checked, expectation.per, subject, run.minutes);
    for (let minute = 0; minute < run.minutes; minute++) if (marked[minute] === 1) isKept[minute] = 0;
  }
  return partOf(isKept, run.durationSeconds);
}

function partOf(isKept: Uint8Array, durationSeconds: number): JudgedPart {
  const kept: number[] = [];
  for (let minute = 0; minute < isKept.length; minute++) if (isKept[minute] === 1) kept.push(minute);
  return { kept: Int32Array.from(kept), isKept, durationSeconds };
}

/** The values of the minutes kept, side by side. What was not recorded (NaN) is `missing`. */
export function keepValues(part: JudgedPart, series: Float64Array | undefined, missing = 0): Float64Array {
  const values = new Float64Array(part.kept.length);
  for (let index = 0; index < values.length; index++) {
    const value = series?.[part.kept[index]!] ?? missing;
    values[index] = Number.isNaN(value) ? missing : value;
  }
  return values;
}

/**
 * Work done by the minutes kept. What was done in minutes left out counts for the last minute kept before them (the first
 * after them where there is none): it may have been asked for before the fault, and a fault must not make it worse.
 * What was done before or after all minutes kept is not counted.
 */
export function keepWork(part: JudgedPart, series: Float64Array | undefined): Float64Array {
  const values = keepValues(part, series);
  if (series === undefined) return values;
  for (let index = 0; index + 1 < part.kept.length; index++) {
    for (let minute = part.kept[index]! + 1; minute < part.kept[index + 1]!; minute++) {
      const value = series[minute]!;
      if (!Number.isNaN(value)) values[index]! += value;
    }
  }
  return values;
}

/** Seconds of `count` minutes kept, `from` on: the run's last minute may be a short one. */
export function secondsOf(part: JudgedPart, from: number, to: number): number {
  const last = part.kept[to - 1];
  if (last === undefined) return 0;
  return (to - from) * 60 - Math.max(0, (last + 1) * 60 - part.durationSeconds);
}
