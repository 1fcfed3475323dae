// Collects what is wrong with a document, knowing where in the file each part of its data stands.
import { type Problem, ProblemsError, sortProblems } from '../core/problem.ts';
import { child, pathText, parent } from './pointer.ts';

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

/** Stop collecting: a file with so many mistakes is of another kind. */
const MOST_PROBLEMS = 1000;

export class ProblemReport {
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #places: Places;
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
    const key = `${severity} ${place.line}:${place.column} ${pointer} ${message}`;
    if (this.#seen.has(key) || this.problems.length >= MOST_PROBLEMS) return;
    this.#seen.add(key);
    this.problems.push({ severity, ...place, path, message, hint });
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
