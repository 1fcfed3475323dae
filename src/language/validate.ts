// Validates a document's data against a schema with ajv, fills the defaults, and says what is wrong in plain words.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { explain } from './explain.ts';
import { type Mended, mend, renameMisspelled } from './mend.ts';
import { child } from './pointer.ts';
import { quantityMistake } from './quantity-mistake.ts';
import type { ProblemReport } from './report.ts';
import type { QuantityForm } from './schema-parts.ts';

export interface Validation {
  /** The data with defaults filled in and what was wrong mended; undefined where not enough is left. */
  readonly data: unknown;
  /** Nothing was wrong. */
  readonly complete: boolean;
}

/** What the schemas say beyond JSON Schema, for messages and documentation. */
const ANNOTATIONS = [
  'positive',
  'most',
  'mostText',
  'orWords',
  'lawOf',
  'defaultText',
  'nameOf',
  'nameRule',
  'patternText',
  'orInline',
];

/** Prepares a schema for validateData. */
export function compileSchema(schema: object): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
  });
  ajv.addVocabulary(ANNOTATIONS);
  ajv.addKeyword({
    keyword: 'quantity',
    type: 'string',
    schemaType: 'string',
    validate: (form: QuantityForm, text: string, schema?: object) =>
      quantityMistake(text, form, schema ?? {}) === undefined,
  });
  ajv.addKeyword({
    keyword: 'words',
    type: 'string',
    schemaType: 'array',
    validate: (words: string[], text: string) => words.includes(text),
  });
  return ajv.compile(schema);
}

/**
 * Validates `data` in place. Mistakes go to the report, one for each place; then what was wrong is mended or cut out, so
 * that names and sense can be checked in the rest; the report keeps quiet about what was mended. `placeholders` stand in
 * for required keys of the whole that are missing.
 */
export function validateData(
  validate: ValidateFunction,
  data: unknown,
  report: ProblemReport,
  placeholders: Readonly<Record<string, unknown>>,
): Validation {
  if (validate(data)) return { data, complete: true };
  reportErrors(validate.errors ?? [], report, data);
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return { data: undefined, complete: false };
  // What stands below a misspelled key is checked under its right name.
  const renamed = renameMisspelled(data, validate.errors ?? []).map((each) => report.rename(each));
  if (renamed.length > 0 && !validate(data)) reportErrors(validate.errors ?? [], report, data, renamed);
  const mended: Mended = { replaced: new Map() };
  const waiting = new Map(Object.entries(placeholders));
  // Each round mends or cuts out at least one part; a mapping that lost what it needs goes in the next.
  while (!validate(data)) {
    let changed = mend(data, validate.errors ?? [], mended);
    for (const [key, value] of waiting) {
      if (Object.hasOwn(data, key)) continue;
      (data as Record<string, unknown>)[key] = structuredClone(value);
      waiting.delete(key);
      changed = true;
    }
    if (!changed) return { data: undefined, complete: false };
  }
  for (const [container, keys] of mended.replaced) report.keepQuietAbout(container, keys);
  return { data, complete: false };
}

/** One problem for each place: the first and most telling. `only`: those at or below these pointers. */
function reportErrors(
  errors: readonly ErrorObject[],
  report: ProblemReport,
  data: unknown,
  only?: readonly string[],
): void {
  const told = new Set<string>();
  const wrongTypes = new Set(
    errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
  );
  for (const error of errors) {
    if (isInsideAlternatives(error)) continue;
    // Where the type is wrong, all else is too.
    if (error.keyword !== 'type' && wrongTypes.has(error.instancePath)) continue;
    const found = explain(error);
    if (found === undefined) continue;
    const written = report.writtenPointer(data, error.instancePath);
    const at = found.key === undefined ? written : child(written, found.key);
    if (only?.some((pointer) => at === pointer || at.startsWith(`${pointer}/`)) === false) continue;
    // Several keys can be missing in one mapping.
    const once = `${error.keyword === 'required' ? found.message : ''} ${found.key === undefined ? 'value' : 'key'} ${at}`;
    if (told.has(once)) continue;
    told.add(once);
    if (found.key === undefined) report.error(at, found.message, found.hint);
    else report.keyError(at, found.message, found.hint);
  }
}

/** ajv reports the branches of `oneOf` besides the keyword itself; only the keyword says what is meant. */
function isInsideAlternatives(error: ErrorObject): boolean {
  return /\/oneOf\/\d+\/required$/.test(error.schemaPath);
}
