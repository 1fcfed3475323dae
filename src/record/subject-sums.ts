// The minute series of every subject, by kind, name and measure.
import type { SubjectKind } from '../core/sink.ts';
import { MinuteSeries, SeriesStore, type SeriesPrecision } from './minute-series.ts';

export const SUBJECT_KINDS: readonly SubjectKind[] = [
  'link',
  'storage',
  'site',
  'service',
  'cache',
  'network',
  'tape',
  'experiment',
  'workflow',
];

/** Measures that say something by a zero: a minute that was not sampled is not a minute in which the value was 0. */
const ZERO_MEANS_SOMETHING = new Set(['up']);
/** Measures whose values are volumes or money, kept to the last bit. */
const VOLUME = /bytes$|_bps$|^egress_cost$/;

type Stores = Readonly<Record<SeriesPrecision, SeriesStore>>;

/** The series of one subject, by measure. */
export class SubjectSeries {
  readonly byMeasure = new Map<string, MinuteSeries>();
  readonly #stores: Stores;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** The series of a measure, made where there is none. */
  get(measure: string): MinuteSeries {
    let series = this.byMeasure.get(measure);
    if (series === undefined) {
      const empty = ZERO_MEANS_SOMETHING.has(measure) ? NaN : 0;
      series = new MinuteSeries(this.#stores[VOLUME.test(measure) ? 'exact' : 'count'], empty);
      this.byMeasure.set(measure, series);
    }
    return series;
  }
}

export class SubjectSums {
  readonly minutes: number;
  readonly #stores: Stores;
  readonly #byKind: Record<SubjectKind, Map<string, SubjectSeries>>;
  #lastKind: SubjectKind | undefined;
  #lastName = '';
  #last: SubjectSeries | undefined;

  constructor(minutes: number) {
    this.minutes = minutes;
    this.#stores = { exact: new SeriesStore(minutes, 'exact'), count: new SeriesStore(minutes, 'count') };
    this.#byKind = Object.fromEntries(SUBJECT_KINDS.map((kind) => [kind, new Map()])) as Record<
      SubjectKind,
      Map<string, SubjectSeries>
    >;
  }

  /** A subject's series, made where there are none. */
  subject(kind: SubjectKind, name: string): SubjectSeries {
    // Samples of one subject come one after the other.
    if (this.#last !== undefined && kind === this.#lastKind && name === this.#lastName) return this.#last;
    const ofKind = this.#byKind[kind];
    let series = ofKind.get(name);
    if (series === undefined) {
      series = new SubjectSeries(this.#stores);
      ofKind.set(name, series);
    }
    this.#lastKind = kind;
    this.#lastName = name;
    this.#last = series;
    return series;
  }

  /** Names of the subjects of which something was recorded, sorted. */
  names(kind: SubjectKind): string[] {
    return [...this.#byKind[kind]]
      .filter(([, series]) => isTouched(series))
      .map(([name]) => name)
      .toSorted();
  }

  /** Measures of which something was recorded, sorted. */
  measures(kind: SubjectKind, name: string): string[] {
    const series = this.#byKind[kind].get(name);
    if (series === undefined) return [];
    return [...series.byMeasure]
      .filter(([, values]) => values.touched)
      .map(([measure]) => measure)
      .toSorted();
  }

  find(kind: SubjectKind, name: string, measure: string): MinuteSeries | undefined {
    const series = this.#byKind[kind].get(name)?.byMeasure.get(measure);
    return series?.touched === true ? series : undefined;
  }
}

function isTouched(series: SubjectSeries): boolean {
  for (const values of series.byMeasure.values()) if (values.touched) return true;
  return false;
}
