// What the parts of the summary have in common: verdicts by subject, books, figures of one series.
import type { SubjectKind } from '../core/sink.ts';
import type { AggregateBuilder } from './aggregate-builder.ts';
import type { MinuteValues } from './minute-series.ts';
import type { Route } from './route.ts';
import type { Direction, ExpectationVerdict, JudgedExpectation, LimiterBook } from './summary.ts';

const SECONDS_PER_MINUTE = 60;

/** Compares by code units: the same order on every machine, whatever its language. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A map as an object with its keys sorted. */
export function sortedRecord<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => byName(a, b)));
}

/** What a site or an experiment gets from its expectations: not met if one was not, no data if none was judged. */
export function verdictOf(expectations: readonly JudgedExpectation[]): ExpectationVerdict {
  if (expectations.some(({ verdict }) => verdict === 'not-met')) return 'not-met';
  return expectations.some(({ verdict }) => verdict === 'met') ? 'met' : 'no-data';
}

/** Seconds by limiter over routes, largest first. */
export function limiterBook(routes: Iterable<Route>): LimiterBook {
  const seconds = new Map<string, number>();
  for (const route of routes) {
    for (const [limiter, sums] of route.limited) seconds.set(limiter, (seconds.get(limiter) ?? 0) + sums.seconds);
  }
  return Object.fromEntries([...seconds].toSorted(([a, x], [b, y]) => y - x || byName(a, b)));
}

/** The sum of a series, 0 where there is none. */
export function totalOf(aggregate: AggregateBuilder, kind: SubjectKind, subject: string, measure: string): number {
  return aggregate.minuteSeries(kind, subject, measure)?.total() ?? 0;
}

/** The largest value of a series, 0 where there is none. */
export function maximumOf(series: MinuteValues | undefined): number {
  let max = 0;
  series?.forEach((_minute, value) => {
    if (value > max) max = value;
  });
  return max;
}

/** The value at the last minute that was sampled, 0 where there is none. */
export function lastOf(aggregate: AggregateBuilder, series: MinuteValues | undefined): number {
  const minute = aggregate.lastSampledMinute;
  const value = series === undefined || minute < 0 ? 0 : series.at(minute);
  return Number.isNaN(value) ? 0 : value;
}

/** Mean of `up` over the minutes that were sampled; 1 where nothing says otherwise. */
export function availabilityOf(aggregate: AggregateBuilder, kind: SubjectKind, subject: string): number {
  let sum = 0;
  let minutes = 0;
  aggregate.minuteSeries(kind, subject, 'up')?.forEach((_minute, value) => {
    sum += value;
    minutes++;
  });
  return minutes === 0 ? 1 : sum / minutes;
}

/** The largest sum of several series in one minute, per second. */
export function peakRate(minutes: number, series: readonly (MinuteValues | undefined)[]): number {
  const sums = new Float64Array(minutes);
  for (const one of series) {
    one?.forEach((minute, value) => {
      sums[minute]! += value;
    });
  }
  return sums.reduce((max, value) => Math.max(max, value), 0) / SECONDS_PER_MINUTE;
}

/**
 * What went one way at a site or storage. `moved` are series of bytes as they moved, by minute, of which the peak is
 * taken; where there are none, it is that of the bytes of operations by the minute they ended.
 */
export function directionOf(
  aggregate: AggregateBuilder,
  kind: SubjectKind,
  subject: string,
  prefix: 'in_' | 'out_',
  moved: readonly (MinuteValues | undefined)[],
): Direction {
  const total = (measure: string): number => totalOf(aggregate, kind, subject, `${prefix}${measure}`);
  const bytes = total('done_bytes');
  const meanRateBps = bytes / aggregate.durationSeconds;
  const sampled = moved.some((series) => series !== undefined);
  const peakOf = sampled ? moved : [aggregate.minuteSeries(kind, subject, `${prefix}done_bytes`)];
  return {
    requestedBytes: total('requested_bytes'),
    bytes,
    meanRateBps,
    peakRateBps: Math.max(meanRateBps, peakRate(aggregate.minutes, peakOf)),
    succeeded: total('succeeded'),
    failed: total('failed'),
  };
}
