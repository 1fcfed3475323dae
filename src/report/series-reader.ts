// Reads series.parquet into values by minute.
import { openSync, readSync, closeSync, fstatSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { parquetReadObjects, type AsyncBuffer } from 'hyparquet';
import type { SubjectKind } from '../core/sink.ts';
import type { SeriesByMinute } from './run-data.ts';

interface SeriesRow {
  readonly subject_kind: string;
  readonly subject: string;
  readonly measure: string;
  readonly minute: number;
  readonly value: number;
}

export async function readSeries(path: string, durationSeconds: number): Promise<SeriesByMinute> {
  const descriptor = openSync(path, 'r');
  try {
    const file: AsyncBuffer = {
      byteLength: fstatSync(descriptor).size,
      slice: (start, end = fstatSync(descriptor).size) => {
        const bytes = new Uint8Array(end - start);
        readSync(descriptor, bytes, 0, bytes.length, start);
        return bytes.buffer;
      },
    };
    const columns = ['subject_kind', 'subject', 'measure', 'minute', 'value'];
    const rows = (await parquetReadObjects({
      file,
      columns,
      compressors: { ZSTD: (input) => zstdDecompressSync(input) },
    })) as unknown as SeriesRow[];
    return collect(rows, Math.ceil(durationSeconds / 60));
  } finally {
    closeSync(descriptor);
  }
}

function collect(rows: readonly SeriesRow[], minutes: number): SeriesByMinute {
  const all = new Map<string, Map<string, Map<string, Float64Array>>>();
  for (const row of rows) {
    const subjects = getOrMake(all, row.subject_kind, () => new Map<string, Map<string, Float64Array>>());
    const measures = getOrMake(subjects, row.subject, () => new Map<string, Float64Array>());
    getOrMake(measures, row.measure, () => new Float64Array(minutes))[row.minute] = row.value;
  }
  return {
    minutes,
    subjects: (kind: SubjectKind) => [...(all.get(kind)?.keys() ?? [])],
    measures: (kind: SubjectKind, subject: string) => [...(all.get(kind)?.get(subject)?.keys() ?? [])],
    series: (kind: SubjectKind, subject: string, measure: string) => all.get(kind)?.get(subject)?.get(measure),
  };
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
