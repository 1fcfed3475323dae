// What concerns a service or a cache: its faults, and its verdict out of those of its expectations.
import type { ExpectationVerdict, FaultSummary } from '../../record/summary.ts';
import type { ReportContext } from '../report-context.ts';

export function faultsOfService(name: string, context: ReportContext): FaultSummary[] {
  return context.summary.faults.filter((summary) =>
    context.scenario.faults.some(
      (fault) =>
        fault.text === summary.text &&
        fault.atSeconds === summary.atSeconds &&
        (fault.target.kind === 'service' || fault.target.kind === 'cache') &&
        fault.target.name === name,
    ),
  );
}

export function worstVerdict(verdicts: readonly ExpectationVerdict[]): ExpectationVerdict {
  if (verdicts.includes('not-met')) return 'not-met';
  return verdicts.includes('met') ? 'met' : 'no-data';
}
