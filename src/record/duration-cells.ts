// Durations counted by time of the run and by size, so that percentiles of any part of the run can be told afterwards.
//
// Sizes fall into log-linear buckets, the scheme of HdrHistogram (Tene): each power of two is cut into 64 equal parts, so a bucket's
// middle is within 1/128 of every value in it. Only pairs of (cell of time, bucket) that occurred take memory.
import { assert } from '../core/errors.ts';

/** Parts of a power of two, as bits. */
const PART_BITS = 6;
/** Values below 2^-10 (a millisecond) share bucket 0 and are told as 0. */
const LOWEST_EXPONENT = -10;
/** Values from 2^51 on share the last bucket. */
const HIGHEST_EXPONENT = 51;
const FLOAT64_BIAS = 1023;
/** Bits of a 64-bit float's high word that lie below exponent and part. */
const SHIFT = 20 - PART_BITS;
const LOWEST_CODE = (FLOAT64_BIAS + LOWEST_EXPONENT) << PART_BITS;
const LAST_BUCKET = (HIGHEST_EXPONENT - LOWEST_EXPONENT) << PART_BITS;
/** What has no end, larger than all else. */
const UNFINISHED_BUCKET = LAST_BUCKET + 1;
const BUCKETS = 4096;

/** No quantile told is further than this share from the exact one, for values of at least 2^-10. */
export const QUANTILE_RELATIVE_ERROR = 2 ** -(PART_BITS + 1);

const scratchFloat = new Float64Array(1);
const scratchWords = new Uint32Array(scratchFloat.buffer);
const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The bucket of a value; Infinity has the bucket of what has no end. */
export function bucketOf(value: number): number {
  if (value === Infinity) return UNFINISHED_BUCKET;
  scratchFloat[0] = value;
  const code = (scratchWords[highWord]! >>> SHIFT) - LOWEST_CODE;
  // A negative value has the sign bit set and would look large.
  if (value <= 0 || code < 0) return 0;
  return Math.min(code + 1, LAST_BUCKET);
}

/** The middle of a bucket. */
export function bucketMiddle(bucket: number): number {
  if (bucket === 0) return 0;
  if (bucket === UNFINISHED_BUCKET) return Infinity;
  const code = bucket - 1;
  const exponent = (code >> PART_BITS) + LOWEST_EXPONENT;
  const part = code & ((1 << PART_BITS) - 1);
  return 2 ** exponent * (1 + (part + 0.5) / (1 << PART_BITS));
}

/** What a part of the run came to: values by bucket, ready to be asked for quantiles. */
export interface DurationSelection {
  readonly count: number;
  /** Of `count`, those without an end. */
  readonly unfinished: number;
  /** Of those with an end; NaN where there are none. */
  readonly mean: number;
  /** Smallest value that at least `share` (0..1) of the values do not exceed; NaN where there are none. */
  quantile(share: number): number;
}

/** Counts of values by (cell of time, bucket), in a hash table with open addressing. */
export class DurationCells {
  #keys: Int32Array;
  #counts: Float32Array;
  #used = 0;
  #finished = 0;
  #sum = 0;
  #max = -Infinity;
  #min = Infinity;
  readonly #minutes: number;
  readonly #minutesPerCell: number;

  /** For a run of so many minutes. */
  constructor(minutes: number, minutesPerCell: number) {
    this.#minutes = minutes;
    this.#minutesPerCell = minutesPerCell;
    this.#keys = new Int32Array(16).fill(-1);
    this.#counts = new Float32Array(16);
  }

  /** Counts a value, with its bucket, at a minute of the run. */
  add(minute: number, value: number, bucket: number): void {
    const cell = Math.floor(minute / this.#minutesPerCell);
    assert(cell < 2 ** 19, 'a run has at most 524,288 cells of time');
    if (value !== Infinity) {
      this.#finished++;
      this.#sum += value;
      if (value > this.#max) this.#max = value;
      if (value < this.#min) this.#min = value;
    }
    this.#count(cell * BUCKETS + bucket, 1);
  }

  /** The values of the minutes kept. A cell of more minutes than one is kept where its middle one is. */
  select(keep?: (minute: number) => boolean): DurationSelection {
    return selectDurations([this], keep);
  }

  /** Figures over all values with an end. */
  get exact(): { readonly finished: number; readonly sum: number; readonly min: number; readonly max: number } {
    return { finished: this.#finished, sum: this.#sum, min: this.#min, max: this.#max };
  }

  /** Adds the counts of the minutes kept to counts by bucket. */
  addTo(counts: Float64Array, keep: ((minute: number) => boolean) | undefined): void {
    for (let slot = 0; slot < this.#keys.length; slot++) {
      const key = this.#keys[slot]!;
      if (key < 0) continue;
      if (keep !== undefined && !keep(this.#middleOf(Math.floor(key / BUCKETS)))) continue;
      counts[key % BUCKETS]! += this.#counts[slot]!;
    }
  }

  /** The minute that speaks for a cell; the run may end before its middle. */
  #middleOf(cell: number): number {
    return Math.min(cell * this.#minutesPerCell + (this.#minutesPerCell >> 1), this.#minutes - 1);
  }

  #count(key: number, count: number): void {
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    while (this.#keys[slot] !== key) {
      if (this.#keys[slot] === -1) {
        this.#keys[slot] = key;
        this.#used++;
        break;
      }
      slot = (slot + 1) & mask;
    }
    this.#counts[slot]! += count;
    if (this.#used * 4 > this.#keys.length * 3) this.#grow();
  }

  #grow(): void {
    const keys = this.#keys;
    const counts = this.#counts;
    this.#keys = new Int32Array(keys.length * 2).fill(-1);
    this.#counts = new Float32Array(keys.length * 2);
    this.#used = 0;
    for (let slot = 0; slot < keys.length; slot++) if (keys[slot]! >= 0) this.#count(keys[slot]!, counts[slot]!);
  }
}

/** The values of several views taken together. */
export function selectDurations(
  views: readonly DurationCells[],
  keep?: (minute: number) => boolean,
): DurationSelection {
  const counts = new Float64Array(BUCKETS);
  let finished = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const view of views) {
    view.addTo(counts, keep);
    finished += view.exact.finished;
    sum += view.exact.sum;
    min = Math.min(min, view.exact.min);
    max = Math.max(max, view.exact.max);
  }
  return new BucketCounts(counts, { min, max, mean: keep === undefined && finished > 0 ? sum / finished : undefined });
}

/** What is known exactly of the values, beside their buckets. The mean is undefined where only a part of them was selected. */
interface ExactFigures {
  readonly min: number;
  readonly max: number;
  readonly mean: number | undefined;
}

class BucketCounts implements DurationSelection {
  readonly count: number;
  readonly unfinished: number;
  readonly mean: number;
  readonly #counts: Float64Array;
  readonly #exact: ExactFigures;

  constructor(counts: Float64Array, exact: ExactFigures) {
    this.#counts = counts;
    this.#exact = exact;
    this.unfinished = counts[UNFINISHED_BUCKET]!;
    let finished = 0;
    let sum = 0;
    for (let bucket = 0; bucket < UNFINISHED_BUCKET; bucket++) {
      finished += counts[bucket]!;
      sum += counts[bucket]! * bucketMiddle(bucket);
    }
    this.count = finished + this.unfinished;
    this.mean = exact.mean ?? (finished > 0 ? sum / finished : NaN);
  }

  quantile(share: number): number {
    if (this.count === 0) return NaN;
    // Nearest rank; the small allowance keeps 0.95 x 20 at rank 19 whatever the product's last bit is.
    const rank = Math.min(this.count, Math.max(1, Math.ceil(share * this.count - 1e-9)));
    if (rank > this.count - this.unfinished) return Infinity;
    if (rank === this.count && this.#exact.mean !== undefined) return this.#exact.max;
    let seen = 0;
    let bucket = 0;
    while ((seen += this.#counts[bucket]!) < rank) bucket++;
    return Math.min(this.#exact.max, Math.max(this.#exact.min, bucketMiddle(bucket)));
  }
}
