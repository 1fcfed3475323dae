// All outcomes by time, and what is to be expected of operations that have nothing to do with a suspect.
import type { OutcomeRoute } from './outcome-routes.ts';
import type { SuspectCell } from './suspicion.ts';
import { countsAgainst, type Suspect } from './suspects.ts';

/** Bounds of the share of failures that is taken as usual. Below 1 % the few operations of a cell could not tell. */
const LEAST_USUAL = 0.01;
const MOST_USUAL = 0.2;
/** Operations at the usual share that are added to those seen in a cell, so that a few do not decide. */
const PRIOR_OPERATIONS = 20;
/** Operations that a cell needs to say what is usual. */
const LEAST_OPERATIONS = 5;

interface Sums {
  succeeded: number;
  failed: number;
}

export class OutcomeTable {
  readonly routes: readonly OutcomeRoute[];
  /** Share of failures in an ordinary cell of the run. */
  readonly usualShare: number;
  readonly #totals = new Map<number, Sums>();

  constructor(routes: readonly OutcomeRoute[]) {
    this.routes = routes;
    this.refresh();
    this.usualShare = usualShare([...this.#totals.values()]);
  }

  /** Adds up what is not booked. Failures booked to a service stay: while it was down they were what was usual. */
  refresh(): void {
    this.#totals.clear();
    for (const route of this.routes) {
      if (!route.atStorages) continue;
      for (const slot of route.slots) {
        const sums = this.#at(slot.bucket);
        sums.succeeded += slot.succeeded;
        for (const failure of slot.failures) if (failure.booked !== 'other') sums.failed += failure.count;
      }
    }
  }

  #at(bucket: number): Sums {
    let sums = this.#totals.get(bucket);
    if (sums === undefined) {
      sums = { succeeded: 0, failed: 0 };
      this.#totals.set(bucket, sums);
    }
    return sums;
  }

  /** The strength of a suspicion cannot be more than this, in nats. */
  mostStrength(suspect: Suspect): number {
    let failed = 0;
    for (const route of suspect.routes) {
      for (const slot of route.slots) {
        for (const failure of slot.failures) {
          if (failure.booked === 'no' && countsAgainst(suspect, route, failure)) failed += failure.count;
        }
      }
    }
    return failed * -Math.log(this.usualShare);
  }

  /** The suspect's outcomes by time, ascending, each with the share of failures of all others at that time. */
  cellsOf(suspect: Suspect): SuspectCell[] {
    const own = new Map<number, Sums & { failedAny: number; succeededAtStorages: number }>();
    for (const route of suspect.routes) {
      for (const slot of route.slots) {
        let sums = own.get(slot.bucket);
        if (sums === undefined) {
          sums = { succeeded: 0, failed: 0, failedAny: 0, succeededAtStorages: 0 };
          own.set(slot.bucket, sums);
        }
        sums.succeeded += slot.succeeded;
        if (route.atStorages) sums.succeededAtStorages += slot.succeeded;
        for (const failure of slot.failures) {
          if (route.atStorages && failure.booked !== 'other') sums.failedAny += failure.count;
          if (failure.booked === 'no' && countsAgainst(suspect, route, failure)) sums.failed += failure.count;
        }
      }
    }
    const isCentral = suspect.kind === 'named service' || suspect.kind === 'service';
    return [...own]
      .sort(([a], [b]) => a - b)
      .map(([bucket, sums]) => ({
        bucket,
        succeeded: sums.succeeded,
        failed: sums.failed,
        base: isCentral ? this.usualShare : this.#baseBeside(bucket, sums.succeededAtStorages, sums.failedAny),
      }));
  }

  /** Share of failures among all others at that time, drawn to the usual where they are few, and no lower than that. */
  #baseBeside(bucket: number, succeeded: number, failed: number): number {
    const totals = this.#at(bucket);
    const othersFailed = Math.max(0, totals.failed - failed);
    const others = othersFailed + Math.max(0, totals.succeeded - succeeded);
    const share = (PRIOR_OPERATIONS * this.usualShare + othersFailed) / (PRIOR_OPERATIONS + others);
    return Math.max(this.usualShare, share);
  }
}

/** The median over cells: faults that last less than half of the run do not move it. */
function usualShare(cells: readonly Sums[]): number {
  const shares = cells
    .filter((cell) => cell.succeeded + cell.failed >= LEAST_OPERATIONS)
    .map((cell) => cell.failed / (cell.succeeded + cell.failed))
    .sort((a, b) => a - b);
  const median = shares[Math.floor((shares.length - 1) / 2)] ?? 0;
  return Math.min(MOST_USUAL, Math.max(LEAST_USUAL, median));
}
