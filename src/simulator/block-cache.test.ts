import { expect, test } from 'vitest';
import { RandomStream } from '../core/random.ts';
import type { Cache } from '../lake/lake.ts';
import { ZipfRanks } from '../workload/popularity.ts';
import { BlockCache } from './block-cache.ts';

const MIB = 1024 * 1024;

function cacheOf(parts: Partial<Cache>): BlockCache {
  return new BlockCache({
    name: 'XCACHE',
    site: 'LAPP',
    capacityBytes: 100 * MIB,
    blockBytes: MIB,
    highWatermark: 1,
    lowWatermark: 1,
    readBps: 1e9,
    writeBps: 1e9,
    ...parts,
  });
}

/** Che, Tung and Wang (JSAC 20(7), 2002): the time t for which sum(1 - exp(-p t)) is the capacity gives each file's hits. */
function cheHitRatio(files: number, exponent: number, capacity: number): number {
  const weights = [...Array(files)].map((_, rank) => (rank + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const popularity = weights.map((weight) => weight / total);
  let low = 0;
  let high = 1e9;
  for (let step = 0; step < 200; step++) {
    const time = (low + high) / 2;
    const held = popularity.reduce((sum, share) => sum + (1 - Math.exp(-share * time)), 0);
    if (held < capacity) low = time;
    else high = time;
  }
  return popularity.reduce((sum, share) => sum + share * (1 - Math.exp(-share * low)), 0);
}

test.each([
  [1000, 0.85, 100],
  [1000, 0.85, 400],
  [2000, 1.1, 200],
])(
  'V13: %i files of one size by Zipf %f in a cache for %i of them hit as often as Che says',
  (files, exponent, capacity) => {
    const cache = cacheOf({ capacityBytes: capacity * MIB });
    const ranks = new ZipfRanks(files, exponent);
    const stream = new RandomStream(20201124, 'V13');
    let hits = 0;
    const reads = 200_000;
    const warmUp = 20_000;
    for (let read = 0; read < reads + warmUp; read++) {
      const { hitBytes } = cache.read(ranks.rank(stream, read), MIB, MIB);
      if (read >= warmUp && hitBytes > 0) hits++;
    }
    expect(Math.abs(hits / reads - cheHitRatio(files, exponent, capacity))).toBeLessThanOrEqual(0.01);
  },
);

test('a file read a second time is there, and a part read at random hits as much as is there', () => {
  const cache = cacheOf({});
  expect(cache.read(1, 10 * MIB, 10 * MIB)).toEqual({ hitBytes: 0, missBytes: 10 * MIB });
  expect(cache.read(1, 10 * MIB, 10 * MIB)).toEqual({ hitBytes: 10 * MIB, missBytes: 0 });
  expect(cache.read(2, 10 * MIB, 5 * MIB)).toEqual({ hitBytes: 0, missBytes: 5 * MIB });
  expect(cache.read(2, 10 * MIB, 4 * MIB)).toEqual({ hitBytes: 2 * MIB, missBytes: 2 * MIB });
});

test('past the high watermark it purges what was read longest ago, down to the low one', () => {
  const cache = cacheOf({ highWatermark: 0.9, lowWatermark: 0.5 });
  for (let file = 0; file < 9; file++) cache.read(file, 10 * MIB, 10 * MIB);
  expect(cache.usedBytes).toBe(90 * MIB);
  cache.read(0, 10 * MIB, 10 * MIB);
  cache.read(9, 10 * MIB, 10 * MIB);
  expect(cache.usedBytes).toBe(50 * MIB);
  expect(cache.read(0, 10 * MIB, 10 * MIB).missBytes).toBe(0);
  expect(cache.read(1, 10 * MIB, 10 * MIB).hitBytes).toBe(0);
});
