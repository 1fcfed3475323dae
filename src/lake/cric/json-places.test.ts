import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { child } from '../../language/pointer.ts';
import { placesOfJson } from './json-places.ts';

describe('the places of a JSON text', () => {
  it('tells line and column of each key and value', () => {
    const text = '{\n  "a": [1, {"b\\"/": "x,y"}],\n  "c": null\n}';
    const { keys, values, depth } = placesOfJson(text, 'f');
    const at = (line: number, column: number) => ({ file: 'f', line, column });
    expect(Object.fromEntries(keys)).toEqual({ '/a': at(2, 3), '/a/1/b"~1': at(2, 13), '/c': at(3, 3) });
    expect(Object.fromEntries(values)).toEqual({
      '': at(1, 1),
      '/a': at(2, 8),
      '/a/0': at(2, 9),
      '/a/1': at(2, 12),
      '/a/1/b"~1': at(2, 21),
      '/c': at(3, 8),
    });
    expect(depth).toBe(3);
  });

  it('finds keys that are there twice, also when one is written with an escape', () => {
    expect(placesOfJson('{"a":1,"b":{"c":1,"c":2},"\\u0061":3}', 'f').duplicates).toEqual(['/b/c', '/a']);
  });

  it('finds a place for everything, and nothing else, whatever the data and the spacing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, '\t'), (data, space) => {
        const { keys, values, duplicates } = placesOfJson(JSON.stringify(data, null, space), 'f');
        const pointers: string[] = [];
        const keyed: string[] = [];
        const walk = (value: unknown, pointer: string): void => {
          pointers.push(pointer);
          if (typeof value !== 'object' || value === null) return;
          for (const [key, inner] of Object.entries(value)) {
            if (!Array.isArray(value)) keyed.push(child(pointer, key));
            walk(inner, child(pointer, key));
          }
        };
        walk(JSON.parse(JSON.stringify(data)), '');
        expect([...values.keys()].toSorted()).toEqual(pointers.toSorted());
        expect([...keys.keys()].toSorted()).toEqual(keyed.toSorted());
        expect(duplicates).toEqual([]);
      }),
      { seed: 20201124, numRuns: 300 },
    );
  });
});
