import { describe, expect, it } from 'vitest';
import { LIMITER_KINDS } from '../core/operation.ts';
import { bandOfCounts, successBand } from './bands.ts';
import { limiterPhrase, limiterShares } from './limiter.ts';

describe('books added up', () => {
  it('give each limiter its share of the time, largest first, those without time left out', () => {
    expect(limiterShares({ 'set-up': 25, tape: 75, token: 0 })).toEqual([
      { limiter: 'tape', seconds: 75, share: 0.75 },
      { limiter: 'set-up', seconds: 25, share: 0.25 },
    ]);
  });
});

describe('a limiter in words', () => {
  it.each([
    ['load generator', 'the load generator, which had no worker free'],
    ['link slots EULAKE-1 -> GSI-ROOT', 'the limit of active transfers from EULAKE-1 to GSI-ROOT'],
    ['storage slots GSI-ROOT', 'the limit of active transfers at GSI-ROOT'],
    ['fault GSI-ROOT', 'GSI-ROOT while it was down'],
    ['source read DESY-DCACHE', 'reading from DESY-DCACHE'],
    ['source uplink DESY', 'the link out of DESY'],
    ['network CERN -> DESY', 'the network from CERN to DESY'],
    ['destination downlink DESY', 'the link into DESY'],
    ['destination write DESY-DCACHE', 'writing to DESY-DCACHE'],
    ['tape CNAF-TAPE', 'tape at CNAF-TAPE'],
    ['cache XCACHE-LAPP', 'the cache XCACHE-LAPP'],
    ['window CERN -> DESY', 'the TCP window from CERN to DESY'],
  ])('%s is %s', (limiter, phrase) => {
    expect(limiterPhrase(limiter)).toBe(phrase);
  });

  it.each(LIMITER_KINDS)('%s has words of its own without a subject', (kind) => {
    expect(limiterPhrase(kind)).not.toMatch(/^$| $|undefined|->/);
  });

  it('one that is not known stays as it is', () => {
    expect(limiterPhrase('moon phase')).toBe('moon phase');
  });
});

describe('bands of success', () => {
  it.each([
    [0, 'bad'],
    [0.499, 'bad'],
    [0.5, 'poor'],
    [0.66, 'fair'],
    [0.949, 'fair'],
    [0.95, 'good'],
    [1, 'good'],
  ] as const)('%d is %s (50, 66 and 95 %, as in SKA daily reports)', (share, band) => {
    expect(successBand(share)).toBe(band);
  });

  it('there is none where nothing ended', () => {
    expect(bandOfCounts(0, 0)).toBeUndefined();
    expect(bandOfCounts(19, 1)).toBe('good');
  });
});
