// Schemas in words, for people: the tables of docs/reference.
import { formatCount, QUANTITY_NOUNS } from '../core/units.ts';
import { flowText } from './flow-text.ts';
import type { QuantityForm } from './schema-parts.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The default of a key in words, or empty where it has none. */
export function defaultText(schema: Schema): string {
  if (typeof schema['defaultText'] === 'string') return schema['defaultText'];
  const value = schema['default'];
  if (value === undefined || (typeof value === 'object' && Object.keys(value as object).length === 0)) return '';
  return flowText(value);
}

/** Markdown: one section with a table for the keys of each mapping, in the order of the language. */
export function describeLanguage(schema: object): string {
  return sections(schema as Schema, '').join('\n\n');
}

function sections(schema: Schema, path: string): string[] {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const required = (schema['required'] ?? []) as string[];
  const heading = path === '' ? '## Top level' : `## ${path}`;
  const rows = properties.map(
    ([key, value]) =>
      `| \`${key}\` | ${cell(typeText(value, path === '' ? key : `${path}.${key}`))} | ` +
      `${required.includes(key) ? '**required**' : cell(defaultText(value))} | ${cell(String(value['description']))}${exampleText(value)} |`,
  );
  const table = ['| key | value | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const own = [`${heading}\n\n${String(schema['description'])}\n\n${table}`];
  const inner = properties.flatMap(([key, value]) => innerSections(value, path === '' ? key : `${path}.${key}`));
  return [...own, ...inner];
}

function innerSections(schema: Schema, path: string): string[] {
  const { schema: mapping, path: below } = mappingIn(schema, path);
  return mapping === undefined ? [] : sections(mapping, below);
}

/** The mapping of known keys that a value is, or is made of; a law is told once for all. */
function mappingIn(schema: Schema, path: string): { schema: Schema | undefined; path: string } {
  if (schema['lawOf'] !== undefined) return { schema: undefined, path };
  if (schema['properties'] !== undefined) return { schema, path };
  const items = schema['items'] as Schema | undefined;
  if (items?.['properties'] !== undefined) return { schema: items, path: `${path}[]` };
  const additional = schema['additionalProperties'] as Schema | undefined;
  if (typeof additional === 'object' && additional['properties'] !== undefined) {
    return { schema: additional, path: `${path}.${placeholder(schema, path)}` };
  }
  return { schema: undefined, path };
}

/** How the name in a mapping of names is shown: `SITE`. */
function placeholder(schema: Schema, path: string): string {
  const of = schema['nameOf'] as string | undefined;
  const word = of?.split(' ')[0] ?? (path.endsWith('limits') ? 'WHERE' : 'NAME');
  return word.toUpperCase();
}

function typeText(schema: Schema, path: string): string {
  const { schema: mapping, path: below } = mappingIn(schema, path);
  const link = mapping === undefined ? '' : `[${below}](#${anchor(below)})`;
  const form = schema['quantity'] as QuantityForm | undefined;
  if (form !== undefined) {
    const noun = QUANTITY_NOUNS[form].noun.replace(/^an? /, '');
    const words = ((schema['orWords'] ?? []) as string[]).map((word) => ` or \`${word}\``).join('');
    return `${noun}${words}${schema['lawOf'] === undefined ? '' : ' or [law](languages.md#laws)'}`;
  }
  if (schema['orInline'] !== undefined) return 'text, or a [lake](lake.md)';
  const types = [schema['type']].flat().map(String);
  const words = ((schema['words'] ?? schema['enum']) as string[] | undefined)?.map((word) => `\`${word}\``).join(', ');
  const parts = types.map((type) => {
    switch (type) {
      case 'array':
        return link === '' ? 'list' : `list of ${link}`;
      case 'object':
        return mapping === schema ? `mapping: ${link}` : link === '' ? 'mapping' : `mapping of names to ${link}`;
      case 'string':
        return words === undefined ? 'text' : `one of ${words}`;
      case 'integer':
        return `whole number${rangeText(schema)}`;
      case 'number':
        return schema['const'] === undefined ? `number${rangeText(schema)}` : String(schema['const']);
      default:
        return 'true or false';
    }
  });
  return parts.join(', or ');
}

function rangeText(schema: Schema): string {
  const { minimum, maximum, exclusiveMinimum } = schema as Record<string, number | undefined>;
  const least = exclusiveMinimum === undefined ? minimum : `more than ${exclusiveMinimum}`;
  if (least === undefined && maximum === undefined) return '';
  if (maximum === undefined || maximum >= 1_000_000) return ` from ${String(least)}`;
  return `, ${String(least)} to ${formatCount(maximum)}`;
}

function exampleText(schema: Schema): string {
  const examples = (schema['examples'] ?? []) as unknown[];
  const form = schema['quantity'] as QuantityForm | undefined;
  // A default says already what the form is.
  if (form !== undefined && examples === QUANTITY_NOUNS[form].examples && schema['default'] !== undefined) return '';
  const shown = examples.map((example) => `\`${cell(flowText(example))}\``).join(', ');
  return shown === '' || schema['enum'] !== undefined || defaultText(schema) === flowText(examples[0])
    ? ''
    : ` For example ${shown}.`;
}

/** GitHub's anchor of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

/** Text in a cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('\\*\\*required\\*\\*', '**required**');
}
