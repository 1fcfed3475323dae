// Findings about expectations: which were not met, by whom, how far off, and what decided it.
import { formatCount } from '../core/units.ts';
import type { JudgedExpectation, Summary } from '../record/summary.ts';
import type { WeighedFinding } from './finding.ts';
import { limiterPhrase } from './limiter.ts';
import { measuredText } from './measured-text.ts';
import { counted } from './wording.ts';

/** Each further expectation that was not met weighs less, so that other things are told too. */
const NEXT_WEIGHS = 0.7;

/** One finding for each expectation as written, those missed furthest first; or that all were met. */
export function expectationFindings(summary: Summary): WeighedFinding[] {
  const groups = new Map<string, JudgedExpectation[]>();
  for (const one of summary.expectations) {
    const key = `${one.per}\n${one.text}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const missed = [...groups.values()].filter((group) => group.some((one) => one.verdict === 'not-met'));
  if (missed.length === 0) return allMet(summary);
  return missed
    .map((group) => ({ group, worst: worstOf(group) }))
    .sort((a, b) => miss(b.worst) - miss(a.worst))
    .map(({ group, worst }, index) => ({
      severity: 'bad' as const,
      sentence: sentenceFor(group, worst),
      subjectKind: worst.per === 'run' ? ('' as const) : (worst.per as WeighedFinding['subjectKind']),
      subject: worst.subject,
      ...(worst.atSeconds === null ? {} : { fromSeconds: worst.atSeconds }),
      weight: 100 * NEXT_WEIGHS ** index,
    }));
}

function allMet(summary: Summary): WeighedFinding[] {
  const met = summary.expectations.filter((one) => one.verdict === 'met').length;
  if (met === 0) return [];
  const without = summary.expectations.length - met;
  const rest = without === 0 ? '' : `; of ${counted(without, 'expectation')} there was no data`;
  const sentence =
    met === 1
      ? `The one expectation that could be judged was met${rest}.`
      : `All ${formatCount(met)} expectations were met${rest}.`;
  return [{ severity: 'info', sentence, subjectKind: '', subject: '', weight: 60 }];
}

function worstOf(group: readonly JudgedExpectation[]): JudgedExpectation {
  const missed = group.filter((one) => one.verdict === 'not-met');
  return missed.reduce((worst, one) => (miss(one) > miss(worst) ? one : worst));
}

/** How far off, as a factor of the limit: 0 is just missed, 1 twice as much or half as much as allowed. */
function miss({ measured, limit }: JudgedExpectation): number {
  if (measured === null) return Infinity;
  const [small, large] = [Math.min(measured, limit), Math.max(measured, limit)];
  return small <= 0 ? Number.MAX_VALUE : large / small - 1;
}

function sentenceFor(group: readonly JudgedExpectation[], worst: JudgedExpectation): string {
  const missed = group.filter((one) => one.verdict === 'not-met').length;
  const { limiter, per, subject, text } = worst;
  const held = limiter === '' ? '' : `, held up longest by ${limiterPhrase(limiter)}`;
  const wish = `did not meet “${text}”`;
  if (per === 'run') return `The run ${wish}: it ${outcomeOf(worst)}${held}.`;
  if (group.length === 1) return `${subject} ${wish}: it ${outcomeOf(worst)}${held}.`;
  if (missed === 1) return `${subject}, one of ${counted(group.length, per)}, ${wish}: it ${outcomeOf(worst)}${held}.`;
  const who = `${formatCount(missed)} of ${counted(group.length, per)}`;
  return `${who} ${wish}: worst was ${subject}, which ${outcomeOf(worst)}${held}.`;
}

/** `came to 38.2% (as source)`; `had 13 of 165 never done` where the figure would be a time without an end. */
function outcomeOf({ measured, unit, note }: JudgedExpectation): string {
  if (measured === null) return note === undefined ? 'came to no end' : `had ${note}`;
  return `came to ${measuredText(measured, unit)}${note === undefined ? '' : ` (${note})`}`;
}
