// Measures one metric of one subject over the part of the run that is judged. What each means: docs/verdicts.md.
import type { SubjectKind } from '../core/sink.ts';
import type { RunAggregate } from '../record/aggregate.ts';
import type { CheckedScenario, Expectation, Metric } from '../scenario/scenario.ts';
import { flowsOf, type Flow } from './flows.ts';
import { keepValues, keepWork, secondsOf, type JudgedPart } from './judged-part.ts';
import { measureDuration } from './measure-duration.ts';
import type { Measurement, Question } from './measurement.ts';
import { heldMean, heldShare, isWorse, windowMinutes, worstRatio, worstSum, type WindowValue } from './windows.ts';

/** The worst value of the metric, or undefined where the run holds no data for it. */
export function measure(
  checked: CheckedScenario,
  aggregate: RunAggregate,
  question: Question,
): Measurement | undefined {
  const { expectation, subject, part } = question;
  if (part.kept.length === 0) return undefined;
  const { per } = expectation;
  switch (expectation.metric) {
    case 'success':
      return per === 'service'
        ? serviceSuccess(aggregate, question)
        : worstFlow(aggregate, question, (flow) => flowSuccess(flow, question));
    case 'rate':
    case 'volume':
      return worstFlow(aggregate, question, (flow) => flowVolume(flow, question));
    case 'time-to-data':
    case 'time-to-first-copy':
    case 'latency':
    case 'access-latency':
    case 'access-rate':
      return measureDuration(aggregate, question);
    case 'availability':
      return availability(checked, aggregate, question);
    case 'stuck':
      return stuck(aggregate, question);
    case 'queue':
      return queue(aggregate, question);
    case 'hit-rate':
      return hitRate(aggregate, question);
    case 'cost':
      return cost(checked, aggregate, question, per === 'run' ? aggregate.subjects('site') : [subject]);
  }
}

function worstFlow(
  aggregate: RunAggregate,
  question: Question,
  measureFlow: (flow: Flow) => Measurement | undefined,
): Measurement | undefined {
  let found: Measurement | undefined;
  for (const flow of flowsOf(aggregate, question.expectation.per, question.subject)) {
    const one = measureFlow(flow);
    if (one !== undefined && (found === undefined || isWorse(one.value, found.value, question.worst))) found = one;
  }
  return found;
}

function flowSuccess(flow: Flow, { part, expectation, worst }: Question): Measurement | undefined {
  const succeeded = keepValues(part, flow.series('succeeded'));
  const failed = keepValues(part, flow.series('failed'));
  const ended = succeeded.map((value, index) => value + failed[index]!);
  const window = worstRatio(succeeded, ended, lengthOf(part, expectation), worst);
  return found(window, 'share', flow);
}

function serviceSuccess(
  aggregate: RunAggregate,
  { part, expectation, subject, worst }: Question,
): Measurement | undefined {
  const requests = keepValues(part, aggregate.series('service', subject, 'requests'));
  const failures = keepValues(part, aggregate.series('service', subject, 'failures'));
  const succeeded = requests.map((value, index) => value - failures[index]!);
  return found(worstRatio(succeeded, requests, lengthOf(part, expectation), worst), 'share');
}

function flowVolume(flow: Flow, question: Question): Measurement | undefined {
  const { part, expectation } = question;
  const requested = keepValues(part, flow.series('requested_bytes'));
  const done = keepWork(part, flow.series('done_bytes'));
  const whole = { from: 0, to: part.kept.length };
  if (!requested.some((value) => value > 0) && !done.some((value) => value > 0)) return undefined;
  const length = lengthOf(part, expectation);
  if (expectation.relativeTo !== '') {
    const window =
      expectation.overSeconds === undefined || question.worst === 'highest'
        ? worstRatio(done, requested, length, question.worst)
        : heldShare(requested, done, length);
    return found(window, 'share', flow);
  }
  if (expectation.metric === 'volume') {
    return found(worstSum(done, length, question.worst), 'bytes', flow);
  }
  if (expectation.overSeconds === undefined) {
    const value = sum(done) / secondsOf(part, whole.from, whole.to);
    return found({ value, ...whole }, 'bytes per second', flow);
  }
  const window = question.worst === 'lowest' ? heldMean(requested, done, length) : worstSum(done, length, 'highest');
  if (window === undefined) return undefined;
  const bytes = sum(done.subarray(window.from, window.to));
  return found({ ...window, value: bytes / secondsOf(part, window.from, window.to) }, 'bytes per second', flow);
}

/** Mean of `up` over the subject's storages; minutes without a sample are not counted. */
function availability(
  checked: CheckedScenario,
  aggregate: RunAggregate,
  { part, expectation, subject, worst }: Question,
): Measurement | undefined {
  const kind: SubjectKind = expectation.per === 'service' ? 'service' : 'storage';
  const names =
    expectation.per === 'site'
      ? [...checked.lake.storages.values()].filter((one) => one.site === subject).map((one) => one.name)
      : [subject];
  const up = new Float64Array(part.kept.length);
  const sampled = new Float64Array(part.kept.length);
  for (const name of names) {
    const values = keepValues(part, aggregate.series(kind, name, 'up'), -1);
    for (let index = 0; index < values.length; index++) {
      if (values[index]! < 0) continue;
      up[index]! += values[index]!;
      sampled[index]! += 1;
    }
  }
  return found(worstRatio(up, sampled, lengthOf(part, expectation), worst), 'share');
}

/**
 * Of the catalogue: stuck rules of all rules there are, in the worst minute, or the worst window's mean. Of an experiment
 * or workflow: rules that failed, of those that ended.
 */
function stuck(aggregate: RunAggregate, { part, expectation, subject, worst }: Question): Measurement | undefined {
  const { per } = expectation;
  if (per === 'experiment' || per === 'workflow') {
    const failed = keepValues(part, aggregate.series(per, subject, 'rules_failed'));
    const done = keepValues(part, aggregate.series(per, subject, 'rules_done'));
    const ended = failed.map((value, index) => value + done[index]!);
    return found(worstRatio(failed, ended, lengthOf(part, expectation), worst), 'share');
  }
  if (per === 'service' && subject !== 'catalogue') return undefined;
  const gauge = (measureName: string): Float64Array =>
    keepValues(part, aggregate.series('service', 'catalogue', measureName));
  const stuckRules = gauge('rules_stuck');
  const others = [gauge('rules_ok'), gauge('rules_replicating')];
  const rules = stuckRules.map((value, index) => others.reduce((all, one) => all + one[index]!, value));
  const length = expectation.overSeconds === undefined ? 1 : lengthOf(part, expectation);
  return found(worstRatio(stuckRules, rules, length, worst), 'share');
}

/** The longest queue of any minute, or the worst window's mean. */
function queue(aggregate: RunAggregate, { part, expectation, subject, worst }: Question): Measurement | undefined {
  const [kind, name, measureName] = queueSeries(expectation.per, subject);
  const series = aggregate.series(kind, name, measureName);
  if (series === undefined) return undefined;
  const values = keepValues(part, series);
  const byMinute = expectation.statistic !== 'mean' && expectation.overSeconds === undefined;
  const length = byMinute ? 1 : lengthOf(part, expectation);
  const window = worstSum(values, length, worst);
  return window && found({ ...window, value: window.value / length }, 'count');
}

function queueSeries(per: Expectation['per'], subject: string): [SubjectKind, string, string] {
  if (per === 'link') return ['link', subject, 'queued'];
  if (per === 'storage') return ['tape', subject, 'recall_queue'];
  return ['service', per === 'run' ? 'transfers' : subject, 'queued'];
}

function hitRate(aggregate: RunAggregate, { part, expectation, subject, worst }: Question): Measurement | undefined {
  const names = expectation.per === 'run' ? aggregate.subjects('cache') : [subject];
  const hit = new Float64Array(part.kept.length);
  const read = new Float64Array(part.kept.length);
  for (const name of names) {
    const hits = keepValues(part, aggregate.series('cache', name, 'hit_bytes'));
    const misses = keepValues(part, aggregate.series('cache', name, 'miss_bytes'));
    for (let index = 0; index < hit.length; index++) {
      hit[index]! += hits[index]!;
      read[index]! += hits[index]! + misses[index]!;
    }
  }
  return found(worstRatio(hit, read, lengthOf(part, expectation), worst), 'share');
}

/** Costs of leaving the sites, added up; undefined where no site has a price or where currencies differ. */
function cost(
  { lake }: CheckedScenario,
  aggregate: RunAggregate,
  { part, expectation, worst }: Question,
  sites: readonly string[],
): Measurement | undefined {
  const priced = sites.filter((name) => lake.sites.get(name)?.egressCost !== undefined);
  const currencies = new Set(priced.map((name) => lake.sites.get(name)?.egressCost?.currency));
  const [currency] = currencies;
  if (currencies.size !== 1 || currency === undefined) return undefined;
  const amounts = new Float64Array(part.kept.length);
  for (const name of priced) {
    const values = keepValues(part, aggregate.series('site', name, 'egress_cost'));
    for (let index = 0; index < amounts.length; index++) amounts[index]! += values[index]!;
  }
  return found(worstSum(amounts, lengthOf(part, expectation), worst), currency);
}

function lengthOf(part: JudgedPart, expectation: Expectation): number {
  return windowMinutes(expectation.overSeconds, part.kept.length);
}

function found(window: WindowValue | undefined, unit: string, flow?: Flow): Measurement | undefined {
  if (window === undefined) return undefined;
  const { value, from, to } = window;
  return { value, unit, window: { from, to }, direction: flow?.direction ?? '', note: flow?.note ?? '' };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Metrics whose books are worth reading: those about work that something held up. What failed was not held up. */
export const METRICS_WITH_LIMITER: ReadonlySet<Metric> = new Set([
  'rate',
  'volume',
  'time-to-data',
  'time-to-first-copy',
  'access-latency',
  'access-rate',
  'queue',
]);
