// Success before, during and after a fault, where operations are known by the minute only.
import { expect, it } from 'vitest';
import { buildReport } from '../build-report.ts';
import type { RunData } from '../run-data.ts';
import { runForTests } from '../run-for-tests.ts';

/** The made-up day with its fault at PIC (14:00 to 14:45 in the series) declared for other times. */
function successOfFault(atSeconds: number, forSeconds: number): (string | undefined)[] {
  const run = runForTests();
  const moved = <One extends { readonly text: string }>(fault: One): One =>
    fault.text.startsWith('PIC') ? { ...fault, atSeconds, forSeconds } : fault;
  const changed: RunData = {
    ...run,
    summary: { ...run.summary, faults: run.summary.faults.map(moved) },
    scenario: { ...run.scenario, faults: run.scenario.faults.map(moved) },
  };
  const page = buildReport(changed).pages.find(({ id }) => id === 'site-pic');
  const table = page?.sections
    .flatMap(({ blocks }) => blocks)
    .find((one) => one.kind === 'table' && one.id === 'faults');
  const row = table?.kind === 'table' ? table.rows[0] : undefined;
  return (row ?? []).slice(3, 6).map(({ text }) => text);
}

it('the minutes in which a fault begins and ends count as during it, not as beside it', () => {
  expect(successOfFault(14 * 3600 + 30, 2700 - 60)).toEqual(['100%', '0%', '100%']);
});

it('before the first minute and after the last there is nothing to tell', () => {
  expect(successOfFault(20, 86_400 - 40)).toEqual(['–', expect.stringMatching(/%$/), '–']);
});
