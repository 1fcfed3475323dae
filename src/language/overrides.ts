// `--set path=value`: changes one value of a file's data before it is checked.
import { nearest } from '../core/nearest.ts';
import { type Data, type LoadedDocument, readDocument } from './document.ts';
import type { Environment } from './environment.ts';
import { child, printable } from './pointer.ts';
import { type Place, ProblemReport } from './report.ts';

type Schema = Readonly<Record<string, unknown>>;

/** One `path=value`. Mistakes in it go to its own report. */
export class Override {
  /** `experiments.SKA.workflows.pulsar-search.inject.workers`; list entries as `faults[0]` or `faults.0`. */
  readonly path: string;
  /** Read as YAML. */
  readonly value: Data;
  readonly report: ProblemReport;
  /** How messages name it. */
  readonly name: string;

  constructor(path: string, value: Data, report: ProblemReport, name: string) {
    this.path = path;
    this.value = value;
    this.report = report;
    this.name = name;
  }

  /** Never throws: what is wrong is reported when problems are. */
  static parse(text: string, environment: Environment = {}): Override {
    const name = `--set ${printable(text)}`;
    const equals = text.indexOf('=');
    const path = equals < 0 ? text.trim() : text.slice(0, equals).trim();
    const document = readDocument({ path: name, text: text.slice(equals + 1), sha256: '' }, environment);
    const place: Place = { file: name, line: 0, column: 0 };
    const report = new ProblemReport(name, {
      keys: new Map(),
      values: new Map([['', place]]),
      texts: new Map(),
    });
    if (equals <= 0) report.error('', 'not path=value', 'for example clock.duration=2h');
    else for (const { message, hint } of document.report.problems) report.error('', message, hint);
    return new Override(path, document.data, report, name);
  }

  /** The same value, at a path in another file. */
  below(path: string): Override {
    return new Override(path, this.value, this.report, this.name);
  }
}

/** Sets the values in the document's data, and their places to the option. True where anything was set. */
export function applyOverrides(overrides: readonly Override[], document: LoadedDocument, schema: object): boolean {
  let changed = false;
  for (const override of overrides) {
    if (override.report.hasErrors || document.unreadable) continue;
    if (apply(override, document, schema as Schema)) changed = true;
  }
  return changed;
}

function apply(override: Override, document: LoadedDocument, schema: Schema): boolean {
  let container = document.data;
  // Mappings that the path needs and the file left out: put in only when the whole path is right.
  const attach: (() => void)[] = [];
  let containerSchema: Schema | undefined = schema;
  let pointer = '';
  let rest = override.path;
  for (;;) {
    if (container === null || typeof container !== 'object') {
      override.report.error('', `${spoken(override.path, rest)} is one value: nothing can be set below it`);
      return false;
    }
    const step = nextStep(container, containerSchema, rest, override);
    if (step === undefined) return false;
    const at = child(pointer, step.key);
    const inner = below(containerSchema, container, step.key);
    if (step.rest === '') {
      for (const each of attach) each();
      put(container, step.key, structuredCloneData(override.value));
      replacePlaces(document, at, override);
      return true;
    }
    let next = get(container, step.key);
    if (next === undefined || next === null) {
      const outer = container;
      const made = inner?.['type'] === 'array' ? [] : (Object.create(null) as { [key: string]: Data });
      attach.push(() => {
        put(outer, step.key, made);
        document.places.pointers?.set(made, at);
      });
      next = made;
    }
    container = next;
    containerSchema = inner;
    pointer = at;
    rest = step.rest;
  }
}

/** The key or index with which the rest of the path starts. Names may hold dots: the longest that fits is meant. */
function nextStep(
  container: Data[] | { [key: string]: Data },
  schema: Schema | undefined,
  rest: string,
  override: Override,
): { key: string; rest: string } | undefined {
  if (Array.isArray(container)) {
    const index = /^\[?(\d{1,7})\]?(?:\.|(?=\[)|$)/.exec(rest);
    const where = spoken(override.path, rest);
    if (index === null) {
      override.report.error('', `${where} is a list`, `for example ${where}[0]`);
      return undefined;
    }
    if (Number(index[1]) >= container.length) {
      const last = container.length - 1;
      override.report.error(
        '',
        `${where} has no [${index[1] ?? ''}]`,
        last < 0 ? 'it is empty' : `the last is [${last}]`,
      );
      return undefined;
    }
    return { key: String(Number(index[1])), rest: rest.slice(index[0].length) };
  }
  const properties = Object.keys(schema?.['properties'] ?? {});
  const candidates = [...new Set([...Object.keys(container), ...properties])];
  const fits = (key: string): boolean => rest === key || rest.startsWith(`${key}.`) || rest.startsWith(`${key}[`);
  const key = candidates.filter(fits).sort((a, b) => b.length - a.length)[0];
  if (key !== undefined) return { key, rest: rest.slice(key.length).replace(/^\./, '') };
  const where = spoken(override.path, rest);
  if (rest.startsWith('[')) {
    override.report.error('', `${where} is no list`);
    return undefined;
  }
  const first = /^[^.[]*/.exec(rest)?.[0] ?? rest;
  if (first === rest && mayBeNew(schema, override.value)) return { key: first, rest: '' };
  const meant = nearest(first, candidates);
  override.report.error(
    '',
    `no "${printable(first)}"${where === '' ? '' : ` in ${where}`}`,
    meant !== undefined ? `did you mean ${meant}?` : candidates.length <= 16 ? `known: ${candidates.join(', ')}` : '',
  );
  return undefined;
}

/** A mapping of names takes a new one only with all that belongs to it: a mistyped name must not become a new thing. */
function mayBeNew(schema: Schema | undefined, value: Data): boolean {
  const additional = schema?.['additionalProperties'];
  if (additional === undefined || additional === null || typeof additional !== 'object') return false;
  return (additional as Schema)['type'] !== 'object' || (typeof value === 'object' && value !== null);
}

/** The part of a path before its rest. */
function spoken(path: string, rest: string): string {
  return path.slice(0, path.length - rest.length).replace(/\.$/, '');
}

function below(schema: Schema | undefined, container: Data, key: string): Schema | undefined {
  if (schema === undefined) return undefined;
  if (Array.isArray(container)) return schema['items'] as Schema | undefined;
  const known = ((schema['properties'] ?? {}) as Record<string, Schema>)[key];
  const found = known ?? (schema['additionalProperties'] as Schema | undefined);
  return (found?.['orInline'] as Schema | undefined) ?? found;
}

function get(container: Data[] | { [key: string]: Data }, key: string): Data | undefined {
  return Array.isArray(container) ? container[Number(key)] : container[key];
}

function put(container: Data[] | { [key: string]: Data }, key: string, value: Data): void {
  if (Array.isArray(container)) container[Number(key)] = value;
  else container[key] = value;
}

function structuredCloneData(value: Data): Data {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(structuredCloneData);
  const copy = Object.create(null) as { [key: string]: Data };
  for (const [key, inner] of Object.entries(value)) copy[key] = structuredCloneData(inner);
  return copy;
}

/** What stood at the pointer has no place any more; the option has. */
function replacePlaces(document: LoadedDocument, pointer: string, override: Override): void {
  const { keys, values, texts } = document.places;
  for (const map of [keys, values, texts]) {
    for (const at of map.keys()) if (at === pointer || at.startsWith(`${pointer}/`)) map.delete(at);
  }
  const place: Place = { file: override.name, line: 0, column: 0 };
  keys.set(pointer, place);
  values.set(pointer, place);
}
