// Reads the fields of one object of a CRIC export: by type, with what CRIC writes for "nothing", and with a list of what was not asked for.
import { child } from '../../language/pointer.ts';
import type { CricReport } from './report.ts';

export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a JSON value is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return 'an object';
  }
}

export class CricFields {
  readonly pointer: string;
  readonly #object: JsonObject;
  readonly #report: CricReport;
  readonly #asked = new Set<string>();

  constructor(object: JsonObject, pointer: string, report: CricReport) {
    this.#object = object;
    this.pointer = pointer;
    this.#report = report;
  }

  at(key: string): string {
    return child(this.pointer, key);
  }

  /** A text; undefined where it is missing, null, empty or CRIC's "NULL". */
  text(key: string): string | undefined {
    const value = this.#value(key);
    if (typeof value !== 'string' && value !== undefined) return this.#wrong(key, value, 'a text');
    const text = value?.trim() ?? '';
    return text === '' || text === 'NULL' ? undefined : text;
  }

  /** A flag, also as the texts true and false. */
  flag(key: string): boolean | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    return this.#wrong(key, value, 'true or false');
  }

  /** A finite number, also as text. */
  number(key: string): number | undefined {
    const value = this.#value(key);
    if (value === undefined || value === '' || value === 'NULL') return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : this.#wrong(key, value, 'a number');
  }

  object(key: string): CricFields | undefined {
    const value = this.#value(key);
    if (value === undefined || value === '') return undefined;
    return isObject(value) ? new CricFields(value, this.at(key), this.#report) : this.#wrong(key, value, 'an object');
  }

  /** A list of texts. */
  texts(key: string): string[] | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.#wrong(key, value, 'a list of texts');
    const texts: string[] = [];
    for (const [index, item] of value.entries()) {
      if (typeof item === 'string') texts.push(item);
      else this.#report.error(child(this.at(key), index), `expected a text, found ${kindOf(item)}`);
    }
    return texts;
  }

  /** Whatever is there, for what may be of more than one kind. */
  raw(key: string): unknown {
    return this.#value(key);
  }

  keys(): string[] {
    return Object.keys(this.#object);
  }

  /** Fields that are known and of no use to a lake. */
  skip(...keys: string[]): void {
    for (const key of keys) this.#asked.add(key);
  }

  /** The keys that nothing asked for. */
  unknown(): string[] {
    return this.keys().filter((key) => !this.#asked.has(key));
  }

  #value(key: string): unknown {
    this.#asked.add(key);
    const value = Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
    return value === null ? undefined : value;
  }

  #wrong(key: string, value: unknown, expected: string): undefined {
    this.#report.error(this.at(key), `expected ${expected}, found ${kindOf(value)}`);
    return undefined;
  }
}
