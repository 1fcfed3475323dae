// The writing thread: turns batches into Parquet files while the run goes on. A file appears under its name only when it is complete.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { BatchColumns } from './operation-batch.ts';
import { encodeOperations } from './operation-table.ts';
import { ParquetWorkspace } from './parquet-workspace.ts';
import { SeriesFile } from './series-table.ts';
import {
  FAILED,
  HANDLED,
  SERIES_NAME,
  shardName,
  type WriterFault,
  type WriterRequest,
  type WriterStart,
} from './writer-protocol.ts';

const start = workerData as WriterStart;
const state = new Int32Array(start.state);
const slots = start.slots.map((memory) => new BatchColumns(memory));
const vocabulary: string[] = [];
const workspace = new ParquetWorkspace();
let seriesFile: SeriesFile | undefined;

/** Writes a file under a temporary name and then gives it its own. */
function writeWhole(name: string, write: (temporary: string) => void, isComplete = true): void {
  const path = join(start.folder, name);
  const temporary = `${path}.part`;
  try {
    write(temporary);
    if (isComplete) renameSync(temporary, path);
  } catch (error) {
    // What is half written is of no use to anybody, and the disk may be full.
    rmSync(temporary, { force: true });
    throw error;
  }
}

function handle(request: WriterRequest): void {
  switch (request.write) {
    case 'operations': {
      vocabulary.push(...request.newTexts);
      const bytes = encodeOperations(workspace, {
        rows: request.rows,
        columns: slots[request.slot]!,
        fileNameBytes: request.fileNameBytes,
        datasetBytes: request.datasetBytes,
        vocabulary,
        startMicroseconds: start.startMicroseconds,
      });
      writeWhole(shardName(request.shard), (temporary) => writeFileSync(temporary, bytes));
      break;
    }
    case 'series':
      writeWhole(
        SERIES_NAME,
        (temporary) => {
          seriesFile ??= new SeriesFile(temporary, start.startMicroseconds, workspace);
          seriesFile.write(request.rows);
          if (request.isLast) seriesFile.finish();
        },
        request.isLast,
      );
      break;
    case 'end':
      parentPort!.close();
      start.faults.close();
      break;
  }
}

function faultOf(error: unknown): WriterFault {
  if (!(error instanceof Error)) return { code: '', message: String(error), path: start.folder };
  const { code = '', path = start.folder } = error as NodeJS.ErrnoException;
  return { code, message: code === '' ? (error.stack ?? error.message) : error.message, path };
}

parentPort!.on('message', (request: WriterRequest) => {
  // After a failure requests are only counted, so that nobody waits for them in vain.
  if (state[FAILED] === 0 || request.write === 'end') {
    try {
      handle(request);
    } catch (error) {
      start.faults.postMessage(faultOf(error));
      Atomics.store(state, FAILED, 1);
    }
  }
  Atomics.add(state, HANDLED, 1);
  Atomics.notify(state, HANDLED);
});

// The run waits for this: from then on a failure to write is reported by `faults` alone.
parentPort!.postMessage('ready');
