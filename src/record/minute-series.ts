// One value a minute for very many series: pieces of sixteen minutes, made where something happened, in slabs shared by all series.

const PIECE_BITS = 4;
const PIECE_MINUTES = 1 << PIECE_BITS;
const PIECE_MASK = PIECE_MINUTES - 1;
const SLAB_BITS = 16;
const SLAB_LENGTH = 1 << SLAB_BITS;
const SLAB_MASK = SLAB_LENGTH - 1;

/**
 * How exactly values are kept. `exact`: 64-bit floats, for volumes. `count`: 32-bit floats, for counts (whole numbers up to
 * 16,777,216 a minute are exact) and for seconds, where a rounding of 1e-7 does not matter. Half the memory counts where
 * links are many.
 */
export type SeriesPrecision = 'exact' | 'count';

/** The memory of series of one length and precision. */
export class SeriesStore {
  readonly minutes: number;
  readonly #make: () => Float32Array | Float64Array;
  readonly #slabs: (Float32Array | Float64Array)[] = [];
  #used = 0;

  constructor(minutes: number, precision: SeriesPrecision) {
    this.minutes = minutes;
    this.#make = () => (precision === 'exact' ? new Float64Array(SLAB_LENGTH) : new Float32Array(SLAB_LENGTH));
  }

  /** Room for one piece, filled with `empty`: its place. */
  allocate(empty: number): number {
    const place = this.#used;
    if (place >> SLAB_BITS === this.#slabs.length) this.#slabs.push(this.#make());
    this.#used += PIECE_MINUTES;
    if (empty !== 0) {
      const start = place & SLAB_MASK;
      this.slab(place).fill(empty, start, start + PIECE_MINUTES);
    }
    return place;
  }

  slab(place: number): Float32Array | Float64Array {
    return this.#slabs[place >> SLAB_BITS]!;
  }
}

/** A series to be read. */
export interface MinuteValues {
  at(minute: number): number;
  /** All minutes of the run, as a copy. */
  toArray(): Float64Array;
  /** Calls for each minute that says something: not zero, but zeros too where they differ from what is empty. */
  forEach(call: (minute: number, value: number) => void): void;
  /** Sum over the minutes that say something. */
  total(): number;
  /**
   * Puts the minutes that say something, and their values, into two arrays from a place on, which have room for all
   * minutes. Returns the place behind the last.
   */
  copyTo(minutes: Int32Array, values: Float64Array, from: number): number;
}

/** Values by minute. Minutes in which nothing was put hold `empty`. */
export class MinuteSeries implements MinuteValues {
  readonly #store: SeriesStore;
  readonly #empty: number;
  /** Place of each piece in the store, -1 where there is none; as long as the latest piece needs. */
  readonly #places: number[] = [];

  /** `empty` is what a minute holds in which nothing was put: 0, or NaN where a zero says something else. */
  constructor(store: SeriesStore, empty = 0) {
    this.#store = store;
    this.#empty = empty;
  }

  /** Whether anything was ever put. */
  get touched(): boolean {
    return this.#places.length > 0;
  }

  /** Adds to a minute within the run. */
  add(minute: number, value: number): void {
    const place = this.#place(minute >> PIECE_BITS);
    this.#store.slab(place)[(place & SLAB_MASK) + (minute & PIECE_MASK)]! += value;
  }

  /** Puts the value of a minute within the run, over what was there. */
  set(minute: number, value: number): void {
    const place = this.#place(minute >> PIECE_BITS);
    this.#store.slab(place)[(place & SLAB_MASK) + (minute & PIECE_MASK)] = value;
  }

  at(minute: number): number {
    const place = this.#places[minute >> PIECE_BITS] ?? -1;
    return place < 0 ? this.#empty : this.#store.slab(place)[(place & SLAB_MASK) + (minute & PIECE_MASK)]!;
  }

  toArray(): Float64Array {
    const { minutes } = this.#store;
    const values = new Float64Array(minutes);
    if (this.#empty !== 0) values.fill(this.#empty);
    for (let piece = 0; piece < this.#places.length; piece++) {
      const place = this.#places[piece]!;
      if (place < 0) continue;
      const start = piece << PIECE_BITS;
      const length = Math.min(PIECE_MINUTES, minutes - start);
      const from = place & SLAB_MASK;
      values.set(this.#store.slab(place).subarray(from, from + length), start);
    }
    return values;
  }

  forEach(call: (minute: number, value: number) => void): void {
    for (let piece = 0; piece < this.#places.length; piece++) {
      const place = this.#places[piece]!;
      if (place < 0) continue;
      const slab = this.#store.slab(place);
      const from = place & SLAB_MASK;
      for (let slot = 0; slot < PIECE_MINUTES; slot++) {
        const value = slab[from + slot]!;
        if (value === this.#empty || Number.isNaN(value)) continue;
        call((piece << PIECE_BITS) + slot, value);
      }
    }
  }

  total(): number {
    let sum = 0;
    this.forEach((_minute, value) => {
      sum += value;
    });
    return sum;
  }

  // The next two are forEach written out: they go over every series of a run, where a call for each value would be felt.

  copyTo(minutes: Int32Array, values: Float64Array, from: number): number {
    let at = from;
    for (let piece = 0; piece < this.#places.length; piece++) {
      const place = this.#places[piece]!;
      if (place < 0) continue;
      const slab = this.#store.slab(place);
      const start = place & SLAB_MASK;
      for (let slot = 0; slot < PIECE_MINUTES; slot++) {
        const value = slab[start + slot]!;
        if (value === this.#empty || Number.isNaN(value)) continue;
        minutes[at] = (piece << PIECE_BITS) + slot;
        values[at++] = value;
      }
    }
    return at;
  }

  /** Adds every minute to the same minute of an array. */
  addTo(sums: Float64Array): void {
    for (let piece = 0; piece < this.#places.length; piece++) {
      const place = this.#places[piece]!;
      if (place < 0) continue;
      const slab = this.#store.slab(place);
      const start = place & SLAB_MASK;
      const first = piece << PIECE_BITS;
      const length = Math.min(PIECE_MINUTES, sums.length - first);
      for (let slot = 0; slot < length; slot++) sums[first + slot]! += slab[start + slot]!;
    }
  }

  #place(piece: number): number {
    const place = this.#places[piece];
    if (place !== undefined && place >= 0) return place;
    while (this.#places.length < piece) this.#places.push(-1);
    return (this.#places[piece] = this.#store.allocate(this.#empty));
  }
}

/** The sum of several series, none of which has an `empty` other than 0. */
export function sumOfSeries(parts: readonly MinuteSeries[], minutes: number): MinuteValues {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const values = new Float64Array(minutes);
  for (const part of parts) part.addTo(values);
  return {
    at: (minute) => values[minute] ?? 0,
    toArray: () => values.slice(),
    forEach: (call) => {
      for (let minute = 0; minute < minutes; minute++) if (values[minute] !== 0) call(minute, values[minute]!);
    },
    total: () => values.reduce((sum, value) => sum + value, 0),
    copyTo: (intoMinutes, intoValues, from) => {
      let at = from;
      for (let minute = 0; minute < minutes; minute++) {
        if (values[minute] === 0) continue;
        intoMinutes[at] = minute;
        intoValues[at++] = values[minute]!;
      }
      return at;
    },
  };
}
