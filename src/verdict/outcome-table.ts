// All outcomes by time, and what is to be expected of operations that have nothing to do with a suspect.
import type { OutcomeRoute, RouteFailure } from './outcome-routes.ts';
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
  /** By error class. */
  readonly failed: Map<string, number>;
}

/** What happened on a set of routes. */
interface Tally {
  /** Those in which anything did, ascending. */
  readonly buckets: readonly number[];
  /** By bucket. */
  readonly succeeded: Float64Array;
  /** Of these, at storages. */
  readonly succeededAtStorages: Float64Array;
  readonly failures: readonly TalliedFailure[];
}

interface TalliedFailure {
  readonly bucket: number;
  readonly route: OutcomeRoute;
  readonly failure: RouteFailure;
}

export class OutcomeTable {
  readonly routes: readonly OutcomeRoute[];
  /** Share of failures in an ordinary cell of the run. */
  readonly usualShare: number;
  readonly #totals = new Map<number, Sums>();
  /** One more than the last cell of time. */
  readonly #cells: number;
  /** By the suspect's list of routes, which suspects of several classes share. */
  readonly #tallies = new Map<readonly OutcomeRoute[], Tally>();

  constructor(routes: readonly OutcomeRoute[]) {
    this.routes = routes;
    this.#cells = routes.reduce((cells, route) => Math.max(cells, (route.slots.at(-1)?.bucket ?? 0) + 1), 0);
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
        for (const { booked, errorClass, count } of slot.failures) {
          if (booked !== 'other') sums.failed.set(errorClass, (sums.failed.get(errorClass) ?? 0) + count);
        }
      }
    }
  }

  #at(bucket: number): Sums {
    let sums = this.#totals.get(bucket);
    if (sums === undefined) {
      sums = { succeeded: 0, failed: new Map() };
      this.#totals.set(bucket, sums);
    }
    return sums;
  }

  /** Cells of time in which there was anything of the suspect's. */
  cellCount(suspect: Suspect): number {
    return this.#tally(suspect).buckets.length;
  }

  /** The suspect's successes in cells of time, both included. */
  succeededOf(suspect: Suspect, fromBucket: number, toBucket: number): number {
    return this.#tally(suspect)
      .succeeded.subarray(fromBucket, toBucket + 1)
      .reduce((sum, count) => sum + count, 0);
  }

  /** The strength of a suspicion cannot be more than this, in nats. */
  mostStrength(suspect: Suspect): number {
    let failed = 0;
    for (const { route, failure } of this.#tally(suspect).failures) {
      if (failure.booked === 'no' && countsAgainst(suspect, route, failure)) failed += failure.count;
    }
    return failed * -Math.log(this.usualShare);
  }

  /** The suspect's outcomes by time, ascending, each with the share of failures of all others at that time. */
  cellsOf(suspect: Suspect): SuspectCell[] {
    const { buckets, succeeded, succeededAtStorages, failures } = this.#tally(suspect);
    const failed = new Float64Array(this.#cells);
    const failedAtStorages = new Float64Array(this.#cells);
    for (const { bucket, route, failure } of failures) {
      if (!countsAgainst(suspect, route, failure)) continue;
      if (failure.booked === 'no') failed[bucket]! += failure.count;
      if (failure.booked !== 'other' && route.atStorages) failedAtStorages[bucket]! += failure.count;
    }
    const isCentral = suspect.kind === 'named service' || suspect.kind === 'service';
    return buckets.map((bucket) => ({
      bucket,
      succeeded: succeeded[bucket]!,
      failed: failed[bucket]!,
      base: isCentral
        ? this.usualShare
        : this.#baseBeside(bucket, suspect.errorClass, succeededAtStorages[bucket]!, failedAtStorages[bucket]!),
    }));
  }

  #tally(suspect: Suspect): Tally {
    let tally = this.#tallies.get(suspect.routes);
    if (tally === undefined) {
      tally = tallyOf(suspect.routes, this.#cells);
      this.#tallies.set(suspect.routes, tally);
    }
    return tally;
  }

  /** Share of failures of a class among all others at that time, drawn to the usual where they are few, and no lower. */
  #baseBeside(bucket: number, errorClass: string, succeeded: number, failed: number): number {
    const totals = this.#at(bucket);
    const othersFailed = Math.max(0, (totals.failed.get(errorClass) ?? 0) - failed);
    const others = othersFailed + Math.max(0, totals.succeeded - succeeded);
    const share = (PRIOR_OPERATIONS * this.usualShare + othersFailed) / (PRIOR_OPERATIONS + others);
    return Math.max(this.usualShare, share);
  }
}

function tallyOf(routes: readonly OutcomeRoute[], cells: number): Tally {
  const succeeded = new Float64Array(cells);
  const succeededAtStorages = new Float64Array(cells);
  const occurred = new Uint8Array(cells);
  const failures: TalliedFailure[] = [];
  for (const route of routes) {
    for (const slot of route.slots) {
      occurred[slot.bucket] = 1;
      succeeded[slot.bucket]! += slot.succeeded;
      if (route.atStorages) succeededAtStorages[slot.bucket]! += slot.succeeded;
      for (const failure of slot.failures) failures.push({ bucket: slot.bucket, route, failure });
    }
  }
  const buckets: number[] = [];
  for (let bucket = 0; bucket < cells; bucket++) if (occurred[bucket] === 1) buckets.push(bucket);
  return { buckets, succeeded, succeededAtStorages, failures };
}

/** The median over cells: faults that last less than half of the run do not move it. */
function usualShare(cells: readonly Sums[]): number {
  const shares: number[] = [];
  for (const { succeeded, failed } of cells) {
    let failures = 0;
    for (const count of failed.values()) failures += count;
    if (succeeded + failures >= LEAST_OPERATIONS) shares.push(failures / (succeeded + failures));
  }
  shares.sort((a, b) => a - b);
  const median = shares[Math.floor((shares.length - 1) / 2)] ?? 0;
  return Math.min(MOST_USUAL, Math.max(LEAST_USUAL, median));
}
