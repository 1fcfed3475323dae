// Writes Parquet files from columns as the recorder keeps them: numbers of texts, seconds, floats.
//
// The parts are hyparquet-writer's (page headers, run-length coding, metadata). Its own column writer takes one JavaScript value for
// each cell and finds out which come again; here that is known, and a row costs a fifth of the time and of the memory.
// Format: Apache Parquet, https://parquet.apache.org/docs/file-format/
import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, type SchemaElement } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { VERSION } from '../core/version.ts';
import type { ParquetWorkspace } from './parquet-workspace.ts';

/** `PAR1`, which starts and ends every file. */
const MAGIC = 0x31524150;
const WORD = 2 ** 32;
const NO_BYTES = new Uint8Array();

/** The values of one column in one row group. */
export type ColumnValues =
  /** Texts that come again, as numbers of a vocabulary. */
  | { readonly is: 'numbered'; readonly ids: Int32Array | Uint8Array; readonly vocabulary: readonly string[] }
  /** Texts of which most come once, as they stand in the file: a 32-bit length, then the bytes in UTF-8. */
  | { readonly is: 'texts'; readonly bytes: Uint8Array }
  /** Whole numbers that a 64-bit float holds; NaN is null, where the column may be. */
  | { readonly is: 'integers'; readonly at: (row: number) => number }
  | { readonly is: 'small integers'; readonly values: Int32Array }
  | { readonly is: 'reals'; readonly values: Float64Array };

type Metadata = Parameters<typeof writeMetadata>[1];
type RowGroup = Metadata['row_groups'][number];
type Chunk = RowGroup['columns'][number];
type Statistics = NonNullable<Chunk['meta_data']>['statistics'];

/** The encoded values of a column: what goes into its data page. */
interface Page {
  readonly encoding: 'PLAIN' | 'RLE_DICTIONARY';
  readonly bytes: Uint8Array;
  /** Definition levels, where some values are null. */
  readonly levels: Uint8Array;
  readonly nulls: number;
  readonly dictionary: { readonly bytes: Uint8Array; readonly length: number } | undefined;
  readonly statistics: Statistics;
}

/** Builds one file. What is to be written so far is taken away with `take`. */
export class ParquetFile {
  readonly #schema: readonly SchemaElement[];
  readonly #name: string;
  readonly #workspace: ParquetWorkspace;
  readonly #writer: ByteWriter;
  readonly #groups: RowGroup[] = [];
  #rows = 0;

  /** Only one file at a time may be built in a workspace. */
  constructor(name: string, schema: readonly SchemaElement[], workspace: ParquetWorkspace) {
    this.#workspace = workspace;
    this.#writer = workspace.startFile();
    this.#name = name;
    this.#schema = schema;
    this.#writer.appendUint32(MAGIC);
  }

  /** Adds a row group: the values of each column of the schema, in its order. */
  addRows(rows: number, columns: readonly ColumnValues[]): void {
    const start = this.#writer.offset;
    const chunks = this.#schema.map((element, index) => this.#addColumn(element, columns[index]!, rows));
    const uncompressed = chunks.reduce((sum, chunk) => sum + (chunk.meta_data?.total_uncompressed_size ?? 0n), 0n);
    this.#groups.push({
      columns: chunks,
      total_byte_size: uncompressed,
      num_rows: BigInt(rows),
      total_compressed_size: BigInt(this.#writer.offset - start),
    });
    this.#rows += rows;
  }

  /** Ends the file; without this it is not readable. */
  finish(): void {
    const metadata: Omit<Metadata, 'metadata_length'> = {
      version: 2,
      created_by: `full-dress-rehearsal version ${VERSION}`,
      schema: [{ name: this.#name, num_children: this.#schema.length }, ...this.#schema] as Metadata['schema'],
      num_rows: BigInt(this.#rows),
      row_groups: this.#groups,
    };
    // The library's type wants the length that it works out itself.
    writeMetadata(this.#writer, metadata as Metadata);
    this.#writer.appendUint32(MAGIC);
  }

  /** The bytes since the last call; valid until the next call of any method. */
  take(): Uint8Array {
    const bytes = this.#writer.getBytes();
    this.#writer.index = 0;
    return bytes;
  }

  #addColumn(element: SchemaElement, values: ColumnValues, rows: number): Chunk {
    const page = encodePage(this.#workspace, values, rows, element.repetition_type === 'OPTIONAL');
    const start = this.#writer.offset;
    let uncompressed = 0;
    if (page.dictionary !== undefined) {
      uncompressed += this.#addDictionary(page.dictionary.bytes, page.dictionary.length);
    }
    const dataStart = this.#writer.offset;
    uncompressed += this.#addData(page, rows);
    return {
      file_offset: BigInt(start),
      meta_data: {
        type: element.type!,
        encodings: page.dictionary === undefined ? [page.encoding] : ['PLAIN', page.encoding],
        path_in_schema: [element.name],
        codec: 'ZSTD',
        num_values: BigInt(rows),
        total_uncompressed_size: BigInt(uncompressed),
        total_compressed_size: BigInt(this.#writer.offset - start),
        data_page_offset: BigInt(dataStart),
        ...(page.dictionary === undefined ? {} : { dictionary_page_offset: BigInt(start) }),
        ...(page.statistics === undefined ? {} : { statistics: page.statistics }),
      },
    };
  }

  #addDictionary(bytes: Uint8Array, length: number): number {
    const compressed = compress(bytes);
    const start = this.#writer.offset;
    writePageHeader(this.#writer, {
      type: 'DICTIONARY_PAGE',
      uncompressed_page_size: bytes.length,
      compressed_page_size: compressed.length,
      dictionary_page_header: { num_values: length, encoding: 'PLAIN' },
    });
    const header = this.#writer.offset - start;
    this.#writer.appendBytes(compressed);
    return header + bytes.length;
  }

  #addData(page: Page, rows: number): number {
    const compressed = compress(page.bytes);
    const start = this.#writer.offset;
    writePageHeader(this.#writer, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: page.levels.length + page.bytes.length,
      compressed_page_size: page.levels.length + compressed.length,
      data_page_header_v2: {
        num_values: rows,
        num_nulls: page.nulls,
        num_rows: rows,
        encoding: page.encoding,
        definition_levels_byte_length: page.levels.length,
        repetition_levels_byte_length: 0,
        is_compressed: true,
      },
    });
    const header = this.#writer.offset - start;
    this.#writer.appendBytes(page.levels);
    this.#writer.appendBytes(compressed);
    return header + page.levels.length + page.bytes.length;
  }
}

function compress(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

function encodePage(workspace: ParquetWorkspace, values: ColumnValues, rows: number, isOptional: boolean): Page {
  switch (values.is) {
    case 'numbered':
      return numberedPage(workspace, values.ids, values.vocabulary, rows);
    case 'texts':
      return plainPage(values.bytes);
    case 'integers':
      return integerPage(workspace, values.at, rows, isOptional);
    case 'small integers':
    case 'reals':
      return plainPage(bytesOf(values.values.subarray(0, rows)));
  }
}

function plainPage(bytes: Uint8Array): Page {
  return { encoding: 'PLAIN', bytes, levels: NO_BYTES, nulls: 0, dictionary: undefined, statistics: undefined };
}

/** Numbers of the vocabulary become numbers of a dictionary of the texts that occur, in the order in which they do. */
function numberedPage(
  workspace: ParquetWorkspace,
  ids: Int32Array | Uint8Array,
  vocabulary: readonly string[],
  rows: number,
): Page {
  const places = workspace.places(vocabulary.length);
  const indexes = workspace.words(rows);
  const dictionary: string[] = [];
  for (let row = 0; row < rows; row++) {
    const id = ids[row]!;
    let place = places[id]!;
    if (place === 0) {
      dictionary.push(vocabulary[id]!);
      place = dictionary.length;
      places[id] = place;
    }
    indexes[row] = place - 1;
  }
  const writer = workspace.startPage();
  const bitWidth = dictionary.length <= 1 ? 0 : 32 - Math.clz32(dictionary.length - 1);
  writer.appendUint8(bitWidth);
  writeRleBitPackedHybrid(writer, indexes, bitWidth);
  return {
    encoding: 'RLE_DICTIONARY',
    bytes: writer.getBytes(),
    levels: NO_BYTES,
    nulls: 0,
    dictionary: { bytes: encodeTexts(dictionary), length: dictionary.length },
    statistics: undefined,
  };
}

function encodeTexts(texts: readonly string[]): Uint8Array {
  const parts: Buffer[] = [];
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeInt32LE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

/** 64-bit integers, written as two words each, which saves making a BigInt of every one. */
function integerPage(
  workspace: ParquetWorkspace,
  valueAt: (row: number) => number,
  rows: number,
  isOptional: boolean,
): Page {
  const words = workspace.words(rows * 2);
  const known = workspace.flags(rows);
  let at = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let row = 0; row < rows; row++) {
    const value = valueAt(row);
    const isKnown = Number.isSafeInteger(value);
    known[row] = isKnown ? 1 : 0;
    if (!isKnown) {
      if (isOptional && Number.isNaN(value)) continue;
      throw new Error(`internal fault: ${value} is not a whole number that can be recorded`);
    }
    if (value < min) min = value;
    if (value > max) max = value;
    const high = Math.floor(value / WORD);
    words[at++] = value - high * WORD;
    words[at++] = high;
  }
  const nulls = rows - at / 2;
  return {
    ...plainPage(bytesOf(words.subarray(0, at))),
    levels: isOptional ? encodeLevels(known) : NO_BYTES,
    nulls,
    statistics: {
      null_count: BigInt(nulls),
      ...(min <= max ? { min_value: BigInt(min), max_value: BigInt(max) } : {}),
    },
  };
}

function encodeLevels(known: Uint8Array): Uint8Array {
  const writer = new ByteWriter(64);
  writeRleBitPackedHybrid(writer, known, 1);
  return writer.getBytes();
}

/** The memory of an array as bytes: Parquet's numbers are little-endian, as every machine is that Node runs on here. */
function bytesOf(values: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
