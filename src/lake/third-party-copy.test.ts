import { expect, test } from 'vitest';
import { constant } from '../core/law.ts';
import { PROTOCOL_ACTIVITIES, type Lake, type Protocol, type Site, type Storage } from './lake.ts';
import { canCopyThirdParty } from './third-party-copy.ts';

function protocol(
  scheme: string,
  thirdParty: readonly ('pull' | 'push')[] = ['pull', 'push'],
  allowed = true,
): Protocol {
  const activities = PROTOCOL_ACTIVITIES.filter((activity) => allowed || activity !== 'third-party-copy');
  return {
    name: scheme,
    scheme,
    url: '',
    priorities: new Map(activities.map((activity) => [activity, 1])),
    thirdParty: new Set(thirdParty),
  };
}

function storage(name: string, site: string, protocols: readonly Protocol[]): Storage {
  return {
    name,
    site,
    technology: 'eos',
    qosClass: '',
    attributes: new Map(),
    capacityBytes: 1e15,
    usedBytes: 0,
    readBps: 1e9,
    writeBps: 1e9,
    perStreamBps: Infinity,
    setUp: constant(0),
    deterministic: true,
    verifyChecksum: true,
    protocols,
    tape: undefined,
  };
}

function site(inbound: boolean): Site {
  return {
    name: '',
    kind: 'grid',
    country: '',
    position: undefined,
    uplinkBps: Infinity,
    downlinkBps: Infinity,
    egressCost: undefined,
    inbound,
  };
}

const SITES = {
  sites: new Map([
    ['GRID', site(true)],
    ['HPC', site(false)],
  ]),
} as unknown as Lake;

function canCopy(from: readonly Protocol[], to: readonly Protocol[], toSite = 'GRID'): boolean {
  return canCopyThirdParty(SITES, storage('A', 'GRID', from), storage('B', toSite, to));
}

test('storages copy where they have a third-party-copy protocol of one family in common', () => {
  expect(canCopy([protocol('davs')], [protocol('davs')])).toBe(true);
  expect(canCopy([protocol('davs')], [protocol('https')])).toBe(true);
  expect(canCopy([protocol('srm')], [protocol('gsiftp')])).toBe(true);
  expect(canCopy([protocol('root')], [protocol('davs')])).toBe(false);
  expect(canCopy([protocol('root'), protocol('davs')], [protocol('gsiftp'), protocol('davs')])).toBe(true);
});

test('a protocol without the third-party-copy activity does not copy', () => {
  expect(canCopy([protocol('davs', ['pull', 'push'], false)], [protocol('davs')])).toBe(false);
});

test('either the destination pulls or the source pushes', () => {
  expect(canCopy([protocol('davs', [])], [protocol('davs', ['pull'])])).toBe(true);
  expect(canCopy([protocol('davs', ['push'])], [protocol('davs', [])])).toBe(true);
  expect(canCopy([protocol('davs', ['pull'])], [protocol('davs', ['push'])])).toBe(false);
});

test('nothing is copied to a site whose storages nobody outside can reach', () => {
  expect(canCopy([protocol('davs')], [protocol('davs')], 'HPC')).toBe(false);
});
