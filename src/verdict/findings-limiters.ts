// Findings about what held work up: the largest limiter of each experiment, and links that moved less than they were asked.
import { formatBytes, formatShare } from '../core/units.ts';
import type { Summary } from '../record/summary.ts';
import type { WeighedFinding } from './finding.ts';
import { limiterPhrase, limiterShares } from './limiter.ts';
import { listedBriefly } from './wording.ts';

/** A limiter is worth telling where it took this share of an experiment's time. */
const LARGE_SHARE = 0.25;
const MOST_EXPERIMENTS = 4;
/** SC4: a shortfall of a tenth or more has to be explained (twiki.cern.ch, LCG/CernPlans). */
const SHORTFALL = 0.1;
/** A link's shortfall is worth telling where it is this share of all that was asked for. */
const LEAST_OF_ALL = 0.005;

/** One sentence for all experiments: what held each up longest. */
export function limiterFindings(summary: Summary): WeighedFinding[] {
  const held = Object.entries(summary.experiments)
    .map(([name, { limiters }]) => ({ name, largest: limiterShares(limiters)[0] }))
    .filter(({ largest }) => (largest?.share ?? 0) >= LARGE_SHARE)
    .sort((a, b) => (b.largest?.seconds ?? 0) - (a.largest?.seconds ?? 0));
  const [first] = held;
  if (first?.largest === undefined) return [];
  const parts = held.map(
    ({ name, largest }) => `${name} by ${limiterPhrase(largest?.limiter ?? '')} (${formatShare(largest?.share ?? 0)})`,
  );
  return [
    {
      severity: 'info',
      sentence: `Of the time that data were on their way, most was spent on: ${listedBriefly(parts, MOST_EXPERIMENTS)}.`,
      subjectKind: 'experiment',
      subject: first.name,
      weight: 50,
    },
  ];
}

/** The link that fell furthest short of what was asked of it. */
export function shortfallFindings(summary: Summary): WeighedFinding[] {
  const links = Object.entries(summary.links);
  const asked = links.reduce((sum, [, link]) => sum + link.requestedBytes, 0);
  const short = links
    .map(([name, link]) => ({ name, link, missing: link.requestedBytes - link.bytes }))
    .filter(({ link, missing }) => missing >= SHORTFALL * link.requestedBytes && missing > LEAST_OF_ALL * asked)
    .sort((a, b) => b.missing - a.missing);
  const [worst] = short;
  if (worst === undefined) return [];
  const { name, link } = worst;
  const others = short.length === 1 ? '' : `; ${short.length - 1} more fell short by a tenth or more`;
  const held = link.limiter === '' ? '' : `, held up longest by ${limiterPhrase(link.limiter)}`;
  const moved = `${formatBytes(link.bytes)} of ${formatBytes(link.requestedBytes)}`;
  return [
    {
      severity: 'warning',
      sentence: `The link ${name} moved ${moved} that were asked of it${held}${others}.`,
      subjectKind: 'link',
      subject: name,
      weight: 40 + 40 * (worst.missing / asked),
    },
  ];
}
