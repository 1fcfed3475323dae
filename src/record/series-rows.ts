// The rows of the series table, in pieces, sorted by subject and measure so that they compress well and are read in one go.
import type { AggregateBuilder } from './aggregate-builder.ts';
import { SUBJECT_KINDS } from './subject-sums.ts';
import type { SeriesRows } from './writer-protocol.ts';

/** Rows of one piece, which is one row group of series.parquet. */
const PIECE_ROWS = 100_000;

/** All minutes that hold something. The last piece is marked, and is empty where there is nothing. */
export function* seriesRows(aggregate: AggregateBuilder): Generator<{ rows: SeriesRows; isLast: boolean }> {
  let piece = new Piece();
  for (const kind of SUBJECT_KINDS) {
    for (const subject of aggregate.subjects(kind)) {
      for (const measure of aggregate.measures(kind, subject)) {
        aggregate.minuteSeries(kind, subject, measure)!.forEach((minute, value) => {
          piece.add(kind, subject, measure, minute, value);
        });
        if (piece.length < PIECE_ROWS) continue;
        yield { rows: piece.rows(), isLast: false };
        piece = new Piece();
      }
    }
  }
  yield { rows: piece.rows(), isLast: true };
}

class Piece {
  readonly #kinds: string[] = [];
  readonly #subjects: string[] = [];
  readonly #measures: string[] = [];
  readonly #minutes: number[] = [];
  readonly #values: number[] = [];

  get length(): number {
    return this.#minutes.length;
  }

  add(kind: string, subject: string, measure: string, minute: number, value: number): void {
    this.#kinds.push(kind);
    this.#subjects.push(subject);
    this.#measures.push(measure);
    this.#minutes.push(minute);
    this.#values.push(value);
  }

  rows(): SeriesRows {
    return {
      kinds: this.#kinds,
      subjects: this.#subjects,
      measures: this.#measures,
      minutes: Int32Array.from(this.#minutes),
      values: Float64Array.from(this.#values),
    };
  }
}
