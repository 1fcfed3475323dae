// Opens a report in a real browser: what is asked of it there, by people with and without a mouse, eyes, scripts or a network.
import axe from 'axe-core';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import { renderHtml } from '../../src/report/render-html.ts';
import { renderJunit } from '../../src/report/render-junit.ts';
import { HOSTILE_NAME, runForTests } from '../../src/report/run-for-tests.ts';
import { launchChromium } from './chromium.ts';

const PAGE_OF_EACH_KIND = [
  'overview',
  'site-cnaf',
  'site-pic',
  'service-transfers',
  'service-storage-endpoints',
  'experiment-ska',
];
const PHONE = { width: 390, height: 844 };

const folder = mkdtempSync(join(tmpdir(), 'fdr-browser-'));
const file = join(folder, 'report.html');
const address = pathToFileURL(file).href;
const run = runForTests(HOSTILE_NAME);
const report = buildReport(run);
let browser: Browser;
let context: BrowserContext | undefined;
/** What the browser asked for, said or refused while a page was open. */
let requests: string[] = [];
let complaints: string[] = [];

beforeAll(async () => {
  writeFileSync(file, await renderHtml(report));
  browser = await launchChromium();
});

afterEach(async () => {
  await context?.close();
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function open(hash = '', options: BrowserContextOptions = {}): Promise<Page> {
  requests = [];
  complaints = [];
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.on('request', (request) => requests.push(request.url()));
  const page = await context.newPage();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`${address}${hash}`);
  return page;
}

async function untilShown(page: Page, id: string): Promise<void> {
  await page.waitForFunction(`document.querySelector('.page.current')?.id === ${JSON.stringify(id)}`);
}

describe('a report in a browser', () => {
  it('asks for nothing but itself and has nothing to complain of, on any page', async () => {
    const page = await open();
    for (const { id } of report.pages) await page.evaluate(`location.hash = ${JSON.stringify(id)}`);
    await untilShown(page, report.pages.at(-1)?.id ?? '');
    expect(requests).toEqual([address]);
    expect(complaints).toEqual([]);
  });

  it('could not reach anything if it wanted to', async () => {
    let reached = 0;
    const server = createServer((_, response) => {
      reached++;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const page = await open();
    const refused = await page.evaluate<string>(`new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
      document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:${port}/' }));
    })`);
    expect(refused).toBe('img-src');
    expect(reached).toBe(0);
    server.close();
  });

  it('runs no script that a name brings along', async () => {
    const page = await open();
    expect(complaints).toEqual([]);
    expect(await page.textContent('h1')).toBe(HOSTILE_NAME);
    expect(await page.locator('script').count()).toBe(1);
  });
});

describe('accessibility by axe', () => {
  for (const scheme of ['light', 'dark'] as const) {
    it.each(PAGE_OF_EACH_KIND)(`finds nothing in ${scheme} on %s`, async (id) => {
      const page = await open(`#${id}`, { colorScheme: scheme });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document)');
      expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html.slice(0, 120)}`)).toEqual([]);
    });
  }
});

describe('pages', () => {
  it('are shown one at a time, by address', async () => {
    const page = await open('#site-pic');
    expect(await page.locator('.page:visible').evaluateAll((all) => all.map((one) => one.id))).toEqual(['site-pic']);
    expect(await page.title()).toBe(`PIC · ${HOSTILE_NAME}`);
    expect(await page.getAttribute('nav a[aria-current]', 'href')).toBe('#site-pic');
  });

  it('are reached by links, and the heading of the page gets the focus', async () => {
    const page = await open();
    await page.getByRole('navigation').getByRole('link', { name: 'SKA' }).press('Enter');
    await untilShown(page, 'experiment-ska');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('SKA');
    await page.goBack();
    await untilShown(page, 'overview');
  });

  it('can be skipped to past the navigation', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report');
    await page.keyboard.press('Enter');
    await page.waitForFunction(`document.activeElement.id === 'content'`);
  });

  it('show a section that an address names', async () => {
    const page = await open('#site-pic.faults');
    expect(await page.locator('.page:visible').evaluateAll((all) => all.map((one) => one.id))).toEqual(['site-pic']);
    expect(await page.locator('[id="site-pic.faults"]').isVisible()).toBe(true);
  });

  it('are all there, one after the other, without scripts and in print', async () => {
    const page = await open('', { javaScriptEnabled: false });
    expect(await page.locator('.page:visible').count()).toBe(report.pages.length);
    await context?.close();
    const printed = await open('#site-pic');
    await printed.emulateMedia({ media: 'print' });
    expect(await printed.locator('.page:visible').count()).toBe(report.pages.length);
  });

  it('print in light, with every title on paper', async () => {
    const page = await open('', { colorScheme: 'dark' });
    writeFileSync(join(folder, 'report.pdf'), await page.pdf({ format: 'A4', preferCSSPageSize: true }));
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    const text = execFileSync('pdftotext', ['-layout', join(folder, 'report.pdf'), '-'], { encoding: 'utf8' });
    for (const { title } of report.pages.slice(1)) expect(text).toContain(title);
  });
});

describe('tables', () => {
  it('sort by keyboard, numbers from the largest, and say how they are sorted', async () => {
    const page = await open('#overview');
    const table = page.getByRole('table', { name: 'Transfers between sites: what was asked' });
    const heading = table.getByRole('columnheader', { name: 'Got of asked' });
    await heading.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    const first = await table.locator('tbody tr').first().locator('td').allTextContents();
    expect(first.slice(0, 5)).toEqual(['ORM', 'PIC', '3.3 TB', '2.0 TB', '62%']);
  });

  it('keep rows without a value at the end whichever way they sort', async () => {
    const page = await open('#service-catalogue');
    const table = page.getByRole('table', { name: 'until all copies of a rule were there' });
    const button = table.getByRole('button', { name: 'Median' });
    for (let press = 0; press < 2; press++) {
      await button.click();
      expect(await table.locator('tbody tr').last().locator('th').textContent()).toBe('CMS');
    }
  });
});

describe('colours', () => {
  it('follow the system, and the switch where the reader uses it', async () => {
    const page = await open('', { colorScheme: 'dark' });
    const background = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(20, 24, 28)');
    await page.getByRole('button', { name: 'Light' }).click();
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: 'Auto' }).click();
    expect(await background()).toBe('rgb(20, 24, 28)');
  });

  it('reach the charts', async () => {
    const fillOf = async (scheme: 'light' | 'dark'): Promise<string> => {
      const page = await open('#overview', { colorScheme: scheme });
      const fill = await page.evaluate<string>("getComputedStyle(document.querySelector('figure svg text')).fill");
      await context?.close();
      return fill;
    };
    expect(await fillOf('light')).toBe('rgb(76, 85, 93)');
    expect(await fillOf('dark')).toBe('rgb(174, 183, 190)');
  });
});

describe('on a phone', () => {
  it.each(PAGE_OF_EACH_KIND)(
    '%s does not scroll sideways as a whole; its wide tables do, also by keyboard',
    async (id) => {
      const page = await open(`#${id}`, { viewport: PHONE });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
      const boxes = await page.locator('.page.current .scroll, .page.current .drawing').evaluateAll((all) =>
        all.map((box) => ({
          wide: box.scrollWidth > box.clientWidth,
          tabIndex: (box as unknown as { tabIndex: number }).tabIndex,
        })),
      );
      expect(boxes.filter((box) => box.wide).length).toBeGreaterThan(0);
      expect(boxes.filter((box) => box.wide && box.tabIndex !== 0)).toEqual([]);
    },
  );

  it('the pages are behind one button, and close again when one is chosen', async () => {
    const page = await open('', { viewport: PHONE });
    const link = page.getByRole('navigation').getByRole('link', { name: 'DESY' });
    expect(await link.isVisible()).toBe(false);
    await page.getByText('Pages', { exact: true }).click();
    await link.click();
    await untilShown(page, 'site-desy');
    expect(await link.isVisible()).toBe(false);
  });
});

describe('junit.xml', () => {
  it('is well-formed', async () => {
    const page = await open();
    const xml = JSON.stringify(renderJunit(run.summary));
    const wrong = await page.evaluate(
      `new DOMParser().parseFromString(${xml}, 'application/xml').querySelector('parsererror')?.textContent ?? ''`,
    );
    expect(wrong).toBe('');
  });
});
