// The report as one HTML file, as far as it can be told without a browser; test/browser opens it in one.
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from './build-report.ts';
import { renderHtml } from './render-html.ts';
import type { RunData } from './run-data.ts';
import { HOSTILE_NAME, runForTests } from './run-for-tests.ts';

const MEGABYTE = 1e6;
const warnings: string[] = [];
let html = '';

beforeAll(async () => {
  html = await renderHtml(buildReport(runForTests(HOSTILE_NAME)), (message) => warnings.push(message));
});

/** Runs of every odd shape, each of which must still give a report. */
const ODD_RUNS: Record<string, (run: RunData) => RunData> = {
  'no fault was planned': (run) => ({
    ...run,
    summary: { ...run.summary, faults: [], incidents: [] },
    scenario: { ...run.scenario, faults: [] },
  }),
  'nothing was expected': (run) => ({
    ...run,
    findings: [],
    summary: { ...run.summary, expectations: [], verdict: 'nothing-to-judge' },
  }),
  'nothing was recorded by the minute': (run) => ({
    ...run,
    series: { minutes: 1440, subjects: () => [], measures: () => [], series: () => undefined },
    operations: { storageLatency: [], arrivals: [] },
  }),
  'nothing took part': (run) => ({
    ...run,
    summary: {
      ...run.summary,
      operations: {},
      errors: [],
      sites: {},
      storages: {},
      links: {},
      services: {},
      caches: {},
      experiments: {},
    },
  }),
  'it lasted a minute': (run) => lasting(run, 60),
  'it lasted a week': (run) => lasting(run, 7 * 86400),
  'it lasted a year': (run) => lasting(run, 365 * 86400),
  'no site has a position': (run) => ({
    ...run,
    lake: {
      ...run.lake,
      sites: new Map([...run.lake.sites].map(([name, site]) => [name, { ...site, position: undefined }])),
    },
  }),
  'links are not limited': (run) => ({
    ...run,
    lake: {
      ...run.lake,
      sites: new Map(
        [...run.lake.sites].map(([name, site]) => [name, { ...site, uplinkBps: Infinity, downlinkBps: Infinity }]),
      ),
    },
  }),
};

function lasting(run: RunData, durationSeconds: number): RunData {
  return { ...run, summary: { ...run.summary, clock: { ...run.summary.clock, durationSeconds } } };
}

describe('a report can be made where', () => {
  it.each(Object.entries(ODD_RUNS))('%s', async (_, change) => {
    const complaints: string[] = [];
    const made = await renderHtml(buildReport(change(runForTests())), (message) => complaints.push(message));
    expect(complaints).toEqual([]);
    const shown = made.slice(made.indexOf('<main'), made.indexOf('</main>')).replaceAll(/<[^>]*>/g, ' ');
    expect(shown.match(/.{0,60}\b(?:NaN|undefined|Infinity|\[object).{0,60}/g) ?? []).toEqual([]);
    expect(made.match(/<path[^>]*NaN[^>]*>/g) ?? []).toEqual([]);
  });
});

describe('report.html', () => {
  it('is the same, byte by byte, when made again', async () => {
    expect(await renderHtml(buildReport(runForTests(HOSTILE_NAME)))).toBe(html);
  });

  it('draws its charts without a complaint of the library', () => {
    expect(warnings).toEqual([]);
    expect(html.match(/<svg /g)?.length).toBeGreaterThan(90);
  });

  it('names nothing outside the file but the name space of SVG', () => {
    const addresses = html.match(/(?:https?:)?\/\/[\w.]+[^\s"'<]*/g) ?? [];
    expect([...new Set(addresses)]).toEqual(['http://www.w3.org/2000/svg']);
    expect(html).not.toMatch(/<(?:link|img|iframe|object|embed)\b|\burl\(|@import| src=/);
  });

  it('allows exactly its own style and script by its policy', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    const hashOf = (tag: string): string => {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    expect(policy).toBe(
      `default-src 'none'; style-src ${hashOf('style')}; script-src ${hashOf('script')}; base-uri 'none'; form-action 'none'`,
    );
    expect(html).not.toMatch(/ style="| on[a-z]+="/);
  });

  it('shows a name that looks like markup as text', () => {
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; | `co*de`');
  });

  it('has no two elements of one id, and every address within it leads somewhere', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => /\s/.test(id))).toEqual([]);
    const wanted = [...html.matchAll(/ (?:href="#|aria-labelledby="|aria-describedby=")([^"]*)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('gives each chart a title and its main number in words', () => {
    const figures = html.match(/<figure[\s\S]*?<\/figure>/g) ?? [];
    for (const figure of figures) {
      expect(figure).toMatch(/<p class="figure-title" id="[^"]+">[^<]{4,}<\/p><p id="[^"]+">[^<]{10,}<\/p>/);
      expect(figure).toMatch(/<svg (?:class="narrow" )?role="img" aria-labelledby="[^"]+" aria-describedby="[^"]+"/);
    }
  });

  it('takes its colours from the page, so that they are legible in light and dark', () => {
    const painted = [...html.matchAll(/ (?:fill|stroke)="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(
      [...new Set(painted)].filter((colour) => !/^(?:none|transparent|var\(--[a-z0-9-]+\))$/.test(colour)),
    ).toEqual([]);
    const styles = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const named = painted.flatMap((colour) => /var\((--[a-z0-9-]+)\)/.exec(colour)?.[1] ?? []);
    for (const name of new Set(named)) expect(styles.split(`${name}:`).length, name).toBe(4);
  });

  it('stays small enough to send by mail', () => {
    expect(html.length).toBeLessThan(3 * MEGABYTE);
  });
});
