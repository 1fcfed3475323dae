import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatProblem } from '../core/problem.ts';
import { readDocument } from './document.ts';

function read(text: string, env: Record<string, string> = {}): { data: unknown; problems: string[] } {
  const { data, report } = readDocument({ path: 'a.yaml', text, sha256: '' }, env);
  return { data: JSON.parse(JSON.stringify(data)) as unknown, problems: report.problems.map(formatProblem) };
}

describe('reading YAML', () => {
  it('reads what the YAML library writes, whatever it is', () => {
    const values = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('$'));
    fc.assert(
      fc.property(values, (value) => {
        const text = stringify(value);
        // The library's own reading is the measure; it differs from ours where two keys are the same.
        expect(read(text)).toEqual({ data: JSON.parse(JSON.stringify(parse(text))) as unknown, problems: [] });
      }),
      { seed: 20201124, numRuns: 300 },
    );
  });

  it('takes CRLF line ends as they are', () => {
    expect(read('a: 1\r\nb:\r\n  c: x\r\n')).toEqual({ data: { a: 1, b: { c: 'x' } }, problems: [] });
  });

  it('fills in aliases and merge keys; what is written goes before what is merged', () => {
    const text = 'a: &a { x: 1, y: 2 }\nb: &b { y: 3, z: 4 }\nc: { <<: *a, y: 5 }\nd: { <<: [*a, *b] }\n';
    expect(read(text).data).toMatchObject({ c: { x: 1, y: 5 }, d: { x: 1, y: 2, z: 4 } });
  });

  it('reads yes, no, 0o7 and 06:00 as YAML 1.2 does', () => {
    expect(read('[yes, no, NO, 0o7, 06:00, 1e3, ~, true]').data).toEqual([
      'yes',
      'no',
      'NO',
      7,
      '06:00',
      1000,
      null,
      true,
    ]);
  });

  it('has no prototype that a key could reach', () => {
    const { data } = readDocument({ path: 'a.yaml', text: '__proto__: { polluted: 1 }', sha256: '' }, {});
    expect(Object.keys(data as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('stops at aliases that would grow without bound', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [one, two] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'])
      bomb.push(`${two}: &${two} [${`*${one}, `.repeat(9)}*${one}]`);
    expect(read(bomb.join('\n')).problems).toEqual([
      expect.stringContaining('more than 250,000 values once aliases are expanded'),
    ]);
  });
});

describe('values from the environment', () => {
  it('are read as if they were written without quotes', () => {
    const env = { SEED: '7', SITE: 'CERN', EMPTY: '' };
    const text = 'a: ${SEED}\nb: "${SEED}"\nc: at ${SITE}!\nd: ${NONE:-90s}\ne: ${EMPTY:-true}\nf: ${NONE:-}\n';
    expect(read(text, env)).toEqual({
      data: { a: 7, b: 7, c: 'at CERN!', d: '90s', e: true, f: null },
      problems: [],
    });
  });

  it('cannot bring structure in', () => {
    expect(read('a: ${X}', { X: '[1, 2]\nb: 3' }).data).toEqual({ a: '[1, 2]\nb: 3' });
  });

  it('are not looked for in $${NAME}, in keys and in comments', () => {
    expect(read('a: $${X}\n${X}: 1 # ${X}\n')).toEqual({ data: { a: '${X}', '${X}': 1 }, problems: [] });
  });

  it('that are missing are told with their place', () => {
    expect(read('a: ab ${X}\n').problems).toEqual([
      'a.yaml:1:7 a: the environment has no X; set it, or give a default: ${X:-...}',
    ]);
  });
});
