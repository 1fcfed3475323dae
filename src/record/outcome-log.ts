// Counts by five minutes of one kind of outcome, in the order in which they happened.
import { OUTCOME_CELL_SECONDS } from './aggregate.ts';

/** Since records come in the order in which operations ended, a count is nearly always put into the last cell. */
export class OutcomeLog {
  readonly #buckets: number[] = [];
  readonly #counts: number[] = [];

  /** Counts one more, ended at this time of the run. */
  count(endedAtSeconds: number): void {
    const bucket = Math.max(0, Math.floor(endedAtSeconds / OUTCOME_CELL_SECONDS));
    let index = this.#buckets.length - 1;
    while (index >= 0 && this.#buckets[index]! > bucket) index--;
    if (index >= 0 && this.#buckets[index] === bucket) {
      this.#counts[index]!++;
      return;
    }
    this.#buckets.splice(index + 1, 0, bucket);
    this.#counts.splice(index + 1, 0, 1);
  }

  *[Symbol.iterator](): Generator<{ bucket: number; count: number }> {
    for (let index = 0; index < this.#buckets.length; index++) {
      yield { bucket: this.#buckets[index]!, count: this.#counts[index]! };
    }
  }
}
