// Collects what is wrong with a document, knowing where in the file each part of its data stands.
import { type Problem, ProblemsError, sortProblems } from '../core/problem.ts';
import { child, parent, pathText, segments } from './pointer.ts';

export interface Place {
  readonly file: string;
  /** From 1; 0 where the value came from no file. */
  readonly line: number;
  readonly column: number;
}

/** Where each part of the data was written, by JSON pointer. */
export interface Places {
  readonly keys: Map<string, Place>;
  readonly values: Map<string, Place>;
  /** Where a value's text starts (after its quote), for those that stand on one line as they are read. */
  readonly texts: Map<string, Place>;
  /** The pointer of each mapping and list, which keeps it when the entries of a list before it are cut out. */
  readonly pointers?: WeakMap<object, string>;
}

/** Moves the places of some data, and of all in it, from one pointer to another. */
export function movePlaces(places: Places, value: unknown, from: string, to: string): void {
  for (const map of [places.keys, places.values, places.texts]) {
    const place = map.get(from);
    if (place !== undefined) map.set(to, place);
  }
  if (value === null || typeof value !== 'object') return;
  places.pointers?.set(value, to);
  for (const [key, inner] of Object.entries(value)) movePlaces(places, inner, child(from, key), child(to, key));
}

/** Stop collecting: a file with so many mistakes is of another kind. */
const MOST_PROBLEMS = 1000;

export class ProblemReport {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #places: Places;
  readonly #mended = new Set<string>();
  readonly #quiet = new Set<string>();
  readonly #seen = new Set<string>();
  /** Put before each pointer: `/lake` where the lake is written in its scenario. */
  readonly #base: string;

  constructor(file: string, places: Places, base = '') {
    this.#file = file;
    this.#places = places;
    this.#base = base;
  }

  /** A mistake in the value at `pointer`. */
  error(pointer: string, message: string, hint = ''): void {
    this.#add('error', pointer, this.#placeOf(pointer, 'value'), message, hint);
  }

  /** A mistake in the key at `pointer`. */
  keyError(pointer: string, message: string, hint = ''): void {
    this.#add('error', pointer, this.#placeOf(pointer, 'key'), message, hint);
  }

  /** A mistake so many characters into the text at `pointer`, where that text stands on one line. */
  errorAt(pointer: string, offset: number, message: string, hint = ''): void {
    const place = this.#placeOf(pointer, 'text');
    const within = place.line > 0 ? { ...place, column: place.column + offset } : place;
    this.#add('error', pointer, within, message, hint);
  }

  /** A mistake in the text itself, at a pointer that only names a place: no path is shown. */
  syntaxError(pointer: string, message: string, hint = ''): void {
    this.#add('error', pointer, this.#placeOf(pointer, 'value'), message, hint, '');
  }

  /**
   * A mistake that lies in two values of one mapping together: `key` of the mapping at `container` does not fit what
   * stands beside it.
   */
  mismatch(container: string, key: string, message: string, hint = '', part: 'key' | 'value' = 'value'): void {
    if (this.#mended.has(container)) return;
    const pointer = key === '' ? container : child(container, key);
    this.#add('error', pointer, this.#placeOf(pointer, part), message, hint);
  }

  /** Nothing more is said of the value at `pointer`, nor of what is below it. */
  hush(pointer: string): void {
    this.#quiet.add(pointer);
  }

  /** Values that were mended are not the user's: nothing is said of them, nor of how they fit what is beside them. */
  keepQuietAbout(container: object, keys: ReadonlySet<string>): void {
    const written = this.#places.pointers?.get(container)?.slice(this.#base.length);
    if (written === undefined) return;
    this.#mended.add(written);
    for (const key of keys) this.#quiet.add(child(written, key));
  }

  /** Gives what was written under a misspelled key its place under the right one; the pointer that it has then. */
  rename({ container, from, to }: { container: object; from: string; to: string }): string {
    const { pointers } = this.#places;
    const base = pointers?.get(container);
    if (base === undefined) return '';
    const value = (container as Record<string, unknown>)[to];
    movePlaces(this.#places, value, child(base, from), child(base, to));
    return child(base, to).slice(this.#base.length);
  }

  /** The pointer in the file of what is at `pointer` in the data, from which entries of lists may have been cut out. */
  writtenPointer(data: unknown, pointer: string): string {
    let value = data;
    let written = '';
    for (const segment of segments(pointer)) {
      written = child(written, segment);
      value = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[segment] : undefined;
      if (value === null || typeof value !== 'object') continue;
      written = this.#places.pointers?.get(value)?.slice(this.#base.length) ?? written;
    }
    return written;
  }

  /** Legal and senseless. */
  warning(pointer: string, message: string, hint = ''): void {
    this.#add('warning', pointer, this.#placeOf(pointer, 'value'), message, hint);
  }

  /** The entries of a list with the pointer each had in the file. */
  entries<T>(list: readonly T[], pointer: string): { item: T; at: string }[] {
    return list.map((item, index) => {
      const written = typeof item === 'object' && item !== null ? this.#places.pointers?.get(item) : undefined;
      return { item, at: written?.slice(this.#base.length) ?? child(pointer, index) };
    });
  }

  get hasErrors(): boolean {
    return this.problems.some((problem) => problem.severity === 'error');
  }

  #add(
    severity: Problem['severity'],
    pointer: string,
    place: Place,
    message: string,
    hint: string,
    path = pathText(this.#base + pointer),
  ): void {
    if (this.#isQuiet(pointer)) return;
    const key = `${severity} ${place.line}:${place.column} ${pointer} ${message}`;
    if (this.#seen.has(key) || this.problems.length >= MOST_PROBLEMS) return;
    this.#seen.add(key);
    this.problems.push({ severity, ...place, path, message, hint });
  }

  #isQuiet(pointer: string): boolean {
    if (this.#quiet.size === 0) return false;
    for (let at = pointer; at !== ''; at = parent(at)) if (this.#quiet.has(at)) return true;
    return false;
  }

  #placeOf(pointer: string, part: 'key' | 'value' | 'text'): Place {
    const { keys, values, texts } = this.#places;
    let at = this.#base + pointer;
    const exact = part === 'key' ? keys.get(at) : part === 'text' ? texts.get(at) : undefined;
    if (exact !== undefined) return exact;
    for (;;) {
      const place = values.get(at);
      if (place !== undefined) return place;
      if (at === '') return { file: this.#file, line: 1, column: 1 };
      at = parent(at);
    }
  }
}

/** Throws ProblemsError where any report holds an error; otherwise gives all warnings, in the order to show them. */
export function warningsOrThrow(reports: readonly ProblemReport[], files: readonly string[]): Problem[] {
  const all = sortProblems(
    reports.flatMap((report) => report.problems),
    files,
  );
  if (all.some((problem) => problem.severity === 'error')) throw new ProblemsError(all);
  return all;
}
