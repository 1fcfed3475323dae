// Spoils a YAML text as people and editors do, and worse: every change follows from a seed.
import type { RandomStream } from '../../src/core/random.ts';

/** Pieces that mean something to YAML, to the languages, or to neither. */
const PIECES = [
  ':',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ',',
  '#',
  ' #',
  '- ',
  '? ',
  '|',
  '>',
  '|\n',
  '>-\n',
  '\n',
  '\n\n',
  '\t',
  ' ',
  '&a ',
  '*a',
  '<<: *a',
  '!!str ',
  '!x ',
  '---',
  '\n---\n',
  '...',
  '%YAML 1.1\n',
  '@',
  '`',
  '\\',
  '~',
  'null',
  'true',
  '.nan',
  '.inf',
  '-1',
  '0',
  '1e999',
  '0x1F',
  '99999999999999999999',
  '3.7',
  '__proto__',
  'constructor',
  'toString',
  '${',
  '${X}',
  '${X:-1}',
  '$${',
  'é',
  '日本',
  '😀',
  '\u0000',
  '\u0007',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\u00a0',
  '\r',
  '\r\n',
  'class=FAST',
  '&country!=CH',
  '(',
  ')',
  '|',
  '\\',
  'copies: 5',
  'at: 25:00',
  '1 mb',
  '5 Gbit',
  '120%',
  '-5s',
  '06:00+1d',
];
const UNITS = [
  'B',
  'MB',
  'mb',
  'GiB',
  'TB',
  'EB',
  'Gbit/s',
  'gbit/s',
  'MB/s',
  's',
  'ms',
  'min',
  'h',
  'd',
  '%',
  '/h',
  '',
  'x',
  ' ',
];

type Change = (text: string, pick: (bound: number) => number) => string;

const onLines =
  (change: (lines: string[], pick: (bound: number) => number) => void): Change =>
  (text, pick) => {
    const lines = text.split('\n');
    change(lines, pick);
    return lines.join('\n');
  };

/** Replaces one match of a pattern, chosen at random. */
const onMatch =
  (pattern: RegExp, replace: (found: string, pick: (bound: number) => number, text: string) => string): Change =>
  (text, pick) => {
    const matches = [...text.matchAll(pattern)];
    const match = matches[pick(matches.length)];
    if (match === undefined) return text;
    return text.slice(0, match.index) + replace(match[0], pick, text) + text.slice(match.index + match[0].length);
  };

const CHANGES: readonly Change[] = [
  onLines((lines, pick) => lines.splice(pick(lines.length), 1 + pick(3))),
  onLines((lines, pick) => {
    const at = pick(lines.length);
    lines.splice(at, 0, ...lines.slice(at, at + 1 + pick(4)));
  }),
  onLines((lines, pick) => {
    const [one, other] = [pick(lines.length), pick(lines.length)];
    [lines[one], lines[other]] = [lines[other] ?? '', lines[one] ?? ''];
  }),
  onLines((lines, pick) => {
    const from = pick(lines.length);
    lines.splice(pick(lines.length), 0, ...lines.slice(from, from + 1 + pick(12)));
  }),
  onLines((lines, pick) => {
    const at = pick(lines.length);
    const by =
      pick(2) === 0 ? (line: string) => ' '.repeat(1 + pick(4)) + line : (line: string) => line.replace(/^ {1,2}/, '');
    for (let line = at; line < Math.min(lines.length, at + 1 + pick(5)); line++) lines[line] = by(lines[line] ?? '');
  }),
  onLines((lines, pick) => {
    const at = pick(lines.length);
    lines[at] = (lines[at] ?? '').replace(/^ +/, (spaces) => '\t'.repeat(Math.ceil(spaces.length / 2)));
  }),
  (text, pick) => {
    const at = pick(text.length + 1);
    return text.slice(0, at) + PIECES[pick(PIECES.length)] + text.slice(at);
  },
  (text, pick) => {
    const at = pick(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + pick(20));
  },
  (text, pick) => {
    const at = pick(text.length + 1);
    return text.slice(0, at) + String.fromCharCode(32 + pick(95)) + text.slice(at + 1);
  },
  (text, pick) => text.slice(0, pick(text.length + 1)),
  onMatch(
    /\d+(\.\d+)?/g,
    (found, pick) =>
      ['0', `-${found}`, `${found}000`, `${found}.5`, '', '1e30', `${found}${found}${found}`, '9007199254740993'][
        pick(8)
      ] ?? '',
  ),
  onMatch(/(?<=\d) ?[A-Za-z%/]+/g, (_, pick) => ` ${UNITS[pick(UNITS.length)]}`),
  onMatch(/[A-Za-z][\w-]*/g, (_, pick, text) => {
    const words = text.match(/[A-Za-z][\w-]*/g) ?? [''];
    return words[pick(words.length)] ?? '';
  }),
  onMatch(/[\w-]+(?=:)/g, (found, pick) => found.slice(0, pick(found.length)) + found.slice(1 + pick(found.length))),
  onMatch(
    /(?<=: )[^\n,{}[\]]+/g,
    (found, pick) =>
      [
        `{ ${found} }`,
        `[${found}]`,
        `{ a: ${found} }`,
        `[[[[${found}]]]]`,
        `"${found}"`,
        `'${found}`,
        `&x ${found}`,
        '*x',
        '',
      ][pick(9)] ?? '',
  ),
  onMatch(/["'{}[\]]/g, () => ''),
];

/** A spoilt copy of a text: one to four changes, the same for the same seed and number. */
export function mutate(text: string, stream: RandomStream, number: number): string {
  let draw = 0;
  const pick = (bound: number): number => (bound <= 0 ? 0 : stream.integer(bound, number, draw++));
  let spoilt = text;
  for (let change = 0; change <= pick(4); change++) {
    const apply = CHANGES[pick(CHANGES.length)];
    if (apply !== undefined) spoilt = apply(spoilt, pick);
  }
  return spoilt;
}
