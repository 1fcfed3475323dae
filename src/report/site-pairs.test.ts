// Links between sites, of which a large lake has thousands.
import { describe, expect, it } from 'vitest';
import { largestPairs, type SitePair } from './site-pairs.ts';

function pair(from: string, requestedBytes: number, failed: number): SitePair {
  return {
    from,
    to: 'CERN',
    requestedBytes,
    bytes: requestedBytes / 2,
    succeeded: 10,
    failed,
    meanRateBps: 1,
    peakRateBps: 2,
    limiter: 'set-up',
  };
}

describe('the links between sites that a table shows', () => {
  const pairs = [pair('DESY', 100, 0), pair('PIC', 60, 1), pair('LAPP', 40, 2)];

  it('are all of them where they fit', () => {
    expect(largestPairs(pairs, 3)).toEqual({ shown: pairs, rest: undefined });
  });

  it('are those asked most of, then all others added up and counted', () => {
    const { shown, rest } = largestPairs(pairs, 1);
    expect(shown.map(({ from }) => from)).toEqual(['DESY']);
    expect(rest).toMatchObject({
      from: '2 others',
      requestedBytes: 100,
      bytes: 50,
      succeeded: 20,
      failed: 3,
      meanRateBps: 2,
      peakRateBps: NaN,
      limiter: '',
    });
  });
});
