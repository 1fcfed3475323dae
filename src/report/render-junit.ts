// Judged expectations as JUnit XML: one suite per kind of subject, one case per expectation and subject.
import { parseLimiter } from '../core/operation.ts';
import type { JudgedExpectation, Summary } from '../record/summary.ts';
import { formatLimit, measuredWords } from './measured.ts';
import { escapeXml } from './escape-xml.ts';

/**
 * The elements and attributes that Jenkins, GitLab and GitHub's actions agree on: `testsuites/testsuite/testcase` with
 * `failure` and `skipped`. An expectation without data is skipped. Times are the run's own clock, not the judge's.
 */
export function renderJunit(summary: Summary): string {
  const suites = [...Map.groupBy(summary.expectations, (one) => one.per)];
  const totals = countsOf(summary.expectations);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(summary.scenario.name)}" ${totals} time="0">`,
    ...suites.flatMap(([per, expectations]) => renderSuite(per, expectations, summary)),
    '</testsuites>',
    '',
  ].join('\n');
}

function renderSuite(per: string, expectations: readonly JudgedExpectation[], summary: Summary): string[] {
  const timestamp = summary.clock.start.slice(0, 19);
  return [
    `  <testsuite name="${escapeXml(`per ${per}`)}" ${countsOf(expectations)} time="0" timestamp="${escapeXml(timestamp)}" hostname="localhost">`,
    '    <properties>',
    `      <property name="scenario" value="${escapeXml(summary.scenario.file)}"/>`,
    `      <property name="seed" value="${summary.seed}"/>`,
    `      <property name="fdr" value="${escapeXml(summary.version)}"/>`,
    '    </properties>',
    ...expectations.flatMap((one) => renderCase(per, one)),
    '  </testsuite>',
  ];
}

function renderCase(per: string, one: JudgedExpectation): string[] {
  const subject = one.subject === '' ? 'the run' : one.subject;
  const open = `    <testcase classname="${escapeXml(`${per}.${subject}`)}" name="${escapeXml(`${subject}: ${one.text}`)}" time="0"`;
  switch (one.verdict) {
    case 'met':
      return [`${open}/>`];
    case 'no-data':
      return [`${open}>`, '      <skipped message="no data"/>', '    </testcase>'];
    case 'not-met': {
      const message = `measured ${measuredWords(one)}, limit ${formatLimit(one)}`;
      return [
        `${open}>`,
        `      <failure type="${escapeXml(failureType(one))}" message="${escapeXml(message)}">${escapeXml(failureText(one, message))}</failure>`,
        '    </testcase>',
      ];
    }
  }
}

function failureType(one: JudgedExpectation): string {
  return parseLimiter(one.limiter).kind ?? 'not met';
}

function failureText(one: JudgedExpectation, message: string): string {
  const lines = [`expected ${one.text}`, message, `limiter: ${one.limiter === '' ? 'none found' : one.limiter}`];
  if (one.note !== undefined) lines.push(one.note);
  if (one.atSeconds !== null) lines.push(`worst window starts ${one.atSeconds} s after the run's start`);
  return lines.join('\n');
}

function countsOf(expectations: readonly JudgedExpectation[]): string {
  const failures = expectations.filter((one) => one.verdict === 'not-met').length;
  const skipped = expectations.filter((one) => one.verdict === 'no-data').length;
  return `tests="${expectations.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
}
