// What a session reads: how many files, and which, by Zipf's law over ranks.
import { assert } from '../core/errors.ts';
import type { RandomStream } from '../core/random.ts';

/** Draws set aside for one rank; more than 30 rejections in a row do not happen (each is less likely than 1 in 3). */
const DRAWS_PER_RANK = 64;

/**
 * Ranks 0 (the most popular) to count - 1, rank r with a probability proportional to 1 / (r + 1)^exponent.
 *
 * Rejection-inversion of Hörmann and Derflinger (ACM TOMACS 6, 1996): no table, so its cost does not grow with the
 * number of files. Exponent 0 is uniform.
 */
export class ZipfRanks {
  readonly count: number;
  readonly exponent: number;
  readonly #first: number;
  readonly #last: number;
  readonly #certain: number;

  constructor(count: number, exponent: number) {
    assert(count >= 1 && exponent >= 0, 'Zipf ranks have at least one item and an exponent of at least 0');
    this.count = count;
    this.exponent = exponent;
    this.#first = this.#integral(1.5) - 1;
    this.#last = this.#integral(count + 0.5);
    this.#certain = 2 - this.#inverseIntegral(this.#integral(2.5) - this.#density(2));
  }

  /** Rank number `index` of entity `entity`: the same for the same stream, entity and index. */
  rank(stream: RandomStream, entity: number, index = 0): number {
    if (this.exponent === 0) return stream.integer(this.count, entity, index * DRAWS_PER_RANK);
    for (let attempt = 0; attempt < DRAWS_PER_RANK; attempt++) {
      const uniform = stream.uniform(entity, index * DRAWS_PER_RANK + attempt);
      const area = this.#last + uniform * (this.#first - this.#last);
      const position = this.#inverseIntegral(area);
      const candidate = Math.min(Math.max(Math.floor(position + 0.5), 1), this.count);
      if (candidate - position <= this.#certain || area >= this.#integral(candidate + 0.5) - this.#density(candidate)) {
        return candidate - 1;
      }
    }
    throw new Error('internal fault: a Zipf rank was rejected 64 times in a row');
  }

  #density(position: number): number {
    return position ** -this.exponent;
  }

  /** The integral of the density from 1, written so that it is exact near exponent 1, where it is the logarithm. */
  #integral(position: number): number {
    const logarithm = Math.log(position);
    const power = (1 - this.exponent) * logarithm;
    return power === 0 ? logarithm : (Math.expm1(power) / power) * logarithm;
  }

  #inverseIntegral(area: number): number {
    const power = Math.max(-1, area * (1 - this.exponent));
    return Math.exp(power === 0 ? area : (Math.log1p(power) / power) * area);
  }
}

/** How many files a session reads: a whole number between `min` and `max`, each as likely. */
export function filesOfSession(
  files: { readonly min: number; readonly max: number },
  stream: RandomStream,
  session: number,
): number {
  return files.min + stream.integer(files.max - files.min + 1, session);
}
