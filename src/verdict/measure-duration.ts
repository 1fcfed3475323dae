// Measures percentiles of durations (and of the rate of reading), where what never ended counts as longer than all.
import type { SubjectKind } from '../core/sink.ts';
import { formatCount } from '../core/units.ts';
import type { RunAggregate } from '../record/aggregate.ts';
import type { Statistic } from '../scenario/scenario.ts';
import type { Measurement, Question } from './measurement.ts';
import { isWorse, windowMinutes } from './windows.ts';

const QUANTILES: Readonly<Record<Statistic, number>> = {
  value: 1,
  mean: NaN,
  p50: 0.5,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
  max: 1,
};

/** Windows of percentiles slide by this share of their length, since each takes reading a histogram anew. */
const STEPS_PER_WINDOW = 12;

/** The worst percentile over all windows; undefined where nothing was counted. */
export function measureDuration(aggregate: RunAggregate, question: Question): Measurement | undefined {
  const { part, expectation, worst } = question;
  const length = windowMinutes(expectation.overSeconds, part.kept.length);
  const step = Math.max(1, Math.floor(length / STEPS_PER_WINDOW));
  const last = part.kept.length - length;
  let found: Measurement | undefined;
  for (let from = 0; from <= last; from = from < last ? Math.min(last, from + step) : last + 1) {
    const one = measureWindow(aggregate, question, from, from + length);
    if (one !== undefined && (found === undefined || isWorse(one.value, found.value, worst))) found = one;
  }
  return found;
}

function measureWindow(aggregate: RunAggregate, question: Question, from: number, to: number): Measurement | undefined {
  const { part, expectation, subject } = question;
  const { metric, statistic, per } = expectation;
  const kind = per as SubjectKind;
  const first = part.kept[from]!;
  const end = part.kept[to - 1]! + 1;
  const keep = (minute: number): boolean => minute >= first && minute < end && part.isKept[minute] === 1;
  const all = aggregate.percentiles(kind, subject, metric, keep);
  const undecided = undecidedCount(aggregate, question, keep);
  const count = all.count - undecided;
  if (count <= 0) return undefined;
  // A session's rate as it stands is the mean: a largest one would say nothing.
  const isMean = statistic === 'mean' || (statistic === 'value' && metric === 'access-rate');
  const share = isMean ? 0 : (QUANTILES[statistic] * count) / all.count;
  const value = isMean ? (all.meanSeconds ?? NaN) : aggregate.quantile(kind, subject, metric, share, keep);
  if (Number.isNaN(value)) return undefined;
  const unfinished = all.unfinished - undecided;
  return {
    value,
    unit: metric === 'access-rate' ? 'bytes per second' : 'seconds',
    window: { from, to },
    direction: '',
    note: noteOf(unfinished, undecided, count),
  };
}

function noteOf(unfinished: number, undecided: number, count: number): string {
  const notes: string[] = [];
  if (unfinished > 0) notes.push(`${formatCount(unfinished)} of ${formatCount(count)} never done`);
  if (undecided > 0) notes.push(`without ${formatCount(undecided)} asked too late to tell`);
  return notes.join(', ');
}

/**
 * What was asked for less than the limit before the end of the run, and is not done: it may still have met the limit, so
 * it is not counted.
 */
function undecidedCount(aggregate: RunAggregate, question: Question, keep: (minute: number) => boolean): number {
  const { expectation, subject } = question;
  const { metric, comparison, limit, per } = expectation;
  const isUpperLimit = comparison === '<=' || comparison === '<';
  if (!isUpperLimit || (metric !== 'time-to-data' && metric !== 'time-to-first-copy')) return 0;
  const decidedUntil = Math.floor((aggregate.durationSeconds - limit) / 60);
  const recent = (minute: number): boolean => minute >= decidedUntil && keep(minute);
  const unfinished = aggregate.percentiles(per as SubjectKind, subject, metric, recent).unfinished;
  return Math.max(0, unfinished - failedSince(aggregate, per as SubjectKind, subject, decidedUntil));
}

/** Rules that failed for good from that minute on: those are decided. */
function failedSince(aggregate: RunAggregate, kind: SubjectKind, subject: string, minute: number): number {
  const failed = aggregate.series(kind, subject, 'rules_failed') ?? new Float64Array();
  let count = 0;
  for (let index = Math.max(0, minute); index < failed.length; index++) count += failed[index]!;
  return count;
}
