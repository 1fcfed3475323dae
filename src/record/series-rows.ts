// The rows of the series table, in pieces, sorted by subject and measure so that they compress well and are read in one go.
import type { AggregateBuilder } from './aggregate-builder.ts';
import { Interner } from './interner.ts';
import { SUBJECT_KINDS } from './subject-sums.ts';
import type { SeriesRows } from './writer-protocol.ts';

/** Rows of one piece, which is one row group of series.parquet. */
const PIECE_ROWS = 100_000;

/** All minutes that hold something. The last piece is marked, and is empty where there is nothing. */
export function* seriesRows(aggregate: AggregateBuilder): Generator<{ rows: SeriesRows; isLast: boolean }> {
  let piece = new Piece(aggregate.minutes);
  for (const kind of SUBJECT_KINDS) {
    for (const subject of aggregate.subjects(kind)) {
      for (const measure of aggregate.measures(kind, subject)) {
        piece.name(kind, subject, measure);
        aggregate.minuteSeries(kind, subject, measure)!.forEach((minute, value) => piece.add(minute, value));
        if (piece.length < PIECE_ROWS) continue;
        yield { rows: piece.rows(), isLast: false };
        piece = new Piece(aggregate.minutes);
      }
    }
  }
  yield { rows: piece.rows(), isLast: true };
}

class Piece {
  readonly #vocabulary = new Interner();
  readonly #kinds: Int32Array;
  readonly #subjects: Int32Array;
  readonly #measures: Int32Array;
  readonly #minutes: Int32Array;
  readonly #values: Float64Array;
  #kind = 0;
  #subject = 0;
  #measure = 0;
  #length = 0;

  /** The series that fills a piece may run over by its minutes. */
  constructor(minutes: number) {
    const room = PIECE_ROWS + minutes;
    this.#kinds = new Int32Array(room);
    this.#subjects = new Int32Array(room);
    this.#measures = new Int32Array(room);
    this.#minutes = new Int32Array(room);
    this.#values = new Float64Array(room);
  }

  get length(): number {
    return this.#length;
  }

  /** Says of whom and what the next rows are. */
  name(kind: string, subject: string, measure: string): void {
    this.#kind = this.#vocabulary.id(kind);
    this.#subject = this.#vocabulary.id(subject);
    this.#measure = this.#vocabulary.id(measure);
  }

  add(minute: number, value: number): void {
    const row = this.#length++;
    this.#kinds[row] = this.#kind;
    this.#subjects[row] = this.#subject;
    this.#measures[row] = this.#measure;
    this.#minutes[row] = minute;
    this.#values[row] = value;
  }

  rows(): SeriesRows {
    const length = this.#length;
    return {
      vocabulary: this.#vocabulary.texts,
      kinds: this.#kinds.subarray(0, length),
      subjects: this.#subjects.subarray(0, length),
      measures: this.#measures.subarray(0, length),
      minutes: this.#minutes.subarray(0, length),
      values: this.#values.subarray(0, length),
    };
  }
}
