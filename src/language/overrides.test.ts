import { describe, expect, it } from 'vitest';
import { readDocument } from './document.ts';
import { applyOverrides, Override } from './overrides.ts';
import { strict, withDefault } from './schema-parts.ts';
import Type from 'typebox';

const schema = strict(
  {
    name: withDefault(Type.String({ description: 'A name.' }), 'x'),
    clock: withDefault(
      strict({ duration: Type.String({ description: 'How long.' }) }, { description: 'The day.' }),
      {},
    ),
  },
  { description: 'For the tests.' },
);

function after(text: string, ...set: string[]): unknown {
  const document = readDocument({ path: 'a.yaml', text, sha256: '' }, {});
  const overrides = set.map((each) => Override.parse(each));
  applyOverrides(overrides, document, schema);
  const problems = overrides.flatMap(({ report }) => report.problems);
  return problems.length > 0 ? problems.map(({ message }) => message) : JSON.parse(JSON.stringify(document.data));
}

describe('--set', () => {
  it('changes a value, reading it as YAML', () => {
    expect(after('a: 1\nb: { c: x }', 'a=2', 'b.c=[3, {d: 4}]')).toEqual({ a: 2, b: { c: [3, { d: 4 }] } });
  });

  it('reaches into lists with either notation', () => {
    expect(after('a: [{ b: 1 }, { b: 2 }]', 'a[1].b=3', 'a.0.b=4')).toEqual({ a: [{ b: 4 }, { b: 3 }] });
  });

  it('takes names with dots in them for what they are', () => {
    expect(after('a: { v1.2: { b: 1 }, v1: 5 }', 'a.v1.2.b=3')).toEqual({ a: { 'v1.2': { b: 3 }, v1: 5 } });
  });

  it('adds keys that the language knows, with the mappings around them', () => {
    expect(after('a: 1', 'clock.duration=2h')).toEqual({ a: 1, clock: { duration: '2h' } });
  });

  it('adds no keys that the language does not know, and leaves nothing behind when it fails', () => {
    expect(after('a: 1', 'clock.start=2h')).toEqual(['no "start" in clock']);
    const document = readDocument({ path: 'a.yaml', text: 'a: 1', sha256: '' }, {});
    applyOverrides([Override.parse('clock.start=2h')], document, schema);
    expect(JSON.stringify(document.data)).toBe('{"a":1}');
  });

  it('changes what an alias stands for in one place only', () => {
    expect(after('a: &x { b: 1 }\nc: *x', 'c.b=2')).toEqual({ a: { b: 1 }, c: { b: 2 } });
  });
});
