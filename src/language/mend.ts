// Mends a document's data where a schema refused it, so that the rest can still be checked.
import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearest } from '../core/nearest.ts';
import { plainScalar } from './environment.ts';
import { gluedValue } from './explain.ts';
import { child, parent, segments, valueAt } from './pointer.ts';

const HOLE = Symbol('cut out');

/** What mending has changed, so that nothing is said about values that the user did not write. */
export interface Mended {
  /** Mappings and lists in which a value was replaced or cut out, with the keys of those that were replaced. */
  readonly replaced: Map<object, Set<string>>;
}

export interface Renamed {
  readonly container: object;
  readonly from: string;
  readonly to: string;
}

/** Gives misspelled keys their right names, in place, so that what stands below them can be checked. */
export function renameMisspelled(data: object, errors: readonly ErrorObject[]): Renamed[] {
  const renamed: Renamed[] = [];
  for (const { keyword, instancePath, params, parentSchema } of errors) {
    if (keyword !== 'additionalProperties') continue;
    const from = String(params['additionalProperty']);
    const known = Object.keys(parentSchema?.['properties'] ?? {});
    const glued = gluedValue(from, known);
    const to = glued?.key ?? nearest(from, known);
    const container = valueAt(data, instancePath);
    if (to === undefined || container === null || typeof container !== 'object') continue;
    if (!Object.hasOwn(container, from) || Object.hasOwn(container, to)) continue;
    const value = glued === undefined ? (container as Record<string, unknown>)[from] : plainScalar(glued.text);
    Object.assign(container, { [to]: value });
    Reflect.deleteProperty(container, from);
    renamed.push({ container, from, to });
  }
  return renamed;
}

/**
 * Mends, in place, what each error blames: a wrong value is replaced by one of the schema's examples, and a missing one
 * added, so that what stands beside it keeps its sense; the rest is cut out. False where nothing changed.
 */
export function mend(data: object, errors: readonly ErrorObject[], mended: Mended): boolean {
  let changed = false;
  const lists = new Set<unknown[]>();
  const done = new Set<string>();
  for (const error of errors) {
    const { pointer, sample } = remedyOf(error);
    if (done.has(pointer)) continue;
    done.add(pointer);
    const container = valueAt(data, parent(pointer));
    const last = segments(pointer).at(-1);
    if (last === undefined || container === null || typeof container !== 'object') continue;
    const keys = mended.replaced.get(container) ?? new Set();
    if (sample !== undefined && !keys.has(last)) {
      Object.assign(container, { [last]: structuredClone(sample) });
      mended.replaced.set(container, keys.add(last));
      changed = true;
    } else if (Object.hasOwn(container, last)) {
      mended.replaced.set(container, keys);
      changed = true;
      if (Array.isArray(container)) {
        // Lists are closed up only when all errors are done with, since the errors count by place.
        container[Number(last)] = HOLE;
        lists.add(container);
      } else {
        Reflect.deleteProperty(container, last);
      }
    }
  }
  for (const list of lists) {
    const kept = list.filter((item) => item !== HOLE);
    list.splice(0, list.length, ...kept);
  }
  return changed;
}

type Schema = Readonly<Record<string, unknown>>;

/** The part that an error blames, and what may stand there instead; without a sample it is to go. */
function remedyOf(error: ErrorObject): { pointer: string; sample?: unknown } {
  const params = error.params as Record<string, unknown>;
  const schema = (error.parentSchema ?? {}) as Schema;
  const at = error.instancePath;
  if (error.keyword === 'additionalProperties') return { pointer: child(at, String(params['additionalProperty'])) };
  if (error.keyword === 'propertyNames') return { pointer: child(at, String(params['propertyName'])) };
  if (typeof error.propertyName === 'string') return { pointer: child(at, error.propertyName) };
  if (error.keyword === 'required' && schema['properties'] !== undefined) {
    const key = String(params['missingProperty']);
    const sample = sampleOf((schema['properties'] as Record<string, Schema>)[key]);
    return sample === undefined ? { pointer: at } : { pointer: child(at, key), sample };
  }
  if (!VALUE_KEYWORDS.has(error.keyword)) return { pointer: at };
  return { pointer: at, sample: sampleOf(schema) };
}

const VALUE_KEYWORDS = new Set([
  'type',
  'quantity',
  'words',
  'enum',
  'const',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'minLength',
  'maxLength',
]);

/** A value that the schema accepts; undefined where none is at hand. */
function sampleOf(schema: Schema | undefined): unknown {
  if (schema === undefined) return undefined;
  const choices = schema['enum'] as unknown[] | undefined;
  const examples = schema['examples'] as unknown[] | undefined;
  const sample = schema['const'] ?? choices?.[0] ?? examples?.[0] ?? schema['default'];
  if (sample !== undefined || schema['quantity'] !== undefined) return sample;
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 0;
    case 'string':
      return 'sample';
    default:
      return undefined;
  }
}
