import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { selectStorages } from './rse-expression.ts';
import { loadLake } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'fdr-lake-'));
afterAll(() => rmSync(folder, { recursive: true }));

function lakeOf(...more: string[]) {
  const path = join(folder, 'a.lake.yaml');
  const lines = [
    'fdr-lake: 1',
    'name: a lake',
    'sites: { CERN: { country: CH }, DESY: { country: DE } }',
    'storages:',
    '  A: { site: CERN, technology: eos, class: SAFE, capacity: 1 TB, read: 1 Gbit/s, write: 8 Gbit/s }',
    '  B: { site: DESY, technology: dcache, attributes: { tier: 2, open: true }, capacity: 1 TB, read: 1 Gbit/s, write: 1 Gbit/s }',
  ];
  writeFileSync(path, [...lines, ...more].join('\n'));
  return loadLake(path, { env: {} });
}

describe('loading a lake', () => {
  it('fills what is left out with the documented defaults', () => {
    const { lake, warnings } = lakeOf();
    expect(warnings).toEqual([]);
    expect(lake.sites.get('CERN')).toMatchObject({ kind: 'grid', uplinkBps: Infinity, inbound: true });
    const storage = lake.storages.get('A');
    expect(storage).toMatchObject({ writeBps: 1e9, perStreamBps: Infinity, usedBytes: 0, verifyChecksum: true });
    expect(storage?.protocols.map(({ name }) => name)).toEqual(['davs']);
    expect([...(storage?.protocols[0]?.thirdParty ?? [])]).toEqual(['pull', 'push']);
    expect(lake.network.default).toEqual({
      rttSeconds: undefined,
      capacityBps: Infinity,
      loss: 0,
      windowBytes: 4 * 1024 * 1024,
    });
    expect(lake.services.transfers).toMatchObject({
      defaultLinkLimit: { min: 2, max: 130 },
      defaultStorageLimit: { inbound: 200, outbound: 200 },
      optimizerMode: 2,
      timeoutSeconds: 600,
      timeoutSecondsPerMiB: 2,
    });
    expect(lake.services.tokens).toMatchObject({ lifetimeSeconds: 7200, workers: 8 });
  });

  it('gives RSE expressions what follows from a storage, and its attributes', () => {
    const storages = [...lakeOf().lake.storages.values()];
    expect(selectStorages('class=SAFE', storages)).toEqual(['A']);
    expect(selectStorages('QOS=SAFE&country=CH&type=DISK&technology=eos', storages)).toEqual(['A']);
    expect(selectStorages('tier>1&open=true|site=CERN', storages)).toEqual(['A', 'B']);
    expect(selectStorages('open', storages)).toEqual(['B']);
    expect(selectStorages('*\\A', storages)).toEqual(['B']);
  });

  it('makes a link both ways unless it is one-way', () => {
    const link = 'network: { links: [{ from: CERN, to: DESY, capacity: 1 Gbit/s }] }';
    expect(lakeOf(link).lake.network.links.map(({ from, to }) => `${from} ${to}`)).toEqual(['CERN DESY', 'DESY CERN']);
    const oneWay = link.replace(' }]', ', one-way: true }]');
    expect(lakeOf(oneWay).lake.network.links.map(({ from, to }) => `${from} ${to}`)).toEqual(['CERN DESY']);
  });

  it('fills a limit up from the default of the lake', () => {
    const { lake } = lakeOf(
      'services:',
      '  transfers:',
      "    link-limits: { default: { min: 5 }, 'A -> B': { max: 40 }, '* -> A': { max: 3 } }",
      '    storage-limits: { default: { inbound: 50 }, A: { outbound: 7 }, B: 9 }',
    );
    const { transfers } = lake.services;
    expect(transfers.defaultLinkLimit).toEqual({ min: 5, max: 130 });
    expect(transfers.linkLimits.get('A -> B')).toEqual({ min: 5, max: 40 });
    expect(transfers.linkLimits.get('* -> A')).toEqual({ min: 3, max: 3 });
    expect(transfers.defaultStorageLimit).toEqual({ inbound: 50, outbound: 200 });
    expect(transfers.storageLimits.get('A')).toEqual({ inbound: 50, outbound: 7 });
    expect(transfers.storageLimits.get('B')).toEqual({ inbound: 9, outbound: 9 });
  });
});
