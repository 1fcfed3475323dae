// Who is to blame for failures, by evidence in the records alone: the faults of the scenario are not looked at.
import { OUTCOME_CELL_SECONDS, type RunAggregate } from '../record/aggregate.ts';
import type { Incident } from '../record/summary.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { isContradicted } from './contradiction.ts';
import { evidenceSentence } from './evidence.ts';
import { outcomeRoutes, type OutcomeRoute, type RouteFailure } from './outcome-routes.ts';
import { OutcomeTable } from './outcome-table.ts';
import { strongestSuspicion, type SuspectCell, type Suspicion } from './suspicion.ts';
import { countsAgainst, isSameThing, suspectsOf, type Suspect, type SuspectKind } from './suspects.ts';

/**
 * Nats by which a broader or rarer cause must explain more than a plainer one: with the same evidence for both, the
 * plainer is blamed.
 */
const RARITY: Readonly<Record<SuspectKind, number>> = {
  'named service': 0,
  source: 0,
  destination: 0,
  storage: 1,
  cache: 1,
  network: 2,
  link: 2.5,
  'site source': 4,
  'site destination': 4,
  site: 4,
  readers: 5,
  clients: 6,
  experiment: 5,
  service: 8,
};
const PROTOCOL_RARITY = 3;
/** Nats for a suspect on whose side all its failures showed themselves: decides between equals, and no more. */
const HINT = 6;

/** Nats above the logarithm of the number of cells looked at: one false alarm in 20 and in 1,000 runs. */
const WEAK = 3;
const STRONG = 7;
const MOST_INCIDENTS = 100;
/** Of the same suspect, what is no more than this many cells apart is one incident. */
const MERGED_GAP_CELLS = 3;
const SCANS_PER_SUSPECT = 5;

interface Charge {
  readonly suspect: Suspect;
  readonly suspicion: Suspicion;
  readonly score: number;
}

interface Finding {
  suspect: Suspect;
  suspicion: Suspicion;
  readonly booked: Booked[];
}

interface Booked {
  readonly route: OutcomeRoute;
  readonly failure: RouteFailure;
}

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
  const findings: Finding[] = [];
  for (let round = 0; round < MOST_INCIDENTS; round++) {
    const charge = strongestCharge(suspects, table, needed + WEAK);
    if (charge === undefined) break;
    addFinding(findings, charge, table, suspects);
  }
  return findings
    .sort((a, b) => b.suspicion.strength - a.suspicion.strength)
    .map((finding) => incidentOf(finding, finding.suspicion.strength < needed + STRONG, table, checked));
}

function strongestCharge(suspects: readonly Suspect[], table: OutcomeTable, least: number): Charge | undefined {
  let strongest: Charge | undefined;
  for (const suspect of suspects) {
    const most = table.mostStrength(suspect);
    if (most < least || most + HINT < (strongest?.score ?? 0)) continue;
    const charge = chargeOf(suspect, table);
    if (charge === undefined || charge.suspicion.strength < least) continue;
    if (strongest === undefined || charge.score > strongest.score) strongest = charge;
  }
  return strongest;
}

/** The strongest suspicion against a suspect that nothing contradicts. */
function chargeOf(suspect: Suspect, table: OutcomeTable): Charge | undefined {
  let cells = table.cellsOf(suspect);
  for (let scan = 0; scan < SCANS_PER_SUSPECT; scan++) {
    const suspicion = strongestSuspicion(cells);
    if (suspicion === undefined) return undefined;
    if (!isContradicted(suspect, suspicion)) {
      return { suspect, suspicion, score: suspicion.strength + hintFor(suspect, suspicion) - rarityOf(suspect) };
    }
    cells = outside(cells, suspicion);
  }
  return undefined;
}

function outside(cells: readonly SuspectCell[], { fromBucket, toBucket }: Suspicion): SuspectCell[] {
  return cells.filter((cell) => cell.bucket < fromBucket || cell.bucket > toBucket);
}

function rarityOf(suspect: Suspect): number {
  return RARITY[suspect.kind] + (suspect.protocol === '' ? 0 : PROTOCOL_RARITY);
}

/** More where the failures themselves pointed to the suspect's side. */
function hintFor(suspect: Suspect, suspicion: Suspicion): number {
  let pointing = 0;
  let all = 0;
  for (const { route, failure } of failuresWithin(suspect, suspicion)) {
    all += failure.count;
    if (sidesOf(suspect, route).includes(failure.errorScope)) pointing += failure.count;
  }
  return all === 0 ? 0 : (HINT * pointing) / all;
}

/** The scopes under which trouble of the suspect's own would show itself on a route. */
function sidesOf(suspect: Suspect, route: OutcomeRoute): string[] {
  switch (suspect.kind) {
    case 'source':
    case 'site source':
      return ['source'];
    case 'destination':
    case 'site destination':
      return ['destination'];
    case 'storage':
      return route.source === suspect.subject ? ['source'] : ['destination'];
    case 'site':
      return [
        ...(route.sourceSite === suspect.site ? ['source'] : []),
        ...(route.destinationSite === suspect.site ? ['destination'] : []),
      ];
    case 'cache':
      return ['source', 'service'];
    case 'link':
    case 'network':
      return ['network'];
    case 'readers':
    case 'clients':
    case 'experiment':
      return ['client'];
    case 'named service':
    case 'service':
      return ['service'];
  }
}

function failuresWithin(suspect: Suspect, { fromBucket, toBucket }: Suspicion): Booked[] {
  const found: Booked[] = [];
  for (const route of suspect.routes) {
    for (const slot of route.slots) {
      if (slot.bucket < fromBucket || slot.bucket > toBucket) continue;
      for (const failure of slot.failures) {
        if (failure.booked === 'no' && countsAgainst(suspect, route, failure)) found.push({ route, failure });
      }
    }
  }
  return found;
}

/** Books the failures, to an incident there is where it is the same thing a moment before or after. */
function addFinding(
  findings: Finding[],
  { suspect, suspicion }: Charge,
  table: OutcomeTable,
  suspects: readonly Suspect[],
): void {
  const booked = failuresWithin(suspect, suspicion);
  const isService = suspect.kind === 'named service' || suspect.kind === 'service';
  const near = findings.find((one) => belongTogether(one, suspect, suspicion));
  for (const { failure } of booked) failure.booked = isService ? 'service' : 'other';
  table.refresh();
  if (near === undefined) {
    findings.push({ suspect, suspicion, booked });
    return;
  }
  near.booked.push(...booked);
  near.suspect = commonSuspect(near.suspect, suspect, suspects);
  near.suspicion = merged(near.suspicion, suspicion, (from, to) => table.succeededOf(near.suspect, from, to));
}

/** Failures of one class with a short gap between, or of two classes at the same time, are one incident. */
function belongTogether(one: Finding, suspect: Suspect, suspicion: Suspicion): boolean {
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

function incidentOf(finding: Finding, isWeak: boolean, table: OutcomeTable, checked: CheckedScenario): Incident {
  const { suspect, suspicion, booked } = finding;
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

function scopeOf(suspect: Suspect, booked: readonly Booked[]): Incident['scope'] {
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
  booked: readonly Booked[],
  sideOf: (route: OutcomeRoute) => 'source' | 'destination',
): 'source' | 'destination' {
  const side = commonest(booked.map(({ route, failure }) => [sideOf(route), failure.count]));
  return side === 'source' ? 'source' : 'destination';
}
