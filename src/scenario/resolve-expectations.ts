// Expectations: metric, statistic, comparison and limit out of their text; names looked up.
import { METRIC_SENSE, type MetricStatistic } from '../core/metrics.ts';
import { nearest } from '../core/nearest.ts';
import { parseQuantity, QuantityError, type QuantityKind } from '../core/units.ts';
import { SERVICE_NAMES } from '../lake/lake.ts';
import { child, printable } from '../language/pointer.ts';
import { seconds } from '../language/quantities.ts';
import { checkReference, type Names } from '../language/references.ts';
import { resolveWindow } from './moments.ts';
import type { ScenarioContext } from './names.ts';
import { type Expectation, METRICS, type Metric } from './scenario.ts';
import type { WrittenExpectation } from './schema.ts';

export function resolveExpectations(written: readonly WrittenExpectation[], context: ScenarioContext): Expectation[] {
  return context.report
    .entries(written, '/expect')
    .flatMap(({ item, at }) => resolveExpectation(item, at, context) ?? []);
}

const OTHER_KEYS = new Set(['per', 'of', 'over', 'during', 'except']);

function resolveExpectation(
  written: WrittenExpectation,
  at: string,
  context: ScenarioContext,
): Expectation | undefined {
  const { report, clock } = context;
  const of = written.of === undefined ? [] : [written.of].flat();
  for (const [index, name] of of.entries()) {
    const pointer = Array.isArray(written.of) ? child(child(at, 'of'), index) : child(at, 'of');
    checkSubject(written.per, name, pointer, context);
  }
  const during = written.during === undefined ? undefined : resolveWindow(written.during, child(at, 'during'), context);
  const overSeconds = written.over === undefined ? undefined : seconds(written.over);
  const span = during === undefined ? clock.durationSeconds : during.toSeconds - during.fromSeconds;
  if (overSeconds !== undefined && clock.known && overSeconds > span) {
    report.warning(
      child(at, 'over'),
      'the window is longer than the time that is judged',
      'that time as a whole is judged',
    );
  }
  const keys = Object.keys(written).filter((key) => !OTHER_KEYS.has(key));
  const key = keys[0];
  if (key === undefined) {
    report.mismatch(at, '', 'no metric is named', `for example success: '>= 95%'`);
    return undefined;
  }
  if (keys[1] !== undefined) {
    report.keyError(child(at, keys[1]), `only one metric can be there, and ${key} is`, 'write a second expectation');
    return undefined;
  }
  const [metric = '', suffix = 'value'] = key.split('.');
  const sense = METRIC_SENSE[metric];
  if (sense !== undefined && !sense.subjects.includes(written.per)) {
    report.mismatch(
      at,
      key,
      `a ${written.per} has no ${metric}`,
      `it can be asked per ${sense.subjects.join(', ')}`,
      'key',
    );
    return undefined;
  }
  const limit = parseLimit(String(written[key as keyof WrittenExpectation]), metric as Metric);
  if ('message' in limit) {
    report.errorAt(child(at, key), limit.offset, limit.message, limit.hint);
    return undefined;
  }
  return {
    per: written.per,
    of,
    metric: metric as Metric,
    statistic: suffix as MetricStatistic,
    ...limit,
    overSeconds,
    during,
    exceptFaults: written.except === 'faults',
    text: expectationText(key, written),
  };
}

/** As written, in one line: `rate >= 90% of requested over 2h`. */
function expectationText(key: string, written: WrittenExpectation): string {
  const parts = [
    key,
    String(written[key as keyof WrittenExpectation])
      .trim()
      .replaceAll(/\s+/g, ' '),
  ];
  if (written.over !== undefined) parts.push(`over ${written.over}`);
  const { during } = written;
  if (during?.from !== undefined) parts.push(`from ${during.from}`);
  if (during?.to !== undefined) parts.push(`to ${during.to}`);
  if (written.except !== undefined) parts.push(`except ${written.except}`);
  return parts.join(' ');
}

function checkSubject(per: WrittenExpectation['per'], name: string, pointer: string, context: ScenarioContext): void {
  const { report, lakeNames } = context;
  const services: Names = { kind: 'service', known: new Set(SERVICE_NAMES), where: '' };
  switch (per) {
    case 'run':
      report.error(pointer, 'there is only one run', 'leave `of` out');
      return;
    case 'service':
      checkReference(report, pointer, name, services);
      return;
    case 'experiment':
      checkReference(report, pointer, name, context.experiments);
      return;
    case 'workflow':
      checkReference(report, pointer, name, context.workflows);
      return;
    case 'link':
      checkLink(name, pointer, context);
      return;
    default: {
      const names = { site: lakeNames?.sites, storage: lakeNames?.storages, cache: lakeNames?.caches }[per];
      if (names !== undefined) checkReference(report, pointer, name, names);
    }
  }
}

function checkLink(name: string, pointer: string, context: ScenarioContext): void {
  const { report, lakeNames } = context;
  const [from, to, ...rest] = name.split(' -> ');
  if (from === undefined || to === undefined || rest.length > 0) {
    report.error(pointer, 'not a link', 'write two storages with an arrow and spaces, for example A -> B');
    return;
  }
  if (lakeNames === undefined) return;
  for (const end of [from, to]) {
    if (end !== '*') checkReference(report, pointer, end, lakeNames.storages);
  }
}

type Limit = Pick<Expectation, 'comparison' | 'limit' | 'relativeTo'>;

const LIMIT = /^\s*(>=|<=|>|<|=)\s*(\S.*?)(?:\s+of\s+(\S+))?\s*$/;

/** Reads `>= 90% of requested`. Gives the offset and what is wrong where it cannot be. */
export function parseLimit(text: string, metric: Metric): Limit | { offset: number; message: string; hint: string } {
  const example = EXAMPLES[metric];
  const parts = LIMIT.exec(text);
  if (parts === null) {
    return { offset: 0, message: `"${printable(text, 40)}" is no limit`, hint: `write for example '${example}'` };
  }
  const [, comparison = '', value = '', relative] = parts;
  const offset = text.indexOf(value, text.indexOf(comparison) + comparison.length);
  const allowed = METRIC_SENSE[metric]?.relativeTo ?? [];
  if (relative !== undefined && !(allowed as readonly string[]).includes(relative)) {
    const meant = nearest(relative, allowed);
    const choices = allowed.length === 0 ? `${metric} is no share of anything` : `of ${allowed.join(' or of ')}`;
    return {
      offset: text.lastIndexOf(relative),
      message: `"of ${printable(relative, 40)}" has no meaning for ${metric}`,
      hint: meant === undefined ? choices : `did you mean ${meant}?`,
    };
  }
  const read = readValue(value, metric, relative !== undefined, example);
  if (typeof read !== 'number') return { offset, ...read };
  if (allowed.length > 0 && relative === undefined && value.endsWith('%')) {
    return { offset, message: `"${value}" of what?`, hint: `write ${value} of ${allowed.join(' or of ')}` };
  }
  return {
    comparison: comparison as Limit['comparison'],
    limit: read,
    relativeTo: (relative ?? '') as Limit['relativeTo'],
  };
}

const EXAMPLES: Readonly<Record<Metric, string>> = {
  success: '>= 95%',
  rate: '>= 90% of requested',
  volume: '>= 99% of planned',
  'time-to-data': '<= 30min',
  'time-to-first-copy': '<= 10min',
  latency: '<= 2s',
  'access-latency': '<= 5s',
  'access-rate': '>= 20 MB/s',
  availability: '>= 99%',
  stuck: '<= 1%',
  queue: '<= 1000',
  'hit-rate': '>= 60%',
  cost: '<= 100 EUR',
};

/** The value in the metric's unit (METRICS), or what is wrong with it. */
function readValue(
  value: string,
  metric: Metric,
  isShare: boolean,
  example: string,
): number | { message: string; hint: string } {
  if (metric === 'queue' || metric === 'cost') {
    const number = metric === 'cost' ? /^(\d{1,15}(?:\.\d{1,6})?) *(?:[A-Z]{3})?$/ : /^(\d{1,15}(?:\.\d{1,6})?)$/;
    const found = number.exec(value)?.[1];
    if (found !== undefined) return Number(found);
    return {
      message: `"${printable(value, 40)}" is no ${metric === 'cost' ? 'amount' : 'number'}`,
      hint: `write for example '${example}'`,
    };
  }
  let kind: QuantityKind = 'share';
  if (METRICS[metric] === 'seconds') kind = 'duration';
  else if (metric === 'access-rate') kind = 'rate';
  else if (!isShare && metric === 'rate' && !value.endsWith('%')) kind = 'rate';
  else if (!isShare && metric === 'volume' && !value.endsWith('%')) kind = 'bytes';
  try {
    return parseQuantity(value, kind);
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    return { message: error.message, hint: error.hint };
  }
}
