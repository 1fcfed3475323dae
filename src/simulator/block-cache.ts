// A block cache in front of remote storage (XCache): what it holds of each file, and what it throws out.
//
// Reads take blocks at random places of a file, so a file is known by how many of its blocks are here: of a read of
// n blocks the same share is a hit, and of the others each is new. Files are purged whole, those read longest ago
// first, from the high watermark down to the low one, as XCache does it.
import type { Cache } from '../lake/lake.ts';

interface CachedFile {
  bytes: number;
}

export interface CacheRead {
  readonly hitBytes: number;
  readonly missBytes: number;
}

export class BlockCache {
  readonly #definition: Cache;
  /** By file key; the first is the one that was read longest ago. */
  readonly #files = new Map<number, CachedFile>();
  #usedBytes = 0;

  constructor(definition: Cache) {
    this.#definition = definition;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * Reads `readBytes` of a file of `sizeBytes` and says what of it was here. What was not is here from now on: a
   * second reader of a block that is being fetched waits for it with the first. With `keeps` false (a full disk), what
   * was not here is fetched and not kept.
   */
  read(key: number, sizeBytes: number, readBytes: number, keeps = true): CacheRead {
    const block = this.#definition.blockBytes;
    const wanted = Math.min(sizeBytes, Math.ceil(readBytes / block) * block);
    const file = this.#files.get(key) ?? { bytes: 0 };
    const hitBytes = Math.round((wanted * file.bytes) / sizeBytes);
    const missBytes = wanted - hitBytes;
    this.#files.delete(key);
    this.#files.set(key, file);
    if (keeps) {
      file.bytes += missBytes;
      this.#usedBytes += missBytes;
      this.#purge();
    }
    return { hitBytes, missBytes };
  }

  /** Takes back what a read was going to bring, since its fetch failed. */
  lose(key: number, bytes: number): void {
    const file = this.#files.get(key);
    if (file === undefined) return;
    const lost = Math.min(bytes, file.bytes);
    file.bytes -= lost;
    this.#usedBytes -= lost;
  }

  #purge(): void {
    const { capacityBytes, highWatermark, lowWatermark } = this.#definition;
    if (this.#usedBytes <= capacityBytes * highWatermark) return;
    for (const [key, file] of this.#files) {
      if (this.#usedBytes <= capacityBytes * lowWatermark) return;
      this.#files.delete(key);
      this.#usedBytes -= file.bytes;
    }
  }
}
