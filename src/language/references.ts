// Names that must be somebody's: looked up, with the nearest one as a hint.
import { nearest } from '../core/nearest.ts';
import { printable } from './pointer.ts';
import type { ProblemReport } from './report.ts';

/** The names of one kind of thing, and where they are declared. */
export interface Names {
  /** `storage`, `site`, ... */
  readonly kind: string;
  readonly known: ReadonlySet<string>;
  /** ` in lake "..."`, or empty. */
  readonly where: string;
}

/** True where the name is known; reports it otherwise. */
export function checkReference(
  report: Pick<ProblemReport, 'error'>,
  pointer: string,
  name: string,
  names: Names,
): boolean {
  if (names.known.has(name)) return true;
  report.error(pointer, `no ${names.kind} "${printable(name)}"${names.where}`, referenceHint(name, names));
  return false;
}

/** `did you mean DESY-DCACHE?`, or the names there are where they are few. */
export function referenceHint(name: string, names: Names): string {
  const meant = nearest(name, names.known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  if (names.known.size === 0) return `there is none`;
  if (names.known.size <= 8) return `known: ${[...names.known].join(', ')}`;
  return '';
}
