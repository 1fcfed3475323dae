// The ESCAPE lake that ships is the one that CRIC exported, with what was added to it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { importCric } from '../src/lake/cric/import-cric.ts';
import type { Storage } from '../src/lake/lake.ts';
import { loadLake } from '../src/lake/load.ts';
import { selectStorages } from '../src/lake/rse-expression.ts';
import { readSiteMapping } from '../src/lake/cric/site-mapping.ts';
import { temporaryFolder } from './support/fdr.ts';
import { ROOT } from './support/sources.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const path = join(ROOT, 'src/lake/cric/test-data/cric-rse-escape-2020-09.json');
const mapping = readSiteMapping({ path: 'sites.yaml', text: 'CNAF_CMS_TEMP: CNAF\n', sha256: '' });
const file = join(folder.path, 'imported.yaml');
writeFileSync(file, importCric({ path, text: readFileSync(path, 'utf8'), sha256: '' }, mapping).yaml);
const imported = loadLake(file);
const shipped = loadLake(join(ROOT, 'scenarios/lakes/escape-2020.yaml'));

const protocols = (storage: Storage | undefined) =>
  (storage?.protocols ?? [])
    .map(({ name, url, priorities }) => ({ name, url, priorities: Object.fromEntries(priorities) }))
    .toSorted((one, other) => one.name.localeCompare(other.name));

describe('an imported lake', () => {
  it('loads without a warning', () => {
    expect(imported.warnings).toEqual([]);
    expect(imported.lake.storages.size).toBe(14);
  });
});

describe('the ESCAPE lake', () => {
  it('loads without a warning', () => {
    expect(shipped.warnings).toEqual([]);
  });

  it.each([...imported.lake.storages.keys()])('%s is as in the export', (name) => {
    const [cric, lake] = [imported.lake.storages.get(name), shipped.lake.storages.get(name)];
    expect(protocols(lake)).toEqual(protocols(cric));
    expect(lake).toMatchObject({
      site: cric?.site,
      technology: cric?.technology,
      deterministic: cric?.deterministic,
      verifyChecksum: cric?.verifyChecksum,
    });
    for (const key of ['fts', 'lfn2pfn_algorithm', 'country']) {
      expect(lake?.attributes.get(key)).toBe(cric?.attributes.get(key));
    }
  });

  it('has the storages of that day besides, a cloud with a price and a centre that nobody can connect to', () => {
    const added = [...shipped.lake.storages.keys()].filter((name) => !imported.lake.storages.has(name));
    expect(added).toEqual([
      'INFN-NA-DPM-FED',
      'INFN-ROMA1',
      'ORM-INJECT',
      'CNAF-STORM-TAPE',
      'PIC-DCACHE-TAPE',
      'AWS_WEBDAV',
      'HPC-SCRATCH',
    ]);
    expect(shipped.lake.sites.get('AWS')).toMatchObject({ kind: 'cloud', egressCost: { currency: 'USD' } });
    expect(shipped.lake.sites.get('HPC-CENTRE')).toMatchObject({ kind: 'hpc', inbound: false });
  });

  it('has several storages in each of the four classes, in more than one country', () => {
    for (const name of ['FAST', 'CHEAP-ANALYSIS', 'OPPORTUNISTIC', 'SAFE']) {
      const chosen = selectStorages(`QOS=${name}`, shipped.lake.storages.values());
      const countries = new Set(chosen.map((storage) => shipped.lake.storages.get(storage)?.attributes.get('country')));
      expect(countries.size, name).toBeGreaterThan(1);
    }
  });
});
