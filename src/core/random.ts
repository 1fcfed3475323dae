// Random numbers without state: each draw is a hash of (seed, stream, entity, index).
//
// Two plans that differ in one policy see the same luck for the same entity, in whatever order they ask, and nothing
// has to be kept per entity. The mixing is the finaliser of MurmurHash3 (Appleby, public domain), applied twice.

function mix(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A 32-bit hash of a text (FNV-1a), for naming streams. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(hash);
}

/** A named source of randomness. Its draws depend only on the seed, its name, and the entity and index asked for. */
export class RandomStream {
  readonly #key: number;
  readonly #key2: number;

  constructor(seed: number, name: string) {
    const low = seed >>> 0;
    const high = Math.floor(seed / 0x1_0000_0000) >>> 0;
    this.#key = mix(hashText(name) ^ mix(low ^ mix(high + 0x9e3779b9)));
    this.#key2 = mix(this.#key ^ 0x6c8e9cf5);
  }

  /** Uniform in [0, 1) with 53 bits, for draw number `index` of entity `entity` (both non-negative integers). */
  uniform(entity: number, index = 0): number {
    const low = entity >>> 0;
    const high = Math.floor(entity / 0x1_0000_0000) >>> 0;
    const base = mix(low ^ this.#key) ^ Math.imul(high + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca77);
    const first = mix(base);
    const second = mix(first ^ this.#key2 ^ Math.imul(low, 0xc2b2ae3d));
    return ((first >>> 5) * 67108864 + (second >>> 6)) / 9007199254740992;
  }

  /** Uniform integer in [0, bound). */
  integer(bound: number, entity: number, index = 0): number {
    return Math.floor(this.uniform(entity, index) * bound);
  }

  /** Standard normal, by Box and Muller; uses draws `2 * index` and `2 * index + 1`. */
  normal(entity: number, index = 0): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform(entity, 2 * index)));
    return radius * Math.cos(2 * Math.PI * this.uniform(entity, 2 * index + 1));
  }

  /** Exponential with mean 1. */
  exponential(entity: number, index = 0): number {
    return -Math.log(1 - this.uniform(entity, index));
  }
}
