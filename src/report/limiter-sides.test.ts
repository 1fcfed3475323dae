// Whose side a limiter is on, seen from one site.
import { describe, expect, it } from 'vitest';
import { LIMITER_KINDS } from '../core/operation.ts';
import { largestLimiters, limiterSide, LIMITER_SIDES } from './limiter-sides.ts';
import { runForTests } from './run-for-tests.ts';

const run = runForTests();

describe('a limiter, seen from PIC', () => {
  it.each([
    ['source read PIC-DISK', 'own storage'],
    ['destination write CERN-DISK', 'the peer'],
    ['storage slots PIC-DISK', 'own storage'],
    ['tape CNAF-TAPE', 'the peer'],
    ['cache XCACHE-LAPP', 'the peer'],
    ['source uplink PIC', 'own link'],
    ['destination downlink CERN', 'the peer'],
    ['network ORM -> PIC', 'the network'],
    ['window', 'the network'],
    ['link slots ORM-DISK -> PIC-DISK', 'a service'],
    ['token', 'a service'],
    ['retry delay', 'faults and retries'],
    ['fault PIC-DISK', 'faults and retries'],
    ['client', 'the load itself'],
    ['data not ready', 'the load itself'],
  ])('%s is on the side of: %s', (limiter, side) => {
    expect(limiterSide(limiter, 'PIC', run)).toBe(side);
  });

  it('has a side whatever its kind', () => {
    for (const kind of LIMITER_KINDS) expect(LIMITER_SIDES).toContain(limiterSide(kind, 'PIC', run));
  });
});

describe('the largest limiters of a book', () => {
  it('add up to all of it, the smallest as one', () => {
    expect(largestLimiters({ a: 1, b: 6, c: 2, d: 1, e: 0 }, 3)).toEqual([
      { limiter: 'b', seconds: 6, share: 0.6 },
      { limiter: 'c', seconds: 2, share: 0.2 },
      { limiter: '2 others', seconds: 2, share: 0.2 },
    ]);
  });

  it('are none where no time was spent', () => {
    expect(largestLimiters({ a: 0 }, 3)).toEqual([]);
  });
});
