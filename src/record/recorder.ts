// The recorder: takes what a back end reports, adds it up in memory and streams it to the run folder.
import type { OperationRecord } from '../core/operation.ts';
import type { RecordSink, SubjectKind } from '../core/sink.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { AggregateBuilder } from './aggregate-builder.ts';
import { BackgroundWriter } from './background-writer.ts';
import { putRecord, SHARD_ROWS, type BatchColumns } from './operation-batch.ts';
import { RecordNames } from './record-names.ts';
import { seriesRows } from './series-rows.ts';

/** Takes records while a run goes on. Its memory does not grow with their number. */
export interface Recorder extends RecordSink {
  /** What the run came to so far. */
  readonly aggregate: AggregateBuilder;
  /** How many operations were recorded. */
  readonly operations: number;
  /**
   * Writes what is left and the series, and waits until all is on disk. To be called once, also after a run that failed
   * or was stopped: what was recorded is then complete. Throws an `FdrError` where something could not be written.
   */
  close(): Promise<void>;
}

/**
 * Opens a recorder on a run folder. Its calls throw an `FdrError` (`disk-full`, `not-written`) once writing has failed;
 * the files written before that stay readable.
 */
export async function openRecorder(
  folder: { readonly path: string },
  options: { readonly checked: CheckedScenario },
): Promise<Recorder> {
  const { clock } = options.checked.scenario;
  const writer = new BackgroundWriter(folder.path, clock.start.getTime() * 1000);
  await writer.started();
  return new FolderRecorder(writer, clock.durationSeconds);
}

class FolderRecorder implements Recorder {
  readonly aggregate: AggregateBuilder;
  readonly #writer: BackgroundWriter;
  readonly #recordNames = new RecordNames();
  #columns: BatchColumns;
  #rows = 0;
  #flushed = 0;
  #textsSent = 0;
  #closed = false;

  constructor(writer: BackgroundWriter, durationSeconds: number) {
    this.#writer = writer;
    this.#columns = writer.current;
    this.aggregate = new AggregateBuilder(durationSeconds, this.#recordNames);
  }

  get operations(): number {
    return this.#flushed + this.#rows;
  }

  operation(record: OperationRecord): void {
    this.#recordNames.read(record);
    this.aggregate.add(record);
    putRecord(this.#columns, this.#rows, record, this.#recordNames);
    this.#rows++;
    if (this.#rows === SHARD_ROWS || !this.#columns.fileNames.hasRoom || !this.#columns.datasets.hasRoom) this.#flush();
  }

  sample(minute: number, kind: SubjectKind, subject: string, measure: string, value: number): void {
    this.aggregate.sample(minute, kind, subject, measure, value);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      // A run without operations has a table all the same: one without rows.
      if (this.#rows > 0 || this.#flushed === 0) this.#flush();
      for (const { rows, isLast } of seriesRows(this.aggregate)) this.#writer.writeSeries(rows, isLast);
    } finally {
      await this.#writer.end();
    }
  }

  #flush(): void {
    const { texts } = this.#recordNames.interner;
    const newTexts = texts.slice(this.#textsSent);
    this.#textsSent = texts.length;
    const rows = this.#rows;
    this.#flushed += rows;
    this.#rows = 0;
    this.#writer.writeOperations(rows, newTexts);
    this.#columns = this.#writer.current;
  }
}
