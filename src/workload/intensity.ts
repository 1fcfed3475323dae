// How busy each part of a schedule's window is: a relative intensity of equal parts, its integral and the inverse of that.

/**
 * Piecewise constant intensity over the window [from, to): part i of n equal parts has intensity `shape[i]`.
 * Asking for times in rising order is cheap, whatever the number of parts.
 */
export class Intensity {
  /** The integral of the intensity over the window, in seconds at intensity 1. */
  readonly total: number;
  readonly #fromSeconds: number;
  readonly #partSeconds: number;
  readonly #shape: readonly number[];
  /** The part in which the last answer lay, and the integral up to its start. */
  #part = 0;
  #before = 0;

  constructor(fromSeconds: number, toSeconds: number, shape: readonly number[]) {
    this.#fromSeconds = fromSeconds;
    this.#shape = shape.length === 0 ? [1] : shape;
    this.#partSeconds = Math.max(0, toSeconds - fromSeconds) / this.#shape.length;
    this.total = this.#shape.reduce((sum, intensity) => sum + intensity * this.#partSeconds, 0);
  }

  /** The time at which the integral from the window's start reaches `area`; never in a part of intensity 0 but at its edge. */
  timeAt(area: number): number {
    if (area < this.#before) {
      this.#part = 0;
      this.#before = 0;
    }
    let within = this.#shape[this.#part]! * this.#partSeconds;
    while (this.#part < this.#shape.length - 1 && area >= this.#before + within) {
      this.#before += within;
      this.#part++;
      within = this.#shape[this.#part]! * this.#partSeconds;
    }
    const share = within > 0 ? Math.min(1, (area - this.#before) / within) : 0;
    return this.#fromSeconds + (this.#part + share) * this.#partSeconds;
  }
}
