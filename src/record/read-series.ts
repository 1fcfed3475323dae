// Reads the series table of a run folder into values by minute.
import type { SubjectKind } from '../core/sink.ts';
import { readColumns } from './read-parquet.ts';
import { ZERO_MEANS_SOMETHING } from './subject-sums.ts';

/** Values by minute as a run folder keeps them. */
export interface RunSeries {
  readonly minutes: number;
  /** Sorted by name. */
  subjects(kind: SubjectKind): readonly string[];
  /** Sorted by name. */
  measures(kind: SubjectKind, subject: string): readonly string[];
  /**
   * One value a minute: 0 in minutes in which nothing happened, and NaN in minutes in which `up` was not asked for.
   * Undefined where nothing was recorded at all. Made anew at each call.
   */
  series(kind: SubjectKind, subject: string, measure: string): Float64Array | undefined;
}

/** Rows of one measure of one subject, which stand one after the other in the table. */
interface Stretch {
  readonly minutes: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly from: number;
  readonly to: number;
}

type Stretches = Map<string, Map<string, Map<string, Stretch[]>>>;

/** Reads a series table. Throws an `FdrError` where the file is damaged. */
export async function readSeries(path: string, durationSeconds: number): Promise<RunSeries> {
  const found: Stretches = new Map();
  for await (const { rows, columns } of readColumns(path, ['subject_kind', 'subject', 'measure', 'minute', 'value'])) {
    const kinds = columns['subject_kind'] as readonly string[];
    const subjects = columns['subject'] as readonly string[];
    const measures = columns['measure'] as readonly string[];
    const minutes = columns['minute'] as ArrayLike<number>;
    const values = columns['value'] as ArrayLike<number>;
    let from = 0;
    for (let row = 1; row <= rows; row++) {
      const isSame =
        row < rows &&
        measures[row] === measures[from] &&
        subjects[row] === subjects[from] &&
        kinds[row] === kinds[from];
      if (isSame) continue;
      stretchesOf(found, kinds[from]!, subjects[from]!, measures[from]!).push({ minutes, values, from, to: row });
      from = row;
    }
  }
  const minutes = Math.max(1, Math.ceil(durationSeconds / 60));
  return {
    minutes,
    subjects: (kind) => [...(found.get(kind)?.keys() ?? [])],
    measures: (kind, subject) => [...(found.get(kind)?.get(subject)?.keys() ?? [])],
    series: (kind, subject, measure) => {
      const stretches = found.get(kind)?.get(subject)?.get(measure);
      return stretches && expand(stretches, minutes, ZERO_MEANS_SOMETHING.has(measure) ? NaN : 0);
    },
  };
}

function stretchesOf(found: Stretches, kind: string, subject: string, measure: string): Stretch[] {
  const subjects = getOrMake(found, kind, () => new Map<string, Map<string, Stretch[]>>());
  const measures = getOrMake(subjects, subject, () => new Map<string, Stretch[]>());
  return getOrMake(measures, measure, () => []);
}

function expand(stretches: readonly Stretch[], minutes: number, empty: number): Float64Array {
  const all = new Float64Array(minutes);
  if (empty !== 0) all.fill(empty);
  for (const stretch of stretches) {
    for (let row = stretch.from; row < stretch.to; row++) all[stretch.minutes[row]!] = stretch.values[row]!;
  }
  return all;
}

function getOrMake<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
