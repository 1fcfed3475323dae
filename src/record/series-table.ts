// The series table as Parquet: a row for each minute in which a measure of a subject was not zero.
import { closeSync, openSync, writeSync } from 'node:fs';
import { ParquetFile } from './parquet-file.ts';
import type { ParquetWorkspace } from './parquet-workspace.ts';
import { integerElement, realElement, textElement, timeElement } from './parquet-schema.ts';
import type { SeriesRows } from './writer-protocol.ts';

const MICROSECONDS_PER_MINUTE = 60_000_000;

/** Its columns in their order, as users see them (docs/run-folder.md). */
export const SERIES_ELEMENTS = [
  textElement('subject_kind'),
  textElement('subject'),
  textElement('measure'),
  integerElement('minute', 'INT32'),
  timeElement('starts_at', 'REQUIRED'),
  realElement('value'),
];

/** Writes the table piece by piece: each becomes one row group. */
export class SeriesFile {
  readonly #descriptor: number;
  readonly #startMicroseconds: number;
  readonly #file: ParquetFile;

  constructor(path: string, startMicroseconds: number, workspace: ParquetWorkspace) {
    this.#file = new ParquetFile('series', SERIES_ELEMENTS, workspace);
    this.#startMicroseconds = startMicroseconds;
    this.#descriptor = openSync(path, 'w');
  }

  write(rows: SeriesRows): void {
    const { vocabulary, minutes } = rows;
    if (minutes.length === 0) return;
    this.#file.addRows(minutes.length, [
      { is: 'numbered', ids: rows.kinds, vocabulary },
      { is: 'numbered', ids: rows.subjects, vocabulary },
      { is: 'numbered', ids: rows.measures, vocabulary },
      { is: 'small integers', values: minutes },
      {
        is: 'integers',
        at: (row) => this.#startMicroseconds + minutes[row]! * MICROSECONDS_PER_MINUTE,
      },
      { is: 'reals', values: rows.values },
    ]);
    this.#flush();
  }

  /** Ends the file; without this it is not readable. */
  finish(): void {
    this.#file.finish();
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = this.#file.take();
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
  }
}
