// The strongest charge there is: against whom, for which failures, on how good evidence.
import type { OutcomeRoute, RouteFailure } from './outcome-routes.ts';
import type { OutcomeTable } from './outcome-table.ts';
import { isContradicted } from './contradiction.ts';
import { strongestSuspicion, type SuspectCell, type Suspicion } from './suspicion.ts';
import { countsAgainst, type Suspect, type SuspectKind } from './suspects.ts';

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
  link: 6,
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
const SCANS_PER_SUSPECT = 5;

export interface Charge {
  readonly suspect: Suspect;
  readonly suspicion: Suspicion;
  readonly score: number;
}

/** A failure that is held against a suspect, and where it happened. */
export interface HeldFailure {
  readonly route: OutcomeRoute;
  readonly failure: RouteFailure;
}

/** The strongest charge of at least so many nats, or undefined where there is none. */
export function strongestCharge(suspects: readonly Suspect[], table: OutcomeTable, least: number): Charge | undefined {
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

/** What is held against the suspect in that time and not booked to another incident. */
export function failuresWithin(suspect: Suspect, { fromBucket, toBucket }: Suspicion): HeldFailure[] {
  const found: HeldFailure[] = [];
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
