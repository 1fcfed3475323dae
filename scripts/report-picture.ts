// Takes the README's pictures of a report: `node bin/node.js scripts/report-picture.ts RUN/report.html`.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FOLDER = 'docs/images';

const [report] = process.argv.slice(2);
if (report === undefined) throw new Error('the path of a report.html is needed');
const executablePath = process.env['CHROMIUM'] ?? BROWSERS.find((path) => existsSync(path));
if (executablePath === undefined) throw new Error('no Chromium found; install one, or set CHROMIUM to its path');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(resolve(report)).href);
  await page.screenshot({ path: `${FOLDER}/report.png` });
  await page.locator('figure', { has: page.locator('[id="overview.day.day"]') }).screenshot({
    path: `${FOLDER}/report-day.png`,
  });
  await page.locator('figure', { has: page.locator('[id="overview.links.matrix"]') }).screenshot({
    path: `${FOLDER}/report-links.png`,
  });
} finally {
  await browser.close();
}
