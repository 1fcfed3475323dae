// What a subject's failures mostly were: the class of error that comes most often in its outcomes.
import { OUTCOME_CELL_SECONDS, type OutcomeCell, type RunAggregate } from '../record/aggregate.ts';
import { linkName } from '../core/sink.ts';
import type { ExpectationSubject } from '../scenario/scenario.ts';

/** The subject, the direction where it has two, and the minutes of the run from `from` (included) to `to` (excluded). */
export interface Failed {
  readonly per: ExpectationSubject;
  readonly subject: string;
  readonly direction: '' | 'in_' | 'out_';
  readonly from: number;
  readonly to: number;
}

/**
 * The commonest error class, the first by name of equal ones; empty where nothing failed. Outcomes do not tell workflows
 * apart, so for one of those it is empty too.
 */
export function commonestError(aggregate: RunAggregate, failed: Failed): string {
  const counts = new Map<string, number>();
  for (const cell of aggregate.outcomes()) {
    if (cell.errorClass === '' || !isOf(cell, failed) || !isWithin(cell, failed)) continue;
    counts.set(cell.errorClass, (counts.get(cell.errorClass) ?? 0) + cell.count);
  }
  let commonest = '';
  for (const [errorClass, count] of counts) {
    const most = counts.get(commonest) ?? 0;
    if (count > most || (count === most && errorClass < commonest)) commonest = errorClass;
  }
  return commonest;
}

/** Cells are five minutes long: those that the time asked for touches count. */
function isWithin({ bucket }: OutcomeCell, { from, to }: Failed): boolean {
  const start = (bucket * OUTCOME_CELL_SECONDS) / 60;
  return start < to && start + OUTCOME_CELL_SECONDS / 60 > from;
}

function isOf(cell: OutcomeCell, { per, subject, direction }: Failed): boolean {
  switch (per) {
    case 'run':
      return true;
    case 'experiment':
      return cell.experiment === subject;
    case 'link':
      return cell.kind === 'transfer' && linkName(cell.source, cell.destination) === subject;
    case 'storage':
      return (direction === 'in_' ? cell.destination : cell.source) === subject;
    case 'site':
      return (direction === 'in_' ? cell.destinationSite : cell.sourceSite) === subject;
    case 'service':
      return cell.service === subject;
    case 'cache':
      return cell.cache === subject;
    case 'workflow':
      return false;
  }
}
