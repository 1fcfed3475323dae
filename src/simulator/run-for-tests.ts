// Runs a small scenario for a test and keeps all that it records.
import type { OperationRecord } from '../core/operation.ts';
import type { RecordSink, SubjectKind } from '../core/sink.ts';
import { compilePlan } from '../plan/compile.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { simulate } from './simulate.ts';

interface Sample {
  readonly minute: number;
  readonly kind: SubjectKind;
  readonly subject: string;
  readonly measure: string;
  readonly value: number;
}

export class Notes implements RecordSink {
  readonly operations: OperationRecord[] = [];
  readonly samples: Sample[] = [];

  operation(record: OperationRecord): void {
    this.operations.push({ ...record, books: record.books.map((entry) => ({ ...entry })) });
  }

  sample(minute: number, kind: SubjectKind, subject: string, measure: string, value: number): void {
    this.samples.push({ minute, kind, subject, measure, value });
  }

  /** The measure in the last minute of the run; a measure that is left out is zero. */
  last(subject: string, measure: string): number {
    const minute = this.samples.at(-1)!.minute;
    const found = this.samples.findLast(
      (sample) => sample.minute === minute && sample.subject === subject && sample.measure === measure,
    );
    return found?.value ?? 0;
  }

  of(kind: string, outcome = 'ok'): OperationRecord[] {
    return this.operations.filter((operation) => operation.kind === kind && operation.outcome === outcome);
  }
}

export async function run(checked: CheckedScenario): Promise<Notes> {
  const notes = new Notes();
  await simulate(checked, compilePlan(checked), notes);
  return notes;
}
