import { writeFileSync, mkdirSync } from 'node:fs';
import { runForTests, HOSTILE_NAME } from './run-for-tests.ts';
import { buildReport } from './build-report.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderJunit } from './render-junit.ts';
mkdirSync('/tmp/look', { recursive: true });
const run = runForTests(process.argv[2] === 'x' ? HOSTILE_NAME : undefined);
let t = performance.now();
const r = buildReport(run);
console.log('build', performance.now() - t);
t = performance.now();
const h = await renderHtml(r);
console.log('html', performance.now() - t, h.length);
writeFileSync('/tmp/look/report.html', h);
writeFileSync('/tmp/look/report.md', renderMarkdown(r));
writeFileSync('/tmp/look/junit.xml', renderJunit(run.summary));
console.log(
  r.pages.length,
  r.pages.flatMap((p) => p.sections.flatMap((s) => s.blocks.filter((b) => b.kind === 'chart'))).length,
  'charts',
);
