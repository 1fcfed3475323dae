// The series table as Parquet: a row for each minute in which a measure of a subject was not zero.
import { closeSync, openSync, writeSync } from 'node:fs';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { createdBy, integerElement, realElement, textElement, timeElement } from './parquet-schema.ts';
import type { SeriesRows } from './writer-protocol.ts';

const MICROSECONDS_PER_MINUTE = 60_000_000n;

export const SERIES_SCHEMA: readonly SchemaElement[] = [
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
  readonly #startMicroseconds: bigint;
  readonly #writer = new ByteWriter(1 << 20);
  readonly #parquet: ParquetWriter;

  constructor(path: string, startMicroseconds: bigint) {
    this.#startMicroseconds = startMicroseconds;
    this.#descriptor = openSync(path, 'w');
    this.#parquet = new ParquetWriter({
      writer: this.#writer,
      schema: [{ name: 'series', num_children: SERIES_SCHEMA.length }, ...SERIES_SCHEMA],
      codec: 'SNAPPY',
      createdBy: createdBy(),
    });
  }

  write(rows: SeriesRows): void {
    const length = rows.minutes.length;
    if (length === 0) return;
    const startsAt = new BigInt64Array(length);
    for (let row = 0; row < length; row++) {
      startsAt[row] = this.#startMicroseconds + BigInt(rows.minutes[row]!) * MICROSECONDS_PER_MINUTE;
    }
    void this.#parquet.write({
      columnData: [
        { name: 'subject_kind', data: rows.kinds, statistics: true, offsetIndex: false },
        { name: 'subject', data: rows.subjects, statistics: true, offsetIndex: false },
        { name: 'measure', data: rows.measures, statistics: false, offsetIndex: false },
        { name: 'minute', data: rows.minutes, encoding: 'DELTA_BINARY_PACKED', statistics: false, offsetIndex: false },
        { name: 'starts_at', data: startsAt, statistics: false, offsetIndex: false },
        { name: 'value', data: rows.values, encoding: 'PLAIN', statistics: false, offsetIndex: false },
      ],
      rowGroupSize: length,
      pageSize: 1 << 24,
    });
    this.#flush();
  }

  /** Ends the file; without this it is not readable. */
  finish(): void {
    void this.#parquet.finish();
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = this.#writer.getBytes();
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
    this.#writer.index = 0;
  }
}
