// What an import has to tell: mistakes that stop it, and named warnings that do not, each with its place in the export.
import { pathText, printable } from '../../language/pointer.ts';
import { ProblemReport, warningsOrThrow, type Places } from '../../language/report.ts';

export const IMPORT_WARNINGS = {
  'activities-disagree': 'a protocol is said to be for other activities in the two places that name them',
  'attribute-left-out': 'an attribute or class that a lake cannot hold',
  'country-unknown': 'a site has no country',
  'distance-unknown-storage': 'a distance names a storage that is not in the export',
  'endpoint-with-scheme': 'an endpoint carries a scheme of its own',
  'endpoint-without-port': 'an endpoint has no port',
  'extra-attributes': 'a protocol has ext_attrs, which a lake has no place for',
  'mapping-unused': 'an entry of the mapping file matches no storage',
  'missing-field': 'a field is missing, and a default was taken',
  'name-disagrees': 'a storage has another name inside than outside',
  'no-protocols': 'a storage has no protocol',
  'no-ranks': 'a storage has no aprotocols: all protocols are first choice',
  'not-active': 'a storage is not active, or not open for everything',
  'position-unknown': 'sites have no position',
  'scheme-unknown': 'a protocol has a scheme that is not known here',
  'site-not-inferred': 'a storage has no site, no mapping and no host that tells one',
  'sites-disagree': 'the hosts of one storage belong to different sites, or one site has different places',
  'tape-assumed': 'a tape storage: its drives were assumed',
  'technology-not-inferred': 'nothing tells the technology of a storage',
  'unknown-activity': 'an activity that is not known here',
  'unknown-key': 'a key that is not known here',
  'unknown-protocol': 'aprotocols names a protocol that the storage does not have',
} as const;
export type ImportWarningName = keyof typeof IMPORT_WARNINGS;

export interface ImportWarning {
  readonly name: ImportWarningName;
  /** In the export, from 1; 0 where it is about the whole. */
  readonly line: number;
  /** Where in the export: `ALPAMED-DPM.protocols.LAPP-DPM-davs`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** One line: `file:line path: name: message`. */
export function formatImportWarning(file: string, { name, line, path, message }: ImportWarning): string {
  const place = line > 0 ? `${file}:${line}` : file;
  return `${place}${path === '' ? '' : ` ${path}`}: ${name}: ${message}`;
}

export class CricReport {
  readonly warnings: ImportWarning[] = [];
  readonly #problems: ProblemReport;
  readonly #places: Places;
  readonly #file: string;

  constructor(file: string, places: Places) {
    this.#file = file;
    this.#places = places;
    this.#problems = new ProblemReport(file, places);
  }

  /** A mistake in the value at a pointer: there will be no lake. */
  error(pointer: string, message: string, hint = ''): void {
    this.#problems.error(pointer, message, hint);
  }

  /** A mistake in the key at a pointer. */
  keyError(pointer: string, message: string): void {
    this.#problems.keyError(pointer, message);
  }

  /** Something the user should know about the value at a pointer; the empty pointer is the whole export. */
  warn(name: ImportWarningName, pointer: string, message: string): void {
    const place = pointer === '' ? undefined : (this.#places.keys.get(pointer) ?? this.#places.values.get(pointer));
    this.warnings.push({ name, line: place?.line ?? 0, path: pathText(pointer), message: printable(message, 400) });
  }

  /** The warnings by their place, those about the whole first. */
  sorted(): ImportWarning[] {
    return this.warnings.toSorted((one, other) => one.line - other.line);
  }

  get hasErrors(): boolean {
    return this.#problems.hasErrors;
  }

  /** Throws ProblemsError with all mistakes where there is one. */
  throwErrors(): void {
    warningsOrThrow([this.#problems], [this.#file]);
  }
}
