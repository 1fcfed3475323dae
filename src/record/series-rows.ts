// The rows of the series table, in pieces, sorted by subject and measure so that they compress well and are read in one go.
import type { AggregateBuilder } from './aggregate-builder.ts';
import { Interner } from './interner.ts';
import type { MinuteValues } from './minute-series.ts';
import { SUBJECT_KINDS } from './subject-sums.ts';
import type { SeriesRows } from './writer-protocol.ts';

/** Rows of one piece, which is one row group of series.parquet. */
const PIECE_ROWS = 100_000;

/** All minutes that hold something. The last piece is marked, and is empty where there is nothing. */
export function* seriesRows(aggregate: AggregateBuilder): Generator<{ rows: SeriesRows; isLast: boolean }> {
  let piece = new Piece(aggregate.minutes);
  for (const kind of SUBJECT_KINDS) {
    for (const subject of aggregate.subjects(kind)) {
      for (const [measure, series] of aggregate.allSeries(kind, subject)) {
        piece.add(kind, subject, measure, series);
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

  add(kind: string, subject: string, measure: string, series: MinuteValues): void {
    const from = this.#length;
    const to = series.copyTo(this.#minutes, this.#values, from);
    this.#kinds.fill(this.#vocabulary.id(kind), from, to);
    this.#subjects.fill(this.#vocabulary.id(subject), from, to);
    this.#measures.fill(this.#vocabulary.id(measure), from, to);
    this.#length = to;
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
