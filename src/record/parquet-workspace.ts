// Memory that is used again for every page of every file, so that writing leaves little to be collected.
import { ByteWriter } from 'hyparquet-writer';

export class ParquetWorkspace {
  readonly #file = new ByteWriter(1 << 20);
  readonly #page = new ByteWriter(1 << 16);
  #words = new Int32Array(0);
  #places = new Int32Array(0);
  #flags = new Uint8Array(0);

  /** A writer for a file, empty; the one before is gone. */
  startFile(): ByteWriter {
    return emptied(this.#file);
  }

  /** A writer for a page, empty; the one before is gone. */
  startPage(): ByteWriter {
    return emptied(this.#page);
  }

  /** Words of unknown value; the ones before are gone. */
  words(length: number): Int32Array {
    if (this.#words.length < length) this.#words = new Int32Array(length);
    return this.#words.subarray(0, length);
  }

  /** Words that are all zero; the ones before are gone. */
  places(length: number): Int32Array {
    if (this.#places.length < length) this.#places = new Int32Array(2 * length);
    return this.#places.subarray(0, length).fill(0);
  }

  /** Bytes of unknown value; the ones before are gone. */
  flags(length: number): Uint8Array {
    if (this.#flags.length < length) this.#flags = new Uint8Array(length);
    return this.#flags.subarray(0, length);
  }
}

function emptied(writer: ByteWriter): ByteWriter {
  writer.index = 0;
  writer.offset = 0;
  return writer;
}
