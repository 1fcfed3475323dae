// The minute series of every subject, by kind, name and measure.
//
// What operations add up to is kept once, by pair of ends and by workflow; links, storages, sites and experiments are sums of those,
// made when somebody asks.
import type { SubjectKind } from '../core/sink.ts';
import { MinuteSeries, SeriesStore, sumOfSeries, type MinuteValues, type SeriesPrecision } from './minute-series.ts';

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
export const ZERO_MEANS_SOMETHING = new Set(['up']);
/** Measures whose values are volumes or money, kept to the last bit. */
const VOLUME = /bytes$|_bps$|^egress_cost$/;

type Stores = Readonly<Record<SeriesPrecision, SeriesStore>>;

/** Series by measure. */
export class SeriesSet {
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

/** A set of series that counts for a subject, under the names of its measures with a prefix. */
interface Share {
  readonly prefix: string;
  readonly set: SeriesSet;
}

interface Subject {
  /** What belongs to the subject alone, such as what is sampled of it. */
  readonly own: SeriesSet;
  readonly shares: Share[];
}

export class SubjectSums {
  readonly minutes: number;
  readonly #stores: Stores;
  readonly #byKind: Record<SubjectKind, Map<string, Subject>>;
  #lastKind: SubjectKind | undefined;
  #lastName = '';
  #last: Subject | undefined;

  constructor(minutes: number) {
    this.minutes = minutes;
    this.#stores = { exact: new SeriesStore(minutes, 'exact'), count: new SeriesStore(minutes, 'count') };
    this.#byKind = Object.fromEntries(SUBJECT_KINDS.map((kind) => [kind, new Map()])) as Record<
      SubjectKind,
      Map<string, Subject>
    >;
  }

  /** A set of series of no subject, to be shared by some. */
  makeSet(): SeriesSet {
    return new SeriesSet(this.#stores);
  }

  /** Lets a set count for a subject, in a direction (`in_`, `out_`) or none. */
  share(kind: SubjectKind, name: string, prefix: string, set: SeriesSet): void {
    this.#subject(kind, name).shares.push({ prefix, set });
  }

  /** A subject's own series, made where there are none. */
  own(kind: SubjectKind, name: string): SeriesSet {
    return this.#subject(kind, name).own;
  }

  /** Names of the subjects of which something was recorded, sorted. */
  names(kind: SubjectKind): string[] {
    return [...this.#byKind[kind]]
      .filter(([, subject]) => isTouched(subject))
      .map(([name]) => name)
      .toSorted();
  }

  /** Measures of which something was recorded, sorted. */
  measures(kind: SubjectKind, name: string): string[] {
    const subject = this.#byKind[kind].get(name);
    if (subject === undefined) return [];
    const measures = new Set<string>();
    for (const { prefix, set } of allShares(subject)) {
      for (const [measure, series] of set.byMeasure) if (series.touched) measures.add(`${prefix}${measure}`);
    }
    return [...measures].toSorted();
  }

  /** All series of a subject of which something was recorded, by measure, sorted. */
  all(kind: SubjectKind, name: string): [measure: string, series: MinuteValues][] {
    const subject = this.#byKind[kind].get(name);
    if (subject === undefined) return [];
    const parts = new Map<string, MinuteSeries[]>();
    for (const { prefix, set } of allShares(subject)) {
      for (const [measure, series] of set.byMeasure) {
        if (!series.touched) continue;
        const found = parts.get(prefix + measure);
        if (found === undefined) parts.set(prefix + measure, [series]);
        else found.push(series);
      }
    }
    return [...parts.keys()].toSorted().map((measure) => [measure, sumOfSeries(parts.get(measure)!, this.minutes)]);
  }

  /** A series, or undefined where nothing was recorded. */
  find(kind: SubjectKind, name: string, measure: string): MinuteValues | undefined {
    const subject = this.#byKind[kind].get(name);
    if (subject === undefined) return undefined;
    const parts: MinuteSeries[] = [];
    for (const { prefix, set } of allShares(subject)) {
      if (!measure.startsWith(prefix)) continue;
      const series = set.byMeasure.get(measure.slice(prefix.length));
      if (series?.touched === true) parts.push(series);
    }
    return parts.length === 0 ? undefined : sumOfSeries(parts, this.minutes);
  }

  #subject(kind: SubjectKind, name: string): Subject {
    // Samples of one subject come one after the other.
    if (this.#last !== undefined && kind === this.#lastKind && name === this.#lastName) return this.#last;
    const ofKind = this.#byKind[kind];
    let subject = ofKind.get(name);
    if (subject === undefined) {
      subject = { own: this.makeSet(), shares: [] };
      ofKind.set(name, subject);
    }
    this.#lastKind = kind;
    this.#lastName = name;
    this.#last = subject;
    return subject;
  }
}

function* allShares(subject: Subject): Generator<Share> {
  yield { prefix: '', set: subject.own };
  yield* subject.shares;
}

function isTouched(subject: Subject): boolean {
  for (const { set } of allShares(subject)) {
    for (const series of set.byMeasure.values()) if (series.touched) return true;
  }
  return false;
}
