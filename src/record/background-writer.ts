// The run's side of the writing thread: hands over batches, and waits where the thread has fallen too far behind.
import { once } from 'node:events';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { FdrError } from '../core/errors.ts';
import { BatchColumns } from './operation-batch.ts';
import {
  FAILED,
  HANDLED,
  type SeriesRows,
  type WriterFault,
  type WriterRequest,
  type WriterStart,
} from './writer-protocol.ts';

/** Batches of which one is filled while the others are written: what bounds the memory. */
const SLOTS = 3;
/** A thread that does not handle one request in this time has died. */
const PATIENCE_MILLISECONDS = 120_000;

export class BackgroundWriter {
  readonly #folder: string;
  readonly #worker: Worker;
  readonly #state: Int32Array;
  readonly #faults: MessagePort;
  readonly #slots: readonly BatchColumns[];
  #posted = 0;
  #batches = 0;
  #broken: Error | undefined;

  constructor(folder: string, startMicroseconds: number) {
    this.#folder = folder;
    const memory = Array.from({ length: SLOTS }, () => new SharedArrayBuffer(BatchColumns.byteLength));
    this.#slots = memory.map((piece) => new BatchColumns(piece));
    const state = new SharedArrayBuffer(8);
    this.#state = new Int32Array(state);
    const { port1, port2 } = new MessageChannel();
    this.#faults = port1;
    const data: WriterStart = { folder, startMicroseconds, slots: memory, state, faults: port2 };
    // The thread's file has the ending that this one has: .ts in the sources, .js where they are published.
    const file = import.meta.url.endsWith('.ts') ? './writing-thread.ts' : './writing-thread.js';
    // Options of this process, such as those of a debugger or of --eval, are not for the thread.
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData: data,
      transferList: [port2],
      execArgv: [],
    });
    this.#worker.on('error', (error) => {
      this.#broken ??= error instanceof Error ? error : new Error(String(error));
    });
    port1.unref();
  }

  /** Waits until the thread is ready to write. Throws where it cannot be started. */
  async started(): Promise<void> {
    await once(this.#worker, 'message');
    // A run that ends by an exception does not have to wait for its files.
    this.#worker.unref();
  }

  /** The batch to fill now. */
  get current(): BatchColumns {
    return this.#slots[this.#batches % SLOTS]!;
  }

  /** Hands the current batch over and makes the next one current, once it is free. Throws where an earlier one failed. */
  writeOperations(rows: number, newTexts: readonly string[]): void {
    const slot = this.#batches % SLOTS;
    const { fileNames, datasets } = this.current;
    this.#post({
      write: 'operations',
      shard: this.#batches,
      slot,
      rows,
      newTexts,
      fileNameBytes: fileNames.length,
      datasetBytes: datasets.length,
    });
    fileNames.length = 0;
    datasets.length = 0;
    this.#batches++;
    this.#waitUntilAtMost(SLOTS - 1);
  }

  writeSeries(rows: SeriesRows, isLast: boolean): void {
    const memory = [rows.kinds, rows.subjects, rows.measures, rows.minutes, rows.values].map(({ buffer }) => buffer);
    this.#post({ write: 'series', rows, isLast }, memory as ArrayBuffer[]);
    this.#waitUntilAtMost(SLOTS - 1);
  }

  /** Waits until everything is written and ends the thread. Throws where something could not be written. */
  async end(): Promise<void> {
    const exited = new Promise<void>((done) => {
      this.#worker.once('exit', () => done());
    });
    this.#worker.ref();
    this.#worker.postMessage({ write: 'end' } satisfies WriterRequest);
    await exited;
    this.#throwFault();
    this.#faults.close();
  }

  #post(request: WriterRequest, transferred: readonly ArrayBuffer[] = []): void {
    this.#throwFault();
    this.#posted++;
    this.#worker.postMessage(request, transferred);
  }

  /** Waits until at most so many requests are under way. */
  #waitUntilAtMost(allowed: number): void {
    for (;;) {
      const handled = Atomics.load(this.#state, HANDLED);
      if (this.#posted - handled <= allowed) break;
      if (Atomics.wait(this.#state, HANDLED, handled, PATIENCE_MILLISECONDS) === 'timed-out') {
        throw new Error('internal fault: the thread that writes the run folder has stopped');
      }
    }
    this.#throwFault();
  }

  #throwFault(): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (Atomics.load(this.#state, FAILED) === 0) return;
    const received = receiveMessageOnPort(this.#faults);
    if (received !== undefined) this.#broken = writeError(this.#folder, received.message as WriterFault);
    throw this.#broken ?? new Error('internal fault: the thread that writes the run folder failed without a reason');
  }
}

/** The error of a file that could not be written. */
function writeError(folder: string, fault: WriterFault): Error {
  const kept = `what was written before it is complete and readable in ${folder}`;
  switch (fault.code) {
    case '':
      return new Error(`internal fault: writing ${fault.path}: ${fault.message}`);
    case 'ENOSPC':
    case 'EDQUOT':
      return new FdrError('disk-full', `the disk is full: ${fault.path} could not be written; ${kept}`, {
        hint: 'free some space or choose another folder with --out',
      });
    default:
      return new FdrError('not-written', `${fault.path} could not be written (${fault.code}); ${kept}`, {
        hint: 'see whether the folder still exists and may be written to, or choose another with --out',
      });
  }
}
