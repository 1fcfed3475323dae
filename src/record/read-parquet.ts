// Reads columns of the Parquet files of a run folder, one row group after the other.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { type AsyncBuffer, type DecodedArray, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { FdrError } from '../core/errors.ts';

/** The columns asked for, of the rows of one row group. */
export interface ColumnPiece {
  readonly rows: number;
  /** Texts as strings, whole numbers of 64 bits as BigInts, times as Dates, the others as numbers; null where not known. */
  readonly columns: Readonly<Record<string, DecodedArray>>;
}

/** Reads a file piece by piece. Throws an `FdrError` where it is damaged. */
export async function* readColumns(path: string, columns: readonly string[]): AsyncGenerator<ColumnPiece> {
  const descriptor = openSync(path, 'r');
  try {
    const file = fileBuffer(descriptor);
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rows = Number(group.num_rows);
      const found: Record<string, DecodedArray> = {};
      await parquetRead({
        file,
        metadata,
        columns: [...columns],
        rowStart,
        rowEnd: rowStart + rows,
        compressors: { ZSTD: (input) => zstdDecompressSync(input) },
        // Each column of a row group is one page, and so comes in one piece.
        onChunk: ({ columnName, columnData }) => {
          found[columnName] = columnData;
        },
      });
      yield { rows, columns: found };
      rowStart += rows;
    }
  } catch (error) {
    if (error instanceof FdrError) throw error;
    throw new FdrError('run-damaged', `${path} cannot be read: ${error instanceof Error ? error.message : ''}`, {
      hint: 'the file is damaged; run the scenario again',
      cause: error,
    });
  } finally {
    closeSync(descriptor);
  }
}

function fileBuffer(descriptor: number): AsyncBuffer {
  const { size } = fstatSync(descriptor);
  return {
    byteLength: size,
    slice: (start, end = size) => {
      const bytes = new Uint8Array(end - start);
      readSync(descriptor, bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
}
