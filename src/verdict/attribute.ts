// Who is to blame for failures, by evidence in the records alone: the faults of the scenario are not looked at.
import type { RunAggregate } from '../record/aggregate.ts';
import type { Incident } from '../record/summary.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { failuresWithin, strongestCharge, type Charge } from './charge.ts';
import { incidentOf, type Case } from './incident.ts';
import { outcomeRoutes } from './outcome-routes.ts';
import { OutcomeTable } from './outcome-table.ts';
import type { Suspicion } from './suspicion.ts';
import { isSameThing, suspectsOf, type Suspect } from './suspects.ts';

/** Nats above the logarithm of the number of cells looked at: one false alarm in 20 and in 1,000 runs. */
const WEAK = 3;
const STRONG = 7;
const MOST_INCIDENTS = 100;
/** Of the same suspect, what is no more than this many cells apart is one incident. */
const MERGED_GAP_CELLS = 3;

/**
 * Explains failures by as few causes as it can, strongest first; each failure is booked to at most one incident, and
 * failures without a common cause to none. Where the evidence is thin the incident is marked `weak`.
 */
export function attribute(aggregate: RunAggregate, checked: CheckedScenario): Incident[] {
  const routes = outcomeRoutes(aggregate.outcomes(), checked.lake);
  const table = new OutcomeTable(routes);
  const suspects = suspectsOf(routes, checked.lake);
  const cellsLookedAt = suspects.reduce((sum, suspect) => sum + table.cellCount(suspect), 0);
  const needed = Math.log(Math.max(1, cellsLookedAt));
  const cases: Case[] = [];
  for (let round = 0; round < MOST_INCIDENTS; round++) {
    const charge = strongestCharge(suspects, table, needed + WEAK);
    if (charge === undefined) break;
    addToCases(cases, charge, table, suspects);
  }
  return cases
    .sort((a, b) => b.suspicion.strength - a.suspicion.strength)
    .map((one) => incidentOf(one, one.suspicion.strength < needed + STRONG, table, checked));
}

/** Books the failures, to an incident there is where it is the same thing a moment before or after. */
function addToCases(
  cases: Case[],
  { suspect, suspicion }: Charge,
  table: OutcomeTable,
  suspects: readonly Suspect[],
): void {
  const booked = failuresWithin(suspect, suspicion);
  const isService = suspect.kind === 'named service' || suspect.kind === 'service';
  const near = cases.find((one) => belongTogether(one, suspect, suspicion));
  for (const { failure } of booked) failure.booked = isService ? 'service' : 'other';
  table.refresh();
  if (near === undefined) {
    cases.push({ suspect, suspicion, booked });
    return;
  }
  near.booked.push(...booked);
  near.suspect = commonSuspect(near.suspect, suspect, suspects);
  near.suspicion = merged(near.suspicion, suspicion, (from, to) => table.succeededOf(near.suspect, from, to));
}

/** Failures of one class with a short gap between, or of two classes at the same time, are one incident. */
function belongTogether(one: Case, suspect: Suspect, suspicion: Suspicion): boolean {
  if (!isSameThing(one.suspect, suspect)) return false;
  const gap = gapCells(one.suspicion, suspicion);
  return one.suspect.errorClass === suspect.errorClass ? gap <= MERGED_GAP_CELLS : gap < 0;
}

function gapCells(one: Suspicion, other: Suspicion): number {
  return Math.max(one.fromBucket - other.toBucket, other.fromBucket - one.toBucket) - 1;
}

/** The suspect that covers both: a storage in both roles where it was found in one and in the other. */
function commonSuspect(one: Suspect, other: Suspect, suspects: readonly Suspect[]): Suspect {
  const kind = one.kind === other.kind ? one.kind : one.kind.startsWith('site') ? 'site' : 'storage';
  const protocol = one.protocol === other.protocol ? one.protocol : '';
  const found = suspects.find((all) => all.kind === kind && all.subject === one.subject && all.protocol === protocol);
  return { ...(found ?? one), errorClass: one.errorClass === other.errorClass ? one.errorClass : '' };
}

function merged(
  one: Suspicion,
  other: Suspicion,
  succeededWithin: (fromBucket: number, toBucket: number) => number,
): Suspicion {
  const fromBucket = Math.min(one.fromBucket, other.fromBucket);
  const toBucket = Math.max(one.toBucket, other.toBucket);
  return {
    strength: one.strength + other.strength,
    fromBucket,
    toBucket,
    succeeded: succeededWithin(fromBucket, toBucket),
    failed: one.failed + other.failed,
  };
}
