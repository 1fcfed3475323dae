// Tells apart the time that a day takes to pass and the time that its recording takes.
import type { OperationRecord } from '../core/operation.ts';
import type { RecordSink, SubjectKind } from '../core/sink.ts';
import { monotonicSeconds } from './clock.ts';

/** Passes everything on to another sink and adds up how long that takes. */
export class TimedSink implements RecordSink {
  readonly #sink: RecordSink;
  /** Seconds spent in the other sink so far. */
  seconds = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  operation(record: OperationRecord): void {
    const startedSeconds = monotonicSeconds();
    this.#sink.operation(record);
    this.seconds += monotonicSeconds() - startedSeconds;
  }

  sample(minute: number, kind: SubjectKind, subject: string, measure: string, value: number): void {
    const startedSeconds = monotonicSeconds();
    this.#sink.sample(minute, kind, subject, measure, value);
    this.seconds += monotonicSeconds() - startedSeconds;
  }
}
