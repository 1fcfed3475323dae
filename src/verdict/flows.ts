// A subject's flows of work: what went through it, one by direction where it has two.
import type { SubjectKind } from '../core/sink.ts';
import type { RunAggregate } from '../record/aggregate.ts';
import type { ExpectationSubject } from '../scenario/scenario.ts';

export interface Flow {
  readonly direction: '' | 'in_' | 'out_';
  /** Which flow it is, for readers; empty where there is only one. */
  readonly note: string;
  /** A measure by minute of the run, or undefined where nothing was recorded. */
  series(measure: string): Float64Array | undefined;
}

/**
 * Sites and storages have two flows, each judged on its own: one that takes everything in and gives nothing out does not
 * pass on the mean. The run's flow is that of all its experiments.
 */
export function flowsOf(aggregate: RunAggregate, per: ExpectationSubject, subject: string): Flow[] {
  switch (per) {
    case 'site':
    case 'storage':
      return [
        directedFlow(aggregate, per, subject, 'in_', 'as destination'),
        directedFlow(aggregate, per, subject, 'out_', 'as source'),
      ];
    case 'run':
      return [{ direction: '', note: '', series: (measure) => sumOfExperiments(aggregate, measure) }];
    case 'link':
    case 'experiment':
    case 'workflow':
    case 'service':
    case 'cache':
      return [{ direction: '', note: '', series: (measure) => aggregate.series(per, subject, measure) }];
  }
}

function directedFlow(
  aggregate: RunAggregate,
  kind: SubjectKind,
  subject: string,
  direction: 'in_' | 'out_',
  note: string,
): Flow {
  return { direction, note, series: (measure) => aggregate.series(kind, subject, `${direction}${measure}`) };
}

function sumOfExperiments(aggregate: RunAggregate, measure: string): Float64Array | undefined {
  let total: Float64Array | undefined;
  for (const name of aggregate.subjects('experiment')) {
    const values = aggregate.series('experiment', name, measure);
    if (values === undefined) continue;
    total ??= new Float64Array(aggregate.minutes);
    for (let minute = 0; minute < total.length; minute++) total[minute]! += values[minute]!;
  }
  return total;
}
