// `fdr check`: exit codes, what is printed where, and the same as JSON.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fdr, temporaryFolder } from '../support/fdr.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

const LAKE = `
  fdr-lake: 1
  name: two sites
  sites: { NORTH: { uplink: 1 Gbit/s }, SOUTH: {} }
  storages:
    NORTH-DISK: { site: NORTH, technology: eos, capacity: 1 PB, read: 100 Gbit/s, write: 100 Gbit/s }
    SOUTH-DISK: { site: SOUTH, technology: eos, capacity: 1 PB, read: 100 Gbit/s, write: 100 Gbit/s }
`;

/** A day on which so much is to be copied from NORTH over 1 Gbit/s, which moves 10.8 TB in its 24 hours. */
function scenarioFile(name: string, volume: string): string {
  const path = join(folder.path, `${name}.yaml`);
  writeFileSync(
    path,
    `fdr: 1
name: ${name}
lake: ${LAKE}
clock: { start: 2020-11-24T00:00:00Z, duration: 24h }
experiments:
  CTA:
    workflows:
      night:
        uses: [{ name: raw, at: NORTH-DISK, files: 1000, size: ${volume} }]
        replicate: [{ to: SOUTH-DISK }]
expect:
  - { per: experiment, volume: '>= 99% of planned' }
`,
  );
  return path;
}

describe('fdr check', () => {
  it('says that a day fits, with exit code 0', async () => {
    const { code, stdout, stderr } = await fdr(['check', scenarioFile('fits', '100 MB')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/no errors\nThe day can be as planned\n/);
    expect(stdout).toMatch(/^site uplink +22\.2% of 1\.0 Gbit\/s|^site uplink +22\.2% +1\.0 Gbit\/s +00:00 +NORTH$/m);
  });

  it('names the expectation that cannot hold and what is in its way, with exit code 3', async () => {
    const { code, stdout } = await fdr(['check', scenarioFile('too-much', '20 GB')]);
    expect(code).toBe(3);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain('The day cannot be as planned');
    expect(text).toContain('experiment CTA: at most 54% of 20.0 TB passes site uplink NORTH in the time there is');
    expect(text).toContain('(expected: volume >= 99% of planned)');
  });

  it('gives all errors of a wrong file with their places, and exit code 2', async () => {
    const path = join(folder.path, 'wrong.yaml');
    writeFileSync(path, 'fdr: 1\nname: wrong\nlake: nowhere.yaml\nclock: { start: yesterday, duration: 24 }\n');
    const { code, stdout, stderr } = await fdr(['check', path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${path}:4:`);
  });

  it('puts the same in one JSON document', async () => {
    const { code, stdout } = await fdr(['check', scenarioFile('as-json', '20 GB'), '--json']);
    expect(code).toBe(3);
    const document = JSON.parse(stdout) as {
      schema: string;
      verdict: string;
      periodSeconds: number;
      findings: { severity: string; code: string; subject: string; expectation: string }[];
      resources: { kind: string; name: string; limit: number | null; asked: number[]; available: number[] }[];
    };
    expect(document).toMatchObject({ schema: 'fdr.check/1', verdict: 'infeasible', periodSeconds: 3600 });
    expect(document.findings[0]).toMatchObject({
      severity: 'error',
      code: 'expectation-cannot-hold',
      subject: 'experiment CTA',
    });
    const uplink = document.resources.find((one) => one.kind === 'site uplink')!;
    expect(uplink).toMatchObject({ name: 'NORTH', limit: 125e6 });
    expect(uplink.asked).toHaveLength(24);
    expect(uplink.asked.reduce((sum, value) => sum + value * 3600, 0)).toBeCloseTo(20e12, -3);
  });

  it('shows the use of everything hour by hour when asked', async () => {
    const { stdout } = await fdr(['check', scenarioFile('by-hour', '20 GB'), '--by-hour']);
    expect(stdout).toMatch(/^site uplink NORTH +X\.{23}$/m);
  });

  it('checks a lake file alone', async () => {
    const { code, stdout } = await fdr(['check', 'scenarios/lakes/escape-2020.yaml']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/a lake without errors.*; 15 sites, 21 storages, 2 caches\n/);
  });
});
