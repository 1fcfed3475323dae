// The things that mattered most in a run, as sentences for the front page, the most important first.
import type { Summary } from '../record/summary.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import type { Finding, WeighedFinding } from './finding.ts';
import { expectationFindings } from './findings-expectations.ts';
import { egressFindings, fullStorageFindings, overviewFinding, unfinishedFindings } from './findings-figures.ts';
import { incidentFindings, scatteredFailures } from './findings-incidents.ts';
import { limiterFindings, shortfallFindings } from './findings-limiters.ts';

const MOST_FINDINGS = 5;

/** At most five, from the summary alone; the same summary gives the same sentences. */
export function findings(summary: Summary, checked: CheckedScenario): Finding[] {
  const all: WeighedFinding[] = [
    ...expectationFindings(summary),
    ...incidentFindings(summary, checked),
    ...shortfallFindings(summary),
    ...fullStorageFindings(summary),
    ...limiterFindings(summary),
    ...unfinishedFindings(summary),
    ...egressFindings(summary),
    ...scatteredFailures(summary),
    overviewFinding(summary),
  ];
  // The sort is stable: what weighs the same stays in the order above.
  return all
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_FINDINGS)
    .map(({ weight: _, ...finding }) => finding);
}
