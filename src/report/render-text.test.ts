// What people and programs read outside a browser: Markdown and JUnit XML.
import { describe, expect, it } from 'vitest';
import { buildReport } from './build-report.ts';
import { renderJunit } from './render-junit.ts';
import { escapeMarkdown, renderMarkdown } from './render-markdown.ts';
import { HOSTILE_NAME, runForTests } from './run-for-tests.ts';

const ONE_OF_EACH = new Set(['overview', 'site-pic', 'service-transfers', 'experiment-ska']);

describe('the report as Markdown', () => {
  it('reads as it did when people last looked at it', async () => {
    const report = buildReport(runForTests());
    const pages = report.pages.filter(({ id }) => ONE_OF_EACH.has(id));
    await expect(renderMarkdown({ ...report, pages })).toMatchFileSnapshot('golden/report-markdown.txt');
  });

  it('has as many cells in each row of a table as in its heading', () => {
    let columns = 0;
    for (const line of renderMarkdown(buildReport(runForTests(HOSTILE_NAME))).split('\n')) {
      const cells = line.startsWith('| ') ? line.split(/(?<!\\)\|/).length : 0;
      if (cells > 0 && columns > 0) expect(cells).toBe(columns);
      columns = cells;
    }
  });

  it('lets no name become markup', () => {
    const text = renderMarkdown(buildReport(runForTests(HOSTILE_NAME)));
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;script>alert("x")&lt;/script> &amp; \\| \\`co\\*de\\`');
  });

  it.each([
    ['# not a heading', '\\# not a heading'],
    ['1. not a list', '1\\. not a list'],
    ['- not a list', '\\- not a list'],
    ['a_b [c](d)', 'a\\_b \\[c\\](d)'],
    ['two\nlines', 'two lines'],
    ['ORM -> PIC', 'ORM -> PIC'],
  ])('writes %j as %j', (written, escaped) => {
    expect(escapeMarkdown(written)).toBe(escaped);
  });
});

describe('the verdicts as JUnit XML', () => {
  it('reads as it did when people last looked at it', async () => {
    await expect(renderJunit(runForTests().summary)).toMatchFileSnapshot('golden/junit.xml');
  });

  it('has a case for each judged expectation, and counts those that failed and those without data', () => {
    const { summary } = runForTests();
    const xml = renderJunit(summary);
    expect(xml.match(/<testcase /g)).toHaveLength(summary.expectations.length);
    expect(xml.match(/<failure /g)).toHaveLength(3);
    expect(xml.match(/<skipped /g)).toHaveLength(1);
    expect(xml).toContain('tests="10" failures="3" errors="0" skipped="1"');
  });

  it('says of a failure what was measured, the limit and the limiter', () => {
    expect(renderJunit(runForTests().summary)).toContain(
      'message="measured 62%, limit 90%">expected rate &gt;= 90% of requested over 2h\nmeasured 62%, limit 90%\nlimiter: network ORM -&gt; PIC',
    );
  });

  it('replaces characters that XML forbids', () => {
    const { summary } = runForTests('a\u0000b\u001B[31mc\uD800d');
    expect(renderJunit(summary)).toContain('<testsuites name="a\uFFFDb\uFFFD[31mc\uFFFDd"');
  });

  it('says so where a miss is smaller than the rounding', () => {
    const { summary } = runForTests();
    const [first] = summary.expectations;
    if (first === undefined) throw new Error('no expectation');
    summary.expectations = [{ ...first, verdict: 'not-met', measured: 0.949996, limit: 0.95 }];
    expect(renderJunit(summary)).toContain('measured 94.9996%, limit 95%');
  });
});
