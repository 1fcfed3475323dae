// Writes a case down as an incident: whose side, which site, how many failures, the evidence.
import { OUTCOME_CELL_SECONDS } from '../record/aggregate.ts';
import type { Incident } from '../record/summary.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import type { HeldFailure } from './charge.ts';
import { evidenceSentence } from './evidence.ts';
import type { OutcomeRoute } from './outcome-routes.ts';
import type { OutcomeTable } from './outcome-table.ts';
import type { Suspicion } from './suspicion.ts';
import type { Suspect } from './suspects.ts';

/** One cause and all failures booked to it. */
export interface Case {
  suspect: Suspect;
  suspicion: Suspicion;
  readonly booked: HeldFailure[];
}

/** `isWeak`: there was little to go by. */
export function incidentOf(one: Case, isWeak: boolean, table: OutcomeTable, checked: CheckedScenario): Incident {
  const { suspect, suspicion, booked } = one;
  const fromSeconds = suspicion.fromBucket * OUTCOME_CELL_SECONDS;
  const toSeconds = (suspicion.toBucket + 1) * OUTCOME_CELL_SECONDS;
  const { durationSeconds, start } = checked.scenario.clock;
  const evidence = evidenceSentence({ suspect, suspicion, booked, table, start });
  return {
    scope: scopeOf(suspect, booked),
    subject: suspect.subject,
    site: suspect.site,
    fromSeconds,
    toSeconds: Math.min(toSeconds, Math.max(durationSeconds, fromSeconds)),
    failures: booked.reduce((sum, { failure }) => sum + failure.count, 0),
    errorClass: commonest(booked.map(({ failure }) => [failure.errorClass, failure.count])),
    evidence: isWeak ? `Weak evidence: ${evidence}` : evidence,
    ...(isWeak ? { weak: true } : {}),
  };
}

/** The key with the largest sum, the first by name of equal ones. */
function commonest(counts: readonly (readonly [string, number])[]): string {
  const sums = new Map<string, number>();
  for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0] ?? '';
}

function scopeOf(suspect: Suspect, booked: readonly HeldFailure[]): Incident['scope'] {
  switch (suspect.kind) {
    case 'source':
    case 'site source':
    case 'cache':
      return 'source';
    case 'destination':
    case 'site destination':
      return 'destination';
    case 'storage':
      return largerSide(booked, (route) => (route.source === suspect.subject ? 'source' : 'destination'));
    case 'site':
      return largerSide(booked, (route) => (route.destinationSite === suspect.site ? 'destination' : 'source'));
    case 'link':
    case 'network':
      return 'network';
    case 'readers':
    case 'clients':
    case 'experiment':
      return 'client';
    case 'named service':
    case 'service':
      return 'service';
  }
}

function largerSide(
  booked: readonly HeldFailure[],
  sideOf: (route: OutcomeRoute) => 'source' | 'destination',
): 'source' | 'destination' {
  const side = commonest(booked.map(({ route, failure }) => [sideOf(route), failure.count]));
  return side === 'source' ? 'source' : 'destination';
}
