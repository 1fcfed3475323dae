// `fdr plan`: the timeline, the run sheets and the intents, as a user gets them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fdr, finished, startFdr, temporaryFolder } from '../support/fdr.ts';

const DAY = 'scenarios/escape-fdr-2020.yaml';

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

describe('fdr plan', () => {
  it('shows the day with every experiment and its volumes', async () => {
    const { code, stdout } = await fdr(['plan', DAY], { env: { LC_ALL: 'C.UTF-8' } });
    expect(code).toBe(0);
    for (const experiment of ['SKA', 'LOFAR', 'CTA', 'MAGIC', 'LSST', 'VIRGO', 'FAIR', 'ATLAS', 'CMS']) {
      expect(stdout).toMatch(new RegExp(`^${experiment}$`, 'm'));
    }
    expect(stdout).toMatch(/^ pulsar-search +in +█+ +175 GB$/m);
  });

  it('keeps to ASCII where the locale has no more', async () => {
    const { stdout } = await fdr(['plan', DAY], { env: { LC_ALL: 'C' } });
    expect(stdout).toMatch(/^[\n\u0020-\u007e]*$/);
  });

  it('writes a run sheet for each site as Markdown, CSV and calendar', async () => {
    const out = join(folder.path, 'sheets');
    const { code } = await fdr(['plan', DAY, '--sheets', out]);
    expect(code).toBe(0);
    const files = readdirSync(out);
    const sites = new Set(files.map((name) => name.replace(/\.\w+$/, '')));
    expect(sites).toContain('DESY');
    expect(files).toHaveLength(3 * sites.size);
    expect(readFileSync(join(out, 'DESY.md'), 'utf8')).toContain('SKA/pulsar-search');
    for (const site of sites) {
      const calendar = new ICAL.Component(ICAL.parse(readFileSync(join(out, `${site}.ics`), 'utf8')));
      const rows = readFileSync(join(out, `${site}.csv`), 'utf8')
        .trimEnd()
        .split('\r\n');
      expect(calendar.getAllSubcomponents('vevent')).toHaveLength(rows.length - 1);
    }
  });

  it('says where run sheets cannot be written', async () => {
    const file = join(folder.path, 'a-file');
    writeFileSync(file, '');
    const { code, stderr } = await fdr(['plan', DAY, '--sheets', join(file, 'sheets')]);
    expect(code).toBe(2);
    expect(stderr).toContain('the run sheets cannot be written');
  });

  it.runIf(process.platform === 'linux')('comes back from a place that takes no folders', async () => {
    const { code, stderr } = await fdr(['plan', 'scenarios/laptop.yaml', '--sheets', '/proc/fdr-sheets']);
    expect(code).toBe(2);
    expect(stderr).toContain('choose another folder with --sheets');
  });

  it('names the site that was meant', async () => {
    const { code, stderr } = await fdr(['plan', DAY, '--site', 'DESI']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean DESY?');
  });

  it('prints the first intents as JSON, one a line, in order', async () => {
    const { code, stdout } = await fdr(['plan', DAY, '--intents', '500']);
    expect(code).toBe(0);
    const intents = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { at: string; atSeconds: number; kind: string });
    expect(intents).toHaveLength(500);
    intents.forEach((intent, index) => {
      expect(intent.atSeconds).toBeGreaterThanOrEqual(intents[index - 1]?.atSeconds ?? 0);
    });
  });

  it('prints intents as one document where one is asked for', async () => {
    const { stdout } = await fdr(['plan', 'scenarios/laptop.yaml', '--intents', '3', '--json']);
    expect((JSON.parse(stdout) as { intents: object[] }).intents).toHaveLength(3);
  });

  it('names the format that was meant', async () => {
    const { code, stderr } = await fdr(['plan', DAY, '--format', 'markdwon']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean markdown?');
  });

  it('ends quietly when its reader goes away', async () => {
    const child = startFdr(['plan', DAY, '--intents', '1000000']);
    child.stdout!.once('data', () => child.stdout!.destroy());
    const { code, stderr } = await finished(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('gives totals, volumes by hour and run sheets as one JSON document', async () => {
    const { stdout } = await fdr(['plan', DAY, '--json']);
    const document = JSON.parse(stdout) as {
      activities: { experiment: string; workflow: string; totals: object; injectedBytes: number[] }[];
      sites: { site: string }[];
    };
    const pulsar = document.activities.find((one) => one.workflow === 'pulsar-search')!;
    expect(pulsar.totals).toMatchObject({ files: 3500, bytes: 175e9, datasets: 350, rules: 350 });
    expect(pulsar.injectedBytes).toHaveLength(24);
    expect(document.sites.length).toBeGreaterThan(10);
  });

  it('gives volumes by hour as CSV, and a calendar or Markdown of one site', async () => {
    expect((await fdr(['plan', DAY, '--format', 'csv'])).stdout).toMatch(
      /^kind,subject,measure,start,end,value,unit\nworkflow,SKA\/pulsar-search,injected,2020-11-24T06:00:00\.000Z,/,
    );
    const { stdout } = await fdr(['plan', DAY, '--site', 'GSI', '--format', 'ics']);
    expect(new ICAL.Component(ICAL.parse(stdout)).getFirstPropertyValue('x-wr-calname')).toMatch(/^GSI: /);
    expect((await fdr(['plan', DAY, '--site', 'GSI', '--format', 'markdown'])).stdout).toMatch(/^# Run sheet: GSI\n/);
  });
});
