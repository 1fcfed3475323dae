// The operations table as Parquet: its columns, and one shard of it as the bytes of a file.
import { OPERATION_KINDS, OUTCOMES } from '../core/operation.ts';
import { type BatchColumns, ERROR_SCOPES, NUMBER_COLUMNS } from './operation-batch.ts';
import { type ColumnValues, ParquetFile } from './parquet-file.ts';
import type { ParquetWorkspace } from './parquet-workspace.ts';
import { integerElement, textElement, timeElement } from './parquet-schema.ts';
import { NAME_COLUMNS, type NameColumn } from './record-names.ts';

/** A batch as the writing thread has it: its columns and everything needed to read the numbers in them. */
export interface Batch {
  readonly rows: number;
  readonly columns: BatchColumns;
  /** Bytes used of the two text columns. */
  readonly fileNameBytes: number;
  readonly datasetBytes: number;
  /** The texts that the numbers of names stand for. */
  readonly vocabulary: readonly string[];
  /** Microseconds since the epoch of the start of the run's clock. */
  readonly startMicroseconds: number;
}

/** The columns in their order, as users see them (docs/run-folder.md), and where each comes from. */
const COLUMNS = [
  { element: integerElement('id', 'INT64'), from: wholeNumbers('id') },
  { element: textElement('kind'), from: ({ columns }) => numbered(columns.kinds, OPERATION_KINDS) },
  { element: textElement('experiment'), from: names('experiment') },
  { element: textElement('workflow'), from: names('workflow') },
  { element: textElement('activity'), from: names('activity') },
  { element: textElement('scope'), from: names('scope') },
  { element: textElement('dataset'), from: (batch) => texts(batch.columns.datasets.taken(batch.datasetBytes)) },
  { element: textElement('name'), from: (batch) => texts(batch.columns.fileNames.taken(batch.fileNameBytes)) },
  { element: textElement('source'), from: names('source') },
  { element: textElement('source_site'), from: names('sourceSite') },
  { element: textElement('destination'), from: names('destination') },
  { element: textElement('destination_site'), from: names('destinationSite') },
  { element: textElement('cache'), from: names('cache') },
  { element: textElement('protocol'), from: names('protocol') },
  { element: textElement('service'), from: names('service') },
  { element: integerElement('size_bytes', 'INT64'), from: wholeNumbers('sizeBytes') },
  { element: timeElement('intended_at'), from: times('intendedAtSeconds') },
  { element: timeElement('submitted_at'), from: times('submittedAtSeconds') },
  { element: timeElement('started_at'), from: times('startedAtSeconds') },
  { element: timeElement('first_byte_at'), from: times('firstByteAtSeconds') },
  { element: timeElement('ended_at'), from: times('endedAtSeconds') },
  {
    element: integerElement('attempts', 'INT32'),
    from: ({ columns }) => ({ is: 'small integers', values: columns.attempts }),
  },
  {
    element: integerElement('ordinal', 'INT32'),
    from: ({ columns }) => ({ is: 'small integers', values: columns.ordinals }),
  },
  { element: textElement('outcome'), from: ({ columns }) => numbered(columns.outcomes, OUTCOMES) },
  { element: textElement('error_class'), from: names('errorClass') },
  { element: textElement('error_scope'), from: ({ columns }) => numbered(columns.errorScopes, ERROR_SCOPES) },
  { element: textElement('limiter'), from: names('limiter') },
] satisfies { element: ReturnType<typeof textElement>; from: ColumnSource }[];

/** Names and types of the columns. */
export const OPERATION_ELEMENTS = COLUMNS.map(({ element }) => element);

type ColumnSource = (batch: Batch) => ColumnValues;
type NumberColumn = (typeof NUMBER_COLUMNS)[number];

/** One Parquet file with one row group. */
export function encodeOperations(workspace: ParquetWorkspace, batch: Batch): Uint8Array {
  const file = new ParquetFile('operations', OPERATION_ELEMENTS, workspace);
  file.addRows(
    batch.rows,
    COLUMNS.map(({ from }: { from: ColumnSource }) => from(batch)),
  );
  file.finish();
  return file.take();
}

function numbered(ids: Uint8Array, vocabulary: readonly string[]): ColumnValues {
  return { is: 'numbered', ids, vocabulary };
}

function names(column: NameColumn): ColumnSource {
  const index = NAME_COLUMNS.indexOf(column);
  return ({ columns, vocabulary }) => ({ is: 'numbered', ids: columns.names[index]!, vocabulary });
}

function texts(bytes: Uint8Array): ColumnValues {
  return { is: 'texts', bytes };
}

function wholeNumbers(column: NumberColumn): ColumnSource {
  const index = NUMBER_COLUMNS.indexOf(column);
  return ({ columns }) => {
    const values = columns.numbers[index]!;
    return { is: 'integers', at: (row) => Math.round(values[row]!) };
  };
}

/** Seconds of the run's clock as microseconds since the epoch; what is not known or has no end stays unknown. */
function times(column: NumberColumn): ColumnSource {
  const index = NUMBER_COLUMNS.indexOf(column);
  return ({ columns, startMicroseconds }) => {
    const seconds = columns.numbers[index]!;
    return {
      is: 'integers',
      at: (row) => {
        const value = seconds[row]!;
        return Number.isFinite(value) ? startMicroseconds + Math.round(value * 1e6) : NaN;
      },
    };
  };
}
