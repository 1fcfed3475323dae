// One shard's operations as columns in memory that two threads share: the run's thread fills it, the writing thread empties it.
import { OUTCOMES, type ErrorScope, type OperationRecord } from '../core/operation.ts';
import { NAME_COLUMNS, type RecordNames } from './record-names.ts';

/** Most rows of a shard file, which is one row group: enough for columns to compress well, few enough to be lost by a killed run. */
export const SHARD_ROWS = 50_000;

export const NUMBER_COLUMNS = [
  'id',
  'sizeBytes',
  'intendedAtSeconds',
  'submittedAtSeconds',
  'startedAtSeconds',
  'firstByteAtSeconds',
  'endedAtSeconds',
] as const;

export const ERROR_SCOPES: readonly ErrorScope[] = ['', 'source', 'destination', 'network', 'service', 'client'];

const OUTCOME_NUMBERS = new Map<string, number>(OUTCOMES.map((outcome, index) => [outcome, index]));
const SCOPE_NUMBERS = new Map<string, number>(ERROR_SCOPES.map((scope, index) => [scope, index]));

/** Room for the texts of one text column: 80 bytes a row. A batch whose texts fill it is handed over with fewer rows. */
const TEXT_BYTES = 80 * SHARD_ROWS;
/** A name that takes more than this is cut: storages and catalogues refuse such names long before. */
const LONGEST_TEXT = 4096;

const FLOAT_BYTES = NUMBER_COLUMNS.length * SHARD_ROWS * 8;
const INTEGER_BYTES = (NAME_COLUMNS.length + 2) * SHARD_ROWS * 4;
const SMALL_BYTES = 3 * SHARD_ROWS;

/** The columns of a batch, over shared memory of `BatchColumns.byteLength` bytes. */
export class BatchColumns {
  static readonly byteLength = FLOAT_BYTES + INTEGER_BYTES + 2 * TEXT_BYTES + SMALL_BYTES;
  /** By the order of `NUMBER_COLUMNS`. */
  readonly numbers: readonly Float64Array[];
  /** By the order of `NAME_COLUMNS`: numbers of texts. */
  readonly names: readonly Int32Array[];
  readonly attempts: Int32Array;
  readonly ordinals: Int32Array;
  /** Texts that hardly come again, so that giving them numbers would only cost memory. */
  readonly fileNames: TextColumn;
  readonly datasets: TextColumn;
  /** Places in `OPERATION_KINDS`. */
  readonly kinds: Uint8Array;
  /** Places in `OUTCOMES`. */
  readonly outcomes: Uint8Array;
  /** Places in `ERROR_SCOPES`. */
  readonly errorScopes: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.numbers = NUMBER_COLUMNS.map((_, index) => new Float64Array(memory, index * SHARD_ROWS * 8, SHARD_ROWS));
    const integers = (index: number): Int32Array =>
      new Int32Array(memory, FLOAT_BYTES + index * SHARD_ROWS * 4, SHARD_ROWS);
    this.names = NAME_COLUMNS.map((_, index) => integers(index));
    this.attempts = integers(NAME_COLUMNS.length);
    this.ordinals = integers(NAME_COLUMNS.length + 1);
    const textStart = FLOAT_BYTES + INTEGER_BYTES;
    this.fileNames = new TextColumn(Buffer.from(memory, textStart, TEXT_BYTES));
    this.datasets = new TextColumn(Buffer.from(memory, textStart + TEXT_BYTES, TEXT_BYTES));
    const small = (index: number): Uint8Array =>
      new Uint8Array(memory, textStart + 2 * TEXT_BYTES + index * SHARD_ROWS, SHARD_ROWS);
    this.kinds = small(0);
    this.outcomes = small(1);
    this.errorScopes = small(2);
  }
}

/** Texts one after the other as Parquet wants them: a 32-bit length, then the bytes in UTF-8. */
export class TextColumn {
  readonly #bytes: Buffer;
  /** Bytes used. */
  length = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Whether any text may be added. */
  get hasRoom(): boolean {
    return this.length + 4 + LONGEST_TEXT <= this.#bytes.length;
  }

  add(text: string): void {
    const bytes = this.#bytes;
    const start = this.length + 4;
    let at = start;
    const end = start + Math.min(text.length, LONGEST_TEXT);
    while (at < end) {
      const code = text.charCodeAt(at - start);
      if (code >= 0x80) break;
      bytes[at++] = code;
    }
    // Beyond ASCII a character takes more than one byte. Nearly no name has any, and then this loop is the quickest way.
    if (at < end) at = start + bytes.write(text, start, LONGEST_TEXT);
    bytes.writeInt32LE(at - start, this.length);
    this.length = at;
  }

  /** The bytes of the texts added, or of the first `length` bytes that somebody else added. */
  taken(length: number): Uint8Array {
    return this.#bytes.subarray(0, length);
  }
}

/** Puts a record, whose names were read last, into a row. */
export function putRecord(columns: BatchColumns, row: number, record: OperationRecord, names: RecordNames): void {
  const { numbers } = columns;
  numbers[0]![row] = record.id;
  numbers[1]![row] = record.sizeBytes;
  numbers[2]![row] = record.intendedAtSeconds;
  numbers[3]![row] = record.submittedAtSeconds;
  numbers[4]![row] = record.startedAtSeconds;
  numbers[5]![row] = record.firstByteAtSeconds;
  numbers[6]![row] = record.endedAtSeconds;
  for (let column = 0; column < NAME_COLUMNS.length; column++) columns.names[column]![row] = names.ids[column]!;
  columns.fileNames.add(record.name);
  columns.datasets.add(record.dataset);
  columns.attempts[row] = record.attempts;
  columns.ordinals[row] = record.ordinal;
  columns.kinds[row] = names.kind;
  columns.outcomes[row] = OUTCOME_NUMBERS.get(record.outcome)!;
  columns.errorScopes[row] = SCOPE_NUMBERS.get(record.errorScope)!;
}
