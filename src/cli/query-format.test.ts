import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QueryColumn } from '../record/query.ts';
import { cellText, csvLine, jsonCell, tableText } from './query-format.ts';

const columns = (...names: string[]): QueryColumn[] =>
  names.map((name) => ({ name, type: name === 'n' ? 'BIGINT' : 'VARCHAR', isNumber: name === 'n' }));

describe('CSV', () => {
  test('quotes what would be taken for something else (RFC 4180)', () => {
    expect(csvLine(['plain', 'a,b', 'say "hi"', 'two\nlines', '', null])).toBe(
      'plain,"a,b","say ""hi""","two\nlines",,\n',
    );
  });

  test('gives numbers so that they read back the same', () => {
    expect(csvLine([0.1, 1e300, -0, 5, 9007199254740993n, true])).toBe('0.1,1e+300,0,5,9007199254740993,true\n');
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(Number(cellText(value))).toBe(value === 0 ? 0 : value);
      }),
      { seed: 5 },
    );
  });

  test('gives lists and structs as JSON', () => {
    expect(csvLine([[1, 'x'], { a: null }])).toBe('"[1,""x""]","{""a"":null}"\n');
  });
});

test('JSON has no number that is none, and whole numbers beyond 2^53 as text', () => {
  expect([NaN, Infinity, 9007199254740993n, 1.5, null, { a: [NaN] }].map(jsonCell)).toEqual([
    null,
    null,
    '9007199254740993',
    1.5,
    null,
    { a: [null] },
  ]);
});

describe('a table', () => {
  test('has a head, and numbers at the right', () => {
    expect(
      tableText(
        columns('kind', 'n'),
        [
          ['upload', 5],
          ['rule', 1234],
        ],
        80,
      ),
    ).toBe('kind       n\n──────  ────\nupload     5\nrule    1234\n'.replace('kind       n', 'kind    n'));
  });

  test('is cut to the width of the terminal, the widest columns first', () => {
    const text = tableText(columns('kind', 'name', 'n'), [['transfer', 'x'.repeat(100), 7]], 40);
    expect(text).toContain('transfer');
    expect(text).toContain('…');
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(40);
  });

  test('of more columns than fit is a list of records', () => {
    const names = Array.from({ length: 26 }, (_, index) => `column_${index}`);
    const text = tableText(columns(...names), [names.map((_, index) => 'v'.repeat(index))], 60);
    expect(text.split('\n').slice(0, 3)).toEqual(['row 1', '  column_0', '  column_1   v']);
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(60);
  });

  test('never writes a line longer than the terminal is wide', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 50 }), fc.integer(), fc.constant(null));
    const shape = fc.integer({ min: 1, max: 8 }).chain((width) =>
      fc.record({
        names: fc.array(fc.string({ minLength: 1, maxLength: 20 }), { minLength: width, maxLength: width }),
        rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }),
        width: fc.integer({ min: 20, max: 120 }),
      }),
    );
    fc.assert(
      fc.property(shape, ({ names, rows, width }) => {
        const text = tableText(columns(...names), rows, width);
        for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(width);
      }),
      { seed: 6 },
    );
  });

  test('shows no control characters', () => {
    expect(tableText(columns('kind'), [['a\u001b[31mred\nb']], 80)).toBe(
      'kind\n────────────\na·[31mred·b\n'.replace('────────────', '───────────'),
    );
  });
});
