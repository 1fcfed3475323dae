// Rucio's RSE expressions: the text by which a rule says on which storages its copies may lie.
//
//   expression := term (operator term)*          evaluated from left to right: no operator binds tighter than another
//   operator   := "|" union   "&" intersection   "\" complement
//   term       := "(" expression ")" | "*" | NAME | KEY ("=" | "!=" | "<" | ">") VALUE
//
// Grammar and meaning are those of Rucio 41 (lib/rucio/core/rse_expression_parser.py). Two things are ours, and
// `rucioText` takes them out: spaces between the parts, and `!=`.
import { FdrError } from '../core/errors.ts';
import type { Storage } from './lake.ts';

export type RseExpression =
  | { readonly kind: 'all' }
  /** A storage's name, or a tag: an attribute whose value is true. */
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'comparison';
      readonly key: string;
      readonly comparison: Comparison;
      readonly value: string;
    }
  | {
      readonly kind: 'union' | 'intersection' | 'complement';
      readonly left: RseExpression;
      readonly right: RseExpression;
    };

export type Comparison = '=' | '!=' | '<' | '>';

/** The longest expression Rucio keeps (column RULES.RSE_EXPRESSION). */
export const MAX_RSE_EXPRESSION_LENGTH = 3000;

/** What is wrong with an expression, and where: `offset` counts characters of the text from 0. */
export class RseExpressionError extends FdrError {
  readonly offset: number;

  constructor(message: string, offset: number, hint = '') {
    super('rse-expression', message, { hint });
    this.offset = offset;
  }
}

const OPERATORS = { '|': 'union', '&': 'intersection', '\\': 'complement' } as const;
const OPERATOR_TEXTS = { union: '|', intersection: '&', complement: '\\' } as const;
type OperatorText = keyof typeof OPERATORS;

const WORD = /[A-Za-z0-9._-]+/y;
const NAME = /^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$/;
const VALUE = /^[A-Za-z0-9_-]+$/;

interface Token {
  readonly kind: 'word' | 'operator' | 'comparison' | '(' | ')' | '*' | 'end';
  readonly text: string;
  readonly offset: number;
}

/** Reads an expression. Throws RseExpressionError with the place and what is wrong there. */
export function parseRseExpression(text: string): RseExpression {
  if (text.length > MAX_RSE_EXPRESSION_LENGTH) {
    throw new RseExpressionError(
      `the expression has ${text.length} characters; Rucio keeps at most ${MAX_RSE_EXPRESSION_LENGTH}`,
      MAX_RSE_EXPRESSION_LENGTH,
    );
  }
  if (text.trim() === '') throw new RseExpressionError('the expression is empty', 0, 'write * for all storages');
  const tokens = tokenize(text);
  const cursor = { tokens, next: 0 };
  const expression = parseTerms(cursor);
  const rest = peek(cursor);
  if (rest.kind === ')') throw new RseExpressionError('this ")" closes nothing', rest.offset);
  if (rest.kind !== 'end') throw expectedOperator(rest);
  return expression;
}

/**
 * The names of the storages an expression selects, in the order in which `storages` come. May be empty, where Rucio
 * refuses the rule. An expression given as text is parsed first, with parseRseExpression's errors.
 */
export function selectStorages(expression: string | RseExpression, storages: Iterable<Storage>): string[] {
  const parsed = typeof expression === 'string' ? parseRseExpression(expression) : expression;
  const selected: string[] = [];
  for (const storage of storages) if (matches(parsed, storage)) selected.push(storage.name);
  return selected;
}

/** Whether one storage is among those an expression selects. Each operator decides storage by storage. */
export function matches(expression: RseExpression, storage: Storage): boolean {
  switch (expression.kind) {
    case 'all':
      return true;
    case 'name':
      return storage.name === expression.name || isTrue(storage.attributes.get(expression.name));
    case 'comparison':
      return compare(expression.key, expression.comparison, expression.value, storage);
    case 'union':
      return matches(expression.left, storage) || matches(expression.right, storage);
    case 'intersection':
      return matches(expression.left, storage) && matches(expression.right, storage);
    case 'complement':
      return matches(expression.left, storage) && !matches(expression.right, storage);
  }
}

/** The shortest text of an expression: parsing it gives the same expression again. */
export function printRseExpression(expression: RseExpression): string {
  return print(expression, (key, value) => `${key}!=${value}`);
}

/** The expression in Rucio's own words, for a real Rucio: `key!=value` becomes `(*\key=value)`. */
export function rucioText(expression: RseExpression): string {
  return print(expression, (key, value) => `(*\\${key}=${value})`);
}

function print(expression: RseExpression, unequal: (key: string, value: string) => string): string {
  switch (expression.kind) {
    case 'all':
      return '*';
    case 'name':
      return expression.name;
    case 'comparison':
      if (expression.comparison === '!=') return unequal(expression.key, expression.value);
      return `${expression.key}${expression.comparison}${expression.value}`;
    default: {
      const right = print(expression.right, unequal);
      const grouped = 'left' in expression.right ? `(${right})` : right;
      return `${print(expression.left, unequal)}${OPERATOR_TEXTS[expression.kind]}${grouped}`;
    }
  }
}

/**
 * Rucio compares `=` as text, except that true and false are known in any case, and `<` and `>` as numbers: a storage
 * whose attribute is missing or no number is not selected.
 */
function compare(key: string, comparison: Comparison, value: string, storage: Storage): boolean {
  if (comparison === '=' || comparison === '!=') {
    const actual = columnOf(key, storage) ?? storage.attributes.get(key);
    const equal = actual !== undefined && foldBoolean(actual) === foldBoolean(value);
    return equal === (comparison === '=');
  }
  const actual = numberOf(storage.attributes.get(key) ?? '');
  const bound = numberOf(value);
  return comparison === '<' ? actual < bound : actual > bound;
}

/** What Rucio keeps of an RSE in columns of its own and not as attributes; a column goes before an attribute. */
function columnOf(key: string, storage: Storage): string | undefined {
  switch (key) {
    case 'rse':
      return storage.name;
    case 'rse_type':
      return storage.technology === 'tape' ? 'TAPE' : 'DISK';
    case 'deterministic':
      return String(storage.deterministic);
    default:
      return undefined;
  }
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && value.toLowerCase() === 'true';
}

function foldBoolean(value: string): string {
  const folded = value.toLowerCase();
  return folded === 'true' || folded === 'false' ? folded : value;
}

/** NaN where the text is no number; true and false count as 1 and 0, as they do in Rucio's comparison. */
function numberOf(text: string): number {
  const folded = text.trim().toLowerCase();
  if (folded === 'true') return 1;
  if (folded === 'false') return 0;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(folded) ? Number(folded) : Number.NaN;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    const character = text[offset] ?? '';
    const token = /\s/.test(character) ? undefined : tokenAt(text, offset, character);
    if (token !== undefined) tokens.push(token);
    offset += token?.text.length ?? 1;
  }
  tokens.push({ kind: 'end', text: '', offset: text.length });
  return tokens;
}

function tokenAt(text: string, offset: number, character: string): Token {
  if (character === '(' || character === ')' || character === '*') return { kind: character, text: character, offset };
  if (character in OPERATORS) return { kind: 'operator', text: character, offset };
  if (text.startsWith('!=', offset)) return { kind: 'comparison', text: '!=', offset };
  if (character === '=' || character === '<' || character === '>') {
    return { kind: 'comparison', text: character, offset };
  }
  WORD.lastIndex = offset;
  const word = WORD.exec(text)?.[0];
  if (word !== undefined) return { kind: 'word', text: word, offset };
  const shown = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  throw new RseExpressionError(
    `${JSON.stringify(shown)} has no meaning in an RSE expression`,
    offset,
    'names, key=value, * and the operators |, &, \\ and parentheses are known',
  );
}

interface Cursor {
  readonly tokens: readonly Token[];
  next: number;
}

function peek(cursor: Cursor): Token {
  const token = cursor.tokens[cursor.next];
  if (token === undefined) throw new Error('internal fault: read past the end of an RSE expression');
  return token;
}

function take(cursor: Cursor): Token {
  const token = peek(cursor);
  if (token.kind !== 'end') cursor.next += 1;
  return token;
}

function parseTerms(cursor: Cursor): RseExpression {
  let left = parseTerm(cursor, undefined);
  while (peek(cursor).kind === 'operator') {
    const operator = take(cursor);
    const right = parseTerm(cursor, operator);
    left = { kind: OPERATORS[operator.text as OperatorText], left, right };
  }
  return left;
}

/** `before` is the operator whose right-hand side this is; undefined at the start of an expression. */
function parseTerm(cursor: Cursor, before: Token | undefined): RseExpression {
  const token = take(cursor);
  switch (token.kind) {
    case '(':
      return parseGroup(cursor, token);
    case '*':
      return { kind: 'all' };
    case 'word':
      return parsePrimitive(cursor, token);
    case 'comparison':
      throw new RseExpressionError(`a key is missing before "${token.text}"`, token.offset);
    default: {
      const after = before === undefined ? '' : ` after "${before.text}"`;
      const where = token.kind === 'end' ? '' : `; found "${token.text}"`;
      throw new RseExpressionError(`a storage, key=value or * is missing${after}${where}`, token.offset);
    }
  }
}

function parseGroup(cursor: Cursor, open: Token): RseExpression {
  const inner = parseTerms(cursor);
  const close = take(cursor);
  if (close.kind === ')') return inner;
  if (close.kind === 'end') throw new RseExpressionError('this "(" is never closed', open.offset);
  throw expectedOperator(close);
}

function parsePrimitive(cursor: Cursor, word: Token): RseExpression {
  if (peek(cursor).kind !== 'comparison') {
    if (peek(cursor).kind === '*') throw expectedOperator(peek(cursor));
    if (!NAME.test(word.text)) {
      throw new RseExpressionError(
        `"${word.text}" is no storage's name in Rucio: letters and digits, single _ or - between them`,
        word.offset,
      );
    }
    return { kind: 'name', name: word.text };
  }
  const comparison = take(cursor);
  const value = take(cursor);
  if (value.kind !== 'word') {
    throw new RseExpressionError(`a value is missing after "${word.text}${comparison.text}"`, value.offset);
  }
  if (!VALUE.test(value.text)) {
    throw new RseExpressionError(
      `"${value.text}" is no value Rucio can ask for: letters, digits, _ and - only`,
      value.offset,
    );
  }
  return { kind: 'comparison', key: word.text, comparison: comparison.text as Comparison, value: value.text };
}

function expectedOperator(found: Token): RseExpressionError {
  const hint = found.kind === '*' ? '* stands alone for all storages: Rucio has no wildcards inside names' : '';
  return new RseExpressionError(`expected |, & or \\ before "${found.text}"`, found.offset, hint);
}
