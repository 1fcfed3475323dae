// The operations table as Parquet: its columns, and one shard of it as the bytes of a file.
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { OPERATION_KINDS, OUTCOMES } from '../core/operation.ts';
import { type BatchColumns, type BatchTexts, ERROR_SCOPES, NUMBER_COLUMNS } from './operation-batch.ts';
import { createdBy, integerElement, textElement, timeElement } from './parquet-schema.ts';
import { NAME_COLUMNS, type NameColumn } from './record-names.ts';

/** The columns in their order, as users see them (docs/run-folder.md). */
export const OPERATION_SCHEMA: readonly SchemaElement[] = [
  integerElement('id', 'INT64'),
  textElement('kind'),
  textElement('experiment'),
  textElement('workflow'),
  textElement('activity'),
  textElement('scope'),
  textElement('dataset'),
  textElement('name'),
  textElement('source'),
  textElement('source_site'),
  textElement('destination'),
  textElement('destination_site'),
  textElement('cache'),
  textElement('protocol'),
  textElement('service'),
  integerElement('size_bytes', 'INT64'),
  timeElement('intended_at'),
  timeElement('submitted_at'),
  timeElement('started_at'),
  timeElement('first_byte_at'),
  timeElement('ended_at'),
  integerElement('attempts', 'INT32'),
  textElement('outcome'),
  textElement('error_class'),
  textElement('error_scope'),
  textElement('limiter'),
];

type ColumnValues = string[] | Int32Array | BigInt64Array | (bigint | null)[];

/** A batch as the writing thread has it: its columns and everything needed to read the numbers in them. */
export interface Batch {
  readonly rows: number;
  readonly columns: BatchColumns;
  readonly texts: BatchTexts;
  /** The texts that the numbers of names stand for. */
  readonly vocabulary: readonly string[];
  /** Microseconds since the epoch of the start of the run's clock. */
  readonly startMicroseconds: bigint;
}

/** One Parquet file with one row group. */
export function encodeOperations(batch: Batch): Uint8Array {
  const writer = new ByteWriter(1 << 20);
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: 'operations', num_children: OPERATION_SCHEMA.length }, ...OPERATION_SCHEMA],
    codec: 'SNAPPY',
    createdBy: createdBy(),
  });
  const columnData = OPERATION_SCHEMA.map((element) => {
    const data = columnValues(batch, element.name);
    const isPlain = element.type === 'INT64';
    return {
      name: element.name,
      data,
      // Times and sizes hardly come twice; looking for what does would cost more than it saves.
      ...(isPlain ? { encoding: 'PLAIN' as const } : {}),
      statistics: isPlain,
      offsetIndex: false,
    };
  });
  // With a writer to memory nothing is asynchronous.
  void parquet.write({ columnData, rowGroupSize: batch.rows, pageSize: 1 << 24 });
  void parquet.finish();
  return writer.getBytes();
}

function columnValues(batch: Batch, name: string): ColumnValues {
  const { columns, rows, texts } = batch;
  switch (name) {
    case 'id':
    case 'size_bytes':
      return wholeNumbers(numberColumn(batch, camelCase(name)), rows);
    case 'intended_at':
    case 'submitted_at':
    case 'started_at':
    case 'first_byte_at':
    case 'ended_at':
      return times(numberColumn(batch, `${camelCase(name)}Seconds`), rows, batch.startMicroseconds);
    case 'attempts':
      return columns.attempts.slice(0, rows);
    case 'kind':
      return textsOf(columns.kinds, rows, OPERATION_KINDS);
    case 'outcome':
      return textsOf(columns.outcomes, rows, OUTCOMES);
    case 'error_scope':
      return textsOf(columns.errorScopes, rows, ERROR_SCOPES);
    case 'name':
      return texts.names;
    case 'dataset':
      return texts.datasets;
    default:
      return textsOf(columns.names[NAME_COLUMNS.indexOf(camelCase(name) as NameColumn)]!, rows, batch.vocabulary);
  }
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function numberColumn(batch: Batch, name: string): Float64Array {
  return batch.columns.numbers[(NUMBER_COLUMNS as readonly string[]).indexOf(name)]!;
}

function textsOf(ids: Int32Array | Uint8Array, rows: number, texts: readonly string[]): string[] {
  const values = new Array<string>(rows);
  for (let row = 0; row < rows; row++) values[row] = texts[ids[row]!]!;
  return values;
}

function wholeNumbers(values: Float64Array, rows: number): BigInt64Array {
  const whole = new BigInt64Array(rows);
  for (let row = 0; row < rows; row++) whole[row] = BigInt(Math.round(values[row]!));
  return whole;
}

/** Seconds of the run's clock as microseconds since the epoch; unknown times are null. */
function times(seconds: Float64Array, rows: number, startMicroseconds: bigint): (bigint | null)[] {
  const values = new Array<bigint | null>(rows);
  for (let row = 0; row < rows; row++) {
    const value = seconds[row]!;
    values[row] = !Number.isFinite(value) ? null : startMicroseconds + BigInt(Math.round(value * 1e6));
  }
  return values;
}
