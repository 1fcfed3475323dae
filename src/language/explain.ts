// ajv's errors in the words of this project.
import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearest } from '../core/nearest.ts';
import { formatCount } from '../core/units.ts';
import { flowText } from './flow-text.ts';
import { printable } from './pointer.ts';
import { quantityMistake } from './quantity-mistake.ts';
import { NAME_RULE, type QuantityForm } from './schema-parts.ts';

export interface Explanation {
  readonly message: string;
  readonly hint: string;
  /** The key below the error's place that is meant, where one is. */
  readonly key?: string;
}

type Schema = Readonly<Record<string, unknown>>;

/** What is wrong, or undefined where another error of the same place says it better. */
export function explain(error: ErrorObject): Explanation | undefined {
  const params = error.params as Record<string, unknown>;
  const schema = (error.parentSchema ?? {}) as Schema;
  const { data } = error as { data?: unknown };
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(String(params['additionalProperty']), schema);
    case 'required':
      return missingKey(String(params['missingProperty']), data, schema);
    case 'propertyNames':
      return badName(String(params['propertyName']), schema);
    case 'type':
      return wrongType(data, schema);
    case 'quantity':
      return quantityMistake(data, schema['quantity'] as QuantityForm, schema);
    case 'enum':
    case 'words':
      return wrongWord(data, (schema['enum'] ?? schema['words']) as string[]);
    case 'const':
      return { message: `must be ${String(schema['const'])}`, hint: '' };
    case 'oneOf':
      return alternatives(schema, data);
    case 'pattern':
      // A bad name is told by propertyNames.
      if (error.propertyName !== undefined) return undefined;
      return { message: `must be ${String(schema['patternText'] ?? 'written otherwise')}`, hint: '' };
    default:
      return bounds(error.keyword, params, schema);
  }
}

function unknownKey(key: string, schema: Schema): Explanation {
  const known = propertiesOf(schema);
  const meant = nearest(key, known);
  const glued = gluedValue(key, known);
  if (glued !== undefined) return { message: `a space is missing after \`${glued.key}:\``, hint: '', key };
  if (/^\d/.test(key)) return { message: 'unknown key', hint: 'numbers have no comma in them: write 1000', key };
  const hint =
    meant !== undefined ? `did you mean ${meant}?` : known.length <= 16 ? `known here: ${known.join(', ')}` : '';
  return { message: 'unknown key', hint, key };
}

/** `duration:24h` is one word to YAML; the key and the text that were meant. */
export function gluedValue(word: string, known: readonly string[]): { key: string; text: string } | undefined {
  const key = known.find((candidate) => word.startsWith(`${candidate}:`));
  return key === undefined ? undefined : { key, text: word.slice(key.length + 1) };
}

function missingKey(key: string, data: unknown, schema: Schema): Explanation | undefined {
  // A misspelled key is told as such, and only as such.
  const known = propertiesOf(schema);
  const unknown = keysOf(data).filter((candidate) => !known.includes(candidate));
  if (unknown.some((candidate) => nearest(candidate, known) === key || gluedValue(candidate, known)?.key === key)) {
    return undefined;
  }
  const wanted = ((schema['properties'] ?? {}) as Record<string, Schema>)[key];
  const example = (wanted?.['examples'] as unknown[] | undefined)?.[0];
  const hint = example === undefined ? '' : `for example ${key}: ${flowText(example)}`;
  return { message: `\`${key}\` is missing`, hint };
}

function badName(name: string, schema: Schema): Explanation {
  const what = String(schema['nameOf'] ?? 'thing');
  return {
    message: `cannot be the name of ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`,
    hint: String(schema['nameRule'] ?? NAME_RULE),
    key: name,
  };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

function wrongType(data: unknown, schema: Schema): Explanation | undefined {
  const types = [schema['type']].flat().map(String);
  const wanted = types
    .map((type) => TYPE_WORDS[type] ?? type)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
  if (data === null || data === undefined) return { message: 'has no value', hint: `${wanted} belongs here` };
  const form = schema['quantity'] as QuantityForm | undefined;
  if (form !== undefined && typeof data !== 'object') return quantityMistake(data, form, schema);
  const got = Array.isArray(data) ? 'array' : typeof data;
  let hint = '';
  if (types.includes('array') && got === 'object') hint = 'put `- ` before each entry';
  else if (types.includes('string') && got !== 'object' && got !== 'array') hint = 'put it in quotes';
  else if (types.includes('array')) hint = 'for example [a, b]';
  else if (types.includes('object') && got === 'array') hint = 'remove the `- `';
  else if (typeof data === 'string') hint = plainHint(data, types);
  const not = got === 'number' && types.includes('integer') ? '' : `, not ${TYPE_WORDS[got] ?? got}`;
  return { message: `must be ${wanted}${not}`, hint };
}

/** For text where a number, true or false belongs. */
function plainHint(text: string, types: readonly string[]): string {
  if (types.includes('boolean')) {
    if (/^(?:yes|y|on)$/i.test(text)) return 'write true';
    if (/^(?:no|n|off)$/i.test(text)) return 'write false';
    return /^(?:true|false)$/i.test(text) ? 'without quotes' : '';
  }
  const isNumber = (types.includes('integer') || types.includes('number')) && /^-?[\d.]+$/.test(text);
  return isNumber ? 'without quotes' : '';
}

function wrongWord(data: unknown, words: readonly string[]): Explanation | undefined {
  if (typeof data !== 'string') return undefined;
  const meant = nearest(data, words);
  return {
    message: `"${printable(data)}" is not one of ${words.join(', ')}`,
    hint: meant === undefined ? '' : `did you mean ${meant}?`,
  };
}

/** `oneOf` is used for one thing only: keys of which exactly one must be there. */
function alternatives(schema: Schema, data: unknown): Explanation | undefined {
  const keys = (schema['oneOf'] as { required: string[] }[]).flatMap(({ required }) => required);
  const there = keysOf(data).filter((key) => keys.includes(key));
  const second = there[1];
  if (second !== undefined) {
    const choices = keys.map((key) => `\`${key}\``).join(', ');
    return { message: `only one of ${choices} can be there, and \`${there[0] ?? ''}\` is`, hint: '', key: second };
  }
  const misspelled = keysOf(data).some((key) => nearest(key, keys) !== undefined);
  return misspelled
    ? undefined
    : { message: `one of ${keys.map((key) => `\`${key}\``).join(', ')} is missing`, hint: '' };
}

function bounds(keyword: string, params: Record<string, unknown>, schema: Schema): Explanation {
  const limit = Number(params['limit']);
  const most = formatCount(limit);
  const what = schema['nameOf'] === undefined ? 'entries' : `entries (${String(schema['nameOf'])})`;
  const choices = propertiesOf(schema)
    .map((key) => `\`${key}\``)
    .join(', ');
  switch (keyword) {
    case 'minimum':
      return { message: `must be at least ${most}`, hint: '' };
    case 'maximum':
      return { message: `must be at most ${limit > 1e15 ? limit : most}`, hint: '' };
    case 'exclusiveMinimum':
      return { message: `must be more than ${most}`, hint: '' };
    case 'minLength':
      return { message: 'must not be empty', hint: '' };
    case 'maxLength':
      return { message: `must have at most ${most} characters`, hint: '' };
    case 'minItems':
      return { message: `must have at least ${most} ${limit === 1 ? 'entry' : 'entries'}`, hint: '' };
    case 'maxItems':
      return { message: `has more than ${most} entries, the most that is allowed`, hint: '' };
    case 'minProperties':
      if (choices !== '') return { message: `one of ${choices} is missing`, hint: '' };
      return { message: `needs at least one ${String(schema['nameOf'] ?? 'entry')}`, hint: '' };
    case 'maxProperties':
      if (choices !== '') return { message: `only one of ${choices} can be there`, hint: '' };
      return { message: `has more than ${most} ${what}, the most that is allowed`, hint: '' };
    case 'uniqueItems':
      return { message: 'has the same entry twice', hint: '' };
    default:
      return { message: 'cannot be used here', hint: '' };
  }
}

function propertiesOf(schema: Schema): string[] {
  return Object.keys(schema['properties'] ?? {});
}

function keysOf(data: unknown): string[] {
  return data !== null && typeof data === 'object' ? Object.keys(data) : [];
}
