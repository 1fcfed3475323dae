// The pieces that both languages' schemas are built from. A schema is written once, in TypeScript, with typebox:
// it validates (ajv), gives the static types of what passed, fills the defaults, and is published for editors.
import Type, { type TObject, type TProperties, type TSchema, type TUnsafe } from 'typebox';
import { QUANTITY_NOUNS, type QuantityKind } from '../core/units.ts';
import { LIMITS } from './limits.ts';

/** Every key says what it is; `examples` help editors. */
export interface Words {
  readonly description: string;
  readonly examples?: readonly unknown[];
  /** For people, where the default is not one value: `the storage's own site`. */
  readonly defaultText?: string;
}

export type QuantityForm = QuantityKind | 'money-per-byte' | 'moment';

/** What a quantity may be beyond its form. The bounds are in its base unit and inclusive. */
export interface QuantityBounds {
  /** More than nothing. */
  readonly positive?: boolean;
  readonly most?: number;
  /** The bound `most` for people. */
  readonly mostText?: string;
  /** Words that may stand in place of the quantity, such as `unlimited`. */
  readonly orWords?: readonly string[];
}

/** A quantity with its unit, as text. */
export function quantity(form: QuantityForm, words: Words, bounds: QuantityBounds = {}): TUnsafe<string> {
  return Type.Unsafe<string>({
    type: 'string',
    quantity: form,
    ...bounds,
    ...words,
    examples: words.examples ?? QUANTITY_NOUNS[form].examples,
  });
}

export type WrittenLaw =
  | string
  | { lognormal: { median: string; sigma: number; min?: string; max?: string } }
  | { exponential: { mean: string; min?: string; max?: string } }
  | { uniform: { min: string; max: string } };

/** A quantity, or the law of its distribution. */
export function law(form: 'bytes' | 'duration', words: Words, bounds: QuantityBounds = {}): TUnsafe<WrittenLaw> {
  const { examples } = QUANTITY_NOUNS[form];
  const part = (description: string): TSchema => quantity(form, { description }, bounds);
  const bound = (description: string): TSchema => Type.Optional(quantity(form, { description, defaultText: 'none' }));
  return Type.Unsafe<WrittenLaw>({
    type: ['string', 'object'],
    quantity: form,
    lawOf: form,
    ...bounds,
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
    properties: {
      lognormal: strict(
        {
          median: part('Half are smaller.'),
          sigma: Type.Number({ minimum: 0, maximum: 5, description: 'Standard deviation of the natural logarithm.' }),
          min: bound('Smaller ones are made this.'),
          max: bound('Larger ones are made this.'),
        },
        { description: 'Lognormal: the logarithm is normally distributed.' },
      ),
      exponential: strict(
        {
          mean: part('The mean.'),
          min: bound('Smaller ones are made this.'),
          max: bound('Larger ones are made this.'),
        },
        { description: 'Exponential.' },
      ),
      uniform: strict(
        { min: quantity(form, { description: 'The smallest.' }, bounds), max: part('The largest.') },
        { description: 'Uniform: all between are equally likely.' },
      ),
    },
    ...words,
    examples: words.examples ?? [examples[0], { lognormal: { median: examples[0], sigma: 0.5 } }],
  });
}

/** A mapping that refuses unknown keys. */
export function strict<T extends TProperties>(properties: T, words: Words & Record<string, unknown>): TObject<T> {
  return Type.Object(properties, { additionalProperties: false, ...words });
}

/** A key that may be left out and has no one default. */
export function optional<T extends TSchema>(schema: T): ReturnType<typeof Type.Optional<T>> {
  return Type.Optional(schema);
}

/**
 * A key that may be left out and then has this value. To the type checker the key is always there: whoever holds
 * validated data has the defaults filled in.
 */
export function withDefault<T extends TSchema>(schema: T, value: unknown): T {
  return Type.Optional({ ...schema, default: value }) as T;
}

/** What sites, storages, experiments and the like may be called: it ends up in file names, addresses and RSE expressions. */
export const NAME_PATTERN = `^[A-Za-z0-9][A-Za-z0-9._-]{0,${LIMITS.nameLength - 1}}$`;
export const NAME_RULE = `letters, digits and . _ - only, starting with a letter or digit, at most ${LIMITS.nameLength}`;

/** A mapping from names to things of one kind. */
export function named<T extends TSchema>(
  thing: T,
  words: Words & { of: string; most: number; least?: number; names?: { pattern: string; rule: string } },
): TUnsafe<Record<string, Type.Static<T>>> {
  const { of, most, least, names, ...rest } = words;
  return Type.Unsafe<Record<string, Type.Static<T>>>({
    type: 'object',
    additionalProperties: thing,
    propertyNames: { pattern: names?.pattern ?? NAME_PATTERN },
    nameOf: of,
    ...(names === undefined ? {} : { nameRule: names.rule }),
    maxProperties: most,
    ...(least === undefined ? {} : { minProperties: least }),
    ...rest,
  });
}

/** Keys of which exactly one must be there, as an item of `allOf`. */
export function exactlyOne(...keys: string[]): object {
  return { oneOf: keys.map((key) => ({ required: [key] })) };
}

/** Text without control characters, not empty. */
export function text(words: Words, most = 200): Type.TString {
  return Type.String({ minLength: 1, maxLength: most, ...words });
}

export function count(words: Words, least: number, most: number): Type.TInteger {
  return Type.Integer({ minimum: least, maximum: most, ...words });
}

/** One of a few words. */
export function oneOfWords<const T extends readonly string[]>(choices: T, words: Words): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...choices], ...words });
}
