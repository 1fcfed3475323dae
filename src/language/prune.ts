// Cuts out of a document's data what a schema refused, so that the rest can still be checked.
import type { ErrorObject } from 'ajv/dist/2020.js';
import { child, parent, segments, valueAt } from './pointer.ts';

const HOLE = Symbol('cut out');

/** Removes, in place, the smallest part of `data` that each error blames. False where there was nothing to remove. */
export function prune(data: object, errors: readonly ErrorObject[]): boolean {
  let removed = false;
  const lists = new Set<unknown[]>();
  for (const pointer of new Set(errors.map(blamed))) {
    const container = valueAt(data, parent(pointer));
    const last = segments(pointer).at(-1);
    if (last === undefined || container === null || typeof container !== 'object') continue;
    if (!Object.hasOwn(container, last)) continue;
    removed = true;
    if (Array.isArray(container)) {
      // Lists are closed up only when all errors are done with, since the errors count by place.
      container[Number(last)] = HOLE;
      lists.add(container);
    } else {
      Reflect.deleteProperty(container, last);
    }
  }
  for (const list of lists) {
    const kept = list.filter((item) => item !== HOLE);
    list.splice(0, list.length, ...kept);
  }
  return removed;
}

/** A key that must not be there is to go; otherwise the value that the error is about, whole. */
function blamed(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'additionalProperties') return child(error.instancePath, String(params['additionalProperty']));
  if (error.keyword === 'propertyNames') return child(error.instancePath, String(params['propertyName']));
  if (typeof error.propertyName === 'string') return child(error.instancePath, error.propertyName);
  return error.instancePath;
}
