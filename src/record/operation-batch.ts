// One shard's operations as columns in memory that two threads share: the run's thread fills it, the writing thread empties it.
import { OUTCOMES, type ErrorScope, type OperationRecord } from '../core/operation.ts';
import { NAME_COLUMNS, type RecordNames } from './record-names.ts';

/** Rows of a shard file, which is one row group: enough for columns to compress well, few enough to be lost by a killed run. */
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

const FLOAT_BYTES = NUMBER_COLUMNS.length * SHARD_ROWS * 8;
const INTEGER_BYTES = (NAME_COLUMNS.length + 1) * SHARD_ROWS * 4;
const SMALL_BYTES = 3 * SHARD_ROWS;

/** The columns of a batch, over shared memory of `BatchColumns.byteLength` bytes. */
export class BatchColumns {
  static readonly byteLength = FLOAT_BYTES + INTEGER_BYTES + SMALL_BYTES;
  /** By the order of `NUMBER_COLUMNS`. */
  readonly numbers: readonly Float64Array[];
  /** By the order of `NAME_COLUMNS`: numbers of texts. */
  readonly names: readonly Int32Array[];
  readonly attempts: Int32Array;
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
    const small = (index: number): Uint8Array =>
      new Uint8Array(memory, FLOAT_BYTES + INTEGER_BYTES + index * SHARD_ROWS, SHARD_ROWS);
    this.kinds = small(0);
    this.outcomes = small(1);
    this.errorScopes = small(2);
  }
}

/** Texts of a batch that hardly come again, so that giving them numbers would only cost memory. */
export interface BatchTexts {
  readonly names: string[];
  readonly datasets: string[];
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
  columns.attempts[row] = record.attempts;
  columns.kinds[row] = names.kind;
  columns.outcomes[row] = OUTCOME_NUMBERS.get(record.outcome)!;
  columns.errorScopes[row] = SCOPE_NUMBERS.get(record.errorScope)!;
}
