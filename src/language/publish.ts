// The schemas as others get them: plain JSON Schema (draft 2020-12), for editors and other programs.
import { QUANTITY_PATTERNS } from '../core/units.ts';
import { defaultText } from './describe.ts';
import type { QuantityForm } from './schema-parts.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What only our own validation and documentation read. */
const OWN_KEYWORDS = new Set([
  'quantity',
  'positive',
  'most',
  'mostText',
  'orWords',
  'words',
  'lawOf',
  'defaultText',
  'nameOf',
  'nameRule',
  'patternText',
  'orInline',
]);

/** A schema of ours as a JSON Schema that any validator reads: forms of quantities become patterns. */
export function publishedSchema(schema: object): object {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...publishObject(schema as Schema) };
}

function publish(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(publish);
  return node === null || typeof node !== 'object' ? node : publishObject(node as Schema);
}

function publishObject(schema: Schema): Schema {
  const published: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (OWN_KEYWORDS.has(key)) continue;
    published[key] = key === 'properties' ? publishEach(value as Schema) : publishKeyword(key, value);
  }
  const pattern = patternOf(schema);
  if (pattern !== undefined) published['pattern'] = pattern;
  if (typeof schema['description'] === 'string') {
    const text = defaultText(schema);
    published['description'] = text === '' ? schema['description'] : `${schema['description']} Default: ${text}.`;
  }
  if (schema['orInline'] !== undefined) return eitherInline(published, schema['orInline']);
  return published;
}

function publishEach(properties: Schema): Schema {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, publish(value)]));
}

/** Values that are data and not schemas are kept as they are. */
function publishKeyword(key: string, value: unknown): unknown {
  return ['default', 'examples', 'enum', 'const', 'required'].includes(key) ? value : publish(value);
}

function patternOf(schema: Schema): string | undefined {
  const words = (schema['orWords'] ?? schema['words'] ?? []) as string[];
  const alternatives = words.map((word) => `^${word}$`);
  const form = schema['quantity'] as QuantityForm | undefined;
  if (form !== undefined) alternatives.unshift(QUANTITY_PATTERNS[form]);
  return alternatives.length === 0 ? undefined : alternatives.join('|');
}

function eitherInline(text: Record<string, unknown>, inline: unknown): Schema {
  const { description, examples, ...rest } = text;
  return { description, examples, anyOf: [rest, publish(inline)] };
}
