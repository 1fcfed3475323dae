import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commentText, flowMap, scalar } from './lake-text.ts';

describe('text of a lake file', () => {
  it.each([
    ['EULAKE-1', 'EULAKE-1'],
    ['davs://se.example:443/a_b', 'davs://se.example:443/a_b'],
    ['NULL', "'NULL'"],
    ['1E5', "'1E5'"],
    ['true', "'true'"],
    ["it's, so", "'it''s, so'"],
    ['${HOME}', "'$${HOME}'"],
    ['a\nb', '"a\ufffdb"'],
  ])('%j is written %s', (text, written) => {
    expect(scalar(text)).toBe(written);
  });

  it('a scalar is read back as the text it was, alone and in a flow mapping', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'aN1 \'"#:,{}[]&*!|>%@`?-~=/\\.\té'), maxLength: 12 });
    fc.assert(
      fc.property(texts, (text) => {
        const expected = text.replaceAll('\t', '\ufffd');
        expect(parse(`key: ${scalar(text)} # comment`)).toEqual({ key: expected });
        expect(parse(flowMap([['key', scalar(text)]]))).toEqual({ key: expected });
      }),
      { seed: 20201124, numRuns: 1000 },
    );
  });

  it('a comment stays in its line', () => {
    expect(commentText(' a\r\n# b: \u2028 c\u0000 ')).toBe('a # b: c');
  });
});
