import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Storage } from './lake.ts';
import {
  MAX_RSE_EXPRESSION_LENGTH,
  RseExpressionError,
  matches,
  parseRseExpression,
  printRseExpression,
  rucioText,
  selectStorages,
  type RseExpression,
} from './rse-expression.ts';

function storage(name: string, attributes: Record<string, string>, more: Partial<Storage> = {}): Storage {
  return {
    name,
    site: 'CERN',
    technology: 'eos',
    qosClass: '',
    attributes: new Map(Object.entries({ [name]: 'true', ...attributes })),
    capacityBytes: 1e12,
    usedBytes: 0,
    readBps: 1e9,
    writeBps: 1e9,
    perStreamBps: Number.POSITIVE_INFINITY,
    setUp: { kind: 'constant', value: 0 },
    deterministic: true,
    verifyChecksum: true,
    protocols: [],
    tape: undefined,
    ...more,
  };
}

// The five RSEs, attributes and tags of Rucio's own test (tests/test_rse_expression_parser.py): the answers below are its.
const RUCIO_TEST_RSES = [
  storage('RSE1', { attr: 'at', number: '10', tag1: 'true' }),
  storage('RSE2', { attr: 'de', number: '20', tag1: 'True' }),
  storage('RSE3', { attr: 'fr', number: '30', tag1: 'true' }),
  storage('RSE4', { attr: 'uk', number: '40', tag2: 'true' }),
  storage('RSE5', { attr: 'us', number: '50', tag2: 'true' }),
];

describe('an RSE expression selects what Rucio selects', () => {
  it.each([
    ['RSE1', ['RSE1']],
    ['attr=uk', ['RSE4']],
    ['*', ['RSE1', 'RSE2', 'RSE3', 'RSE4', 'RSE5']],
    ['tag1', ['RSE1', 'RSE2', 'RSE3']],
    ['(tag1)', ['RSE1', 'RSE2', 'RSE3']],
    ['tag1|tag2', ['RSE1', 'RSE2', 'RSE3', 'RSE4', 'RSE5']],
    ['tag1\\RSE3', ['RSE1', 'RSE2']],
    ['tag2&attr=uk', ['RSE4']],
    ['tag1\\RSE3|attr=fr', ['RSE1', 'RSE2', 'RSE3']],
    ['tag1\\(RSE3|attr=fr)', ['RSE1', 'RSE2']],
    ['(tag1|tag2)\\tag2|tag2&tag1', ['RSE1', 'RSE2', 'RSE3']],
    ['(((((tag1))))|attr=us)&tag2|(attr=at|attr=de)', ['RSE1', 'RSE2', 'RSE5']],
    ['(*)&attr=at', ['RSE1']],
    ['number<11', ['RSE1']],
    ['number<21', ['RSE1', 'RSE2']],
    ['number>49', ['RSE5']],
    ['number>30', ['RSE4', 'RSE5']],
  ])('%s', (expression, expected) => {
    expect(selectStorages(expression, RUCIO_TEST_RSES)).toEqual(expected);
  });

  it('selects nothing where Rucio would refuse an empty set', () => {
    expect(selectStorages('number<9', RUCIO_TEST_RSES)).toEqual([]);
    expect(selectStorages('TEST-RSE999', RUCIO_TEST_RSES)).toEqual([]);
  });

  it('evaluates from left to right: & does not bind tighter than |', () => {
    expect(selectStorages('RSE1|RSE5&tag2', RUCIO_TEST_RSES)).toEqual(['RSE5']);
    expect(selectStorages('RSE1|(RSE5&tag2)', RUCIO_TEST_RSES)).toEqual(['RSE1', 'RSE5']);
    expect(selectStorages('*\\tag1\\RSE4', RUCIO_TEST_RSES)).toEqual(['RSE5']);
  });

  it('compares = as text and < and > as numbers', () => {
    const storages = [storage('A', { tier: '1' }), storage('B', { tier: '1.0' }), storage('C', { tier: 'first' })];
    expect(selectStorages('tier=1', storages)).toEqual(['A']);
    expect(selectStorages('tier<2', storages)).toEqual(['A', 'B']);
    expect(selectStorages('tier>0', storages)).toEqual(['A', 'B']);
    expect(selectStorages('tier>first', storages)).toEqual([]);
    expect(selectStorages('weight>0', storages)).toEqual([]);
    expect(selectStorages('tier>-1', storages)).toEqual(['A', 'B']);
  });

  it('knows true and false in any case, and other values only as written', () => {
    const storages = [storage('A', { greedyDeletion: 'True', QOS: 'FAST' }), storage('B', { greedyDeletion: 'false' })];
    expect(selectStorages('greedyDeletion', storages)).toEqual(['A']);
    expect(selectStorages('greedyDeletion=TRUE', storages)).toEqual(['A']);
    expect(selectStorages('greedyDeletion=False', storages)).toEqual(['B']);
    expect(selectStorages('QOS=fast', storages)).toEqual([]);
    expect(selectStorages('qos=FAST', storages)).toEqual([]);
  });

  it('knows what Rucio keeps in columns: rse, rse_type and deterministic', () => {
    const storages = [
      storage('A', {}),
      storage('B', {}, { technology: 'tape' }),
      storage('C', {}, { deterministic: false }),
    ];
    expect(selectStorages('rse=A', storages)).toEqual(['A']);
    expect(selectStorages('rse_type=TAPE', storages)).toEqual(['B']);
    expect(selectStorages('rse_type=DISK&deterministic=true', storages)).toEqual(['A']);
  });

  it('keeps the order of the lake and not that of the expression', () => {
    expect(selectStorages('RSE5|RSE1', RUCIO_TEST_RSES)).toEqual(['RSE1', 'RSE5']);
  });
});

describe('what is added to Rucio', () => {
  it('!= also selects storages without the attribute, as *\\key=value does', () => {
    const storages = [storage('A', { country: 'ES' }), storage('B', { country: 'FR' }), storage('C', {})];
    expect(selectStorages('country!=ES', storages)).toEqual(['B', 'C']);
    expect(selectStorages('*\\country=ES', storages)).toEqual(['B', 'C']);
  });

  it('spaces may stand between the parts', () => {
    expect(selectStorages(' ( tag1 | tag2 ) & number > 30 ', RUCIO_TEST_RSES)).toEqual(['RSE4', 'RSE5']);
    expect(selectStorages('attr != at & tag1', RUCIO_TEST_RSES)).toEqual(['RSE2', 'RSE3']);
  });

  it('rucioText takes both out again', () => {
    expect(rucioText(parseRseExpression('QOS=SAFE & country != ES'))).toBe('QOS=SAFE&(*\\country=ES)');
    expect(printRseExpression(parseRseExpression('QOS=SAFE & country != ES'))).toBe('QOS=SAFE&country!=ES');
  });
});

describe('an expression that is wrong says where and why', () => {
  it.each([
    ['', 0, 'the expression is empty'],
    ['   ', 0, 'the expression is empty'],
    ['TEST_RSE1|', 10, 'a storage, key=value or * is missing after "|"'],
    ['|A', 0, 'a storage, key=value or * is missing; found "|"'],
    ['A||B', 2, 'a storage, key=value or * is missing after "|"; found "|"'],
    ['A&(', 3, 'a storage, key=value or * is missing'],
    ['()', 1, 'a storage, key=value or * is missing; found ")"'],
    ['TEST_RSE1)', 9, 'this ")" closes nothing'],
    ['A&(B|C', 2, 'this "(" is never closed'],
    ['(A B)', 3, 'expected |, & or \\ before "B"'],
    ['A B', 2, 'expected |, & or \\ before "B"'],
    ['A(B)', 1, 'expected |, & or \\ before "("'],
    ['EULAKE-*', 7, 'expected |, & or \\ before "*"'],
    ['A+B', 1, '"+" has no meaning in an RSE expression'],
    ['A&site=CERN/Geneva', 11, '"/" has no meaning in an RSE expression'],
    ['A!B', 1, '"!" has no meaning in an RSE expression'],
    ['A|\u{1F600}', 2, '"\u{1F600}" has no meaning in an RSE expression'],
    ['=CERN', 0, 'a key is missing before "="'],
    ['site=', 5, 'a value is missing after "site="'],
    ['site=|A', 5, 'a value is missing after "site="'],
    ['a=b=c', 3, 'expected |, & or \\ before "="'],
    ['tier<1.5', 5, '"1.5" is no value Rucio can ask for: letters, digits, _ and - only'],
    ['A__B', 0, '"A__B" is no storage\'s name in Rucio: letters and digits, single _ or - between them'],
  ])('%j', (text, offset, message) => {
    const error = errorOf(text);
    expect({ offset: error.offset, message: error.message }).toEqual({ offset, message });
  });

  it('a text longer than Rucio keeps is refused', () => {
    expect(errorOf('A|'.repeat(1500) + 'A').offset).toBe(MAX_RSE_EXPRESSION_LENGTH);
    expect(selectStorages('RSE1|'.repeat(599) + 'RSE1', RUCIO_TEST_RSES)).toEqual(['RSE1']);
  });

  it('parentheses may nest as deep as the text is long', () => {
    const text = `${'('.repeat(1498)}RSE1${')'.repeat(1498)}`;
    expect(selectStorages(text, RUCIO_TEST_RSES)).toEqual(['RSE1']);
  });
});

const primitives: fc.Arbitrary<RseExpression> = fc.oneof(
  fc.constant<RseExpression>({ kind: 'all' }),
  fc
    .constantFrom('RSE1', 'RSE3', 'RSE5', 'tag1', 'tag2', 'NOT-THERE')
    .map((name): RseExpression => ({ kind: 'name', name })),
  fc
    .tuple(
      fc.constantFrom('attr', 'number', 'tag1', 'rse'),
      fc.constantFrom('=' as const, '!=' as const, '<' as const, '>' as const),
      fc.constantFrom('at', 'us', '20', '35', 'true', 'RSE2'),
    )
    .map(([key, comparison, value]): RseExpression => ({ kind: 'comparison', key, comparison, value })),
);

const { expression: expressions } = fc.letrec<{ expression: RseExpression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    primitives,
    fc
      .tuple(
        fc.constantFrom('union' as const, 'intersection' as const, 'complement' as const),
        tie('expression'),
        tie('expression'),
      )
      .map(([kind, left, right]): RseExpression => ({ kind, left, right })),
  ),
}));

const select = (expression: RseExpression): string[] => selectStorages(expression, RUCIO_TEST_RSES);
const join = (
  kind: 'union' | 'intersection' | 'complement',
  left: RseExpression,
  right: RseExpression,
): RseExpression => ({
  kind,
  left,
  right,
});

const without = (names: Set<string>, dropped: (name: string) => boolean): Set<string> =>
  new Set([...names].filter((name) => !dropped(name)));

describe('laws that hold for every expression', () => {
  const options = { seed: 20201124, numRuns: 500 };

  it('a printed expression parses to itself', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        expect(parseRseExpression(printRseExpression(expression))).toEqual(expression);
      }),
      options,
    );
  });

  it("Rucio's text selects the same storages and holds nothing that is ours", () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const text = rucioText(expression);
        expect(text).not.toMatch(/[\s!]/);
        expect(selectStorages(text, RUCIO_TEST_RSES)).toEqual(select(expression));
      }),
      options,
    );
  });

  it('union, intersection and complement are those of sets', () => {
    fc.assert(
      fc.property(expressions, expressions, (left, right) => {
        const [first, second] = [new Set(select(left)), new Set(select(right))];
        expect(new Set(select(join('union', left, right)))).toEqual(new Set([...first, ...second]));
        expect(new Set(select(join('intersection', left, right)))).toEqual(without(first, (name) => !second.has(name)));
        expect(new Set(select(join('complement', left, right)))).toEqual(without(first, (name) => second.has(name)));
      }),
      options,
    );
  });

  it('a chain without parentheses is folded from the left', () => {
    const operators = fc.constantFrom('|', '&', '\\');
    fc.assert(
      fc.property(primitives, fc.array(fc.tuple(operators, primitives), { maxLength: 6 }), (first, rest) => {
        let text = printRseExpression(first);
        let chosen = new Set(select(first));
        for (const [operator, term] of rest) {
          text += operator + printRseExpression(term);
          const next = new Set(select(term));
          if (operator === '|') chosen = new Set([...chosen, ...next]);
          else chosen = without(chosen, (name) => next.has(name) === (operator === '\\'));
        }
        expect(new Set(selectStorages(text, RUCIO_TEST_RSES))).toEqual(chosen);
      }),
      options,
    );
  });

  it('any text is either parsed or refused with a place inside it', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'AB1_-.=<>!*|&\\() é'), maxLength: 24 });
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const parsed = parseRseExpression(text);
          expect(parseRseExpression(printRseExpression(parsed))).toEqual(parsed);
          for (const one of RUCIO_TEST_RSES) matches(parsed, one);
        } catch (error) {
          if (!(error instanceof RseExpressionError)) throw error;
          expect(error.offset).toBeGreaterThanOrEqual(0);
          expect(error.offset).toBeLessThanOrEqual(text.length);
        }
      }),
      { seed: 20201124, numRuns: 2000 },
    );
  });
});

function errorOf(text: string): RseExpressionError {
  try {
    parseRseExpression(text);
  } catch (error) {
    if (error instanceof RseExpressionError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}
