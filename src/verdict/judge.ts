// Judges a run: each expectation of the scenario against what the run came to. docs/verdicts.md says what each means.
import type { SubjectKind } from '../core/sink.ts';
import type { RunAggregate } from '../record/aggregate.ts';
import type { JudgedExpectation, RunVerdict } from '../record/summary.ts';
import { METRICS, type CheckedScenario, type Expectation } from '../scenario/scenario.ts';
import { flowsOf } from './flows.ts';
import { judgedPart, wholeRun, type JudgedPart } from './judged-part.ts';
import { largestLimiter } from './books.ts';
import { commonestError } from './commonest-error.ts';
import { measure, METRICS_WITH_LIMITER } from './measure.ts';
import type { Measurement } from './measurement.ts';
import { subjectsInOrder } from './subjects.ts';
import type { Worst } from './windows.ts';

export interface Judgement {
  readonly verdict: RunVerdict;
  readonly expectations: JudgedExpectation[];
}

/**
 * Judges all expectations, in their order; one without names is judged for each subject that the run has data of, in the
 * order of the lake or scenario, and has one entry without data where there is none.
 */
export function judge(checked: CheckedScenario, aggregate: RunAggregate): Judgement {
  const expectations: JudgedExpectation[] = [];
  for (const expectation of checked.scenario.expectations) {
    const subjects = subjectsToJudge(checked, aggregate, expectation);
    if (subjects.length === 0) expectations.push(withoutData(expectation, ''));
    for (const subject of subjects) expectations.push(judgeOne(checked, aggregate, expectation, subject));
  }
  return { verdict: runVerdict(expectations), expectations };
}

function runVerdict(expectations: readonly JudgedExpectation[]): RunVerdict {
  if (expectations.some((one) => one.verdict === 'not-met')) return 'not-met';
  return expectations.some((one) => one.verdict === 'met') ? 'met' : 'nothing-to-judge';
}

function subjectsToJudge(checked: CheckedScenario, aggregate: RunAggregate, expectation: Expectation): string[] {
  if (expectation.per === 'run') return [''];
  if (expectation.of.length > 0) return [...expectation.of];
  // Whether the run touched a subject is asked of the whole day: one that a fault covers altogether is still judged.
  const part = wholeRun(aggregate.minutes, aggregate.durationSeconds);
  const worst = worstEnd(expectation);
  const unwindowed: Expectation = { ...expectation, overSeconds: undefined };
  return subjectsInOrder(checked, aggregate, expectation.per).filter(
    (subject) => measure(checked, aggregate, { expectation: unwindowed, subject, part, worst }) !== undefined,
  );
}

function judgeOne(
  checked: CheckedScenario,
  aggregate: RunAggregate,
  expectation: Expectation,
  subject: string,
): JudgedExpectation {
  const part = judgedPart(checked, expectation, subject, aggregate);
  const measurement = worstMeasurement(checked, aggregate, expectation, subject, part);
  if (measurement === undefined) return withoutData(expectation, subject);
  const { value, unit, window } = measurement;
  const note = [measurement.note, failuresOf(aggregate, expectation, subject, part, measurement)]
    .filter(Boolean)
    .join(', ');
  return {
    text: expectation.text,
    per: expectation.per,
    subject,
    verdict: meets(value, expectation) ? 'met' : 'not-met',
    measured: Number.isFinite(value) ? value : null,
    limit: expectation.limit,
    unit,
    limiter: limiterOf(aggregate, expectation, subject, part, measurement),
    atSeconds: expectation.overSeconds === undefined ? null : part.kept[window.from]! * 60,
    ...(note === '' ? {} : { note }),
  };
}

/** For `=`, whichever end is further from the limit. */
function worstMeasurement(
  checked: CheckedScenario,
  aggregate: RunAggregate,
  expectation: Expectation,
  subject: string,
  part: JudgedPart,
): Measurement | undefined {
  const ask = (worst: Worst) => measure(checked, aggregate, { expectation, subject, part, worst });
  const first = ask(worstEnd(expectation));
  if (expectation.comparison !== '=' || first === undefined) return first;
  const second = ask('highest');
  const distance = (one: Measurement): number => Math.abs(one.value - expectation.limit);
  return second !== undefined && distance(second) > distance(first) ? second : first;
}

function worstEnd({ comparison }: Expectation): Worst {
  return comparison === '<=' || comparison === '<' ? 'highest' : 'lowest';
}

/** A difference of 1e-9 of the limit is rounding, not a verdict. */
function meets(value: number, { comparison, limit }: Expectation): boolean {
  const slack = Math.abs(limit) * 1e-9;
  switch (comparison) {
    case '>=':
      return value >= limit - slack;
    case '<=':
      return value <= limit + slack;
    case '>':
      return value > limit;
    case '<':
      return value < limit;
    case '=':
      return Math.abs(value - limit) <= slack;
  }
}

/** What held the subject's work longest in the worst window, or in all of the part judged where that window has no books. */
function limiterOf(
  aggregate: RunAggregate,
  expectation: Expectation,
  subject: string,
  part: JudgedPart,
  measurement: Measurement,
): string {
  if (!METRICS_WITH_LIMITER.has(expectation.metric)) return '';
  const { per } = expectation;
  if (per === 'service' || per === 'cache') return '';
  const flows = flowsOf(aggregate, per, subject).filter((one) => one.direction === measurement.direction);
  const kinds: readonly (readonly [SubjectKind, string])[] =
    per === 'run' ? aggregate.subjects('experiment').map((name) => ['experiment', name] as const) : [[per, subject]];
  const measures = [...new Set(kinds.flatMap(([kind, name]) => aggregate.measures(kind, name)))];
  return flows
    .map((flow) => {
      const from = part.kept[measurement.window.from]!;
      const to = part.kept[measurement.window.to - 1]! + 1;
      return largestLimiter(flow, measures, from, to) || largestLimiter(flow, measures, 0, aggregate.minutes);
    })
    .join('');
}

/** What failures mostly were, where success is what is judged. */
function failuresOf(
  aggregate: RunAggregate,
  { metric, per }: Expectation,
  subject: string,
  part: JudgedPart,
  { direction, window, value }: Measurement,
): string {
  if (metric !== 'success' || value >= 1) return '';
  const from = part.kept[window.from]!;
  const to = part.kept[window.to - 1]! + 1;
  const errorClass = commonestError(aggregate, { per, subject, direction, from, to });
  return errorClass === '' ? '' : `mostly ${errorClass}`;
}

function withoutData(expectation: Expectation, subject: string): JudgedExpectation {
  return {
    text: expectation.text,
    per: expectation.per,
    subject,
    verdict: 'no-data',
    measured: null,
    limit: expectation.limit,
    unit: unitOf(expectation),
    limiter: '',
    atSeconds: null,
  };
}

function unitOf({ metric, relativeTo }: Expectation): string {
  if (relativeTo !== '') return 'share';
  if (metric === 'rate') return 'bytes per second';
  return metric === 'volume' ? 'bytes' : METRICS[metric];
}
