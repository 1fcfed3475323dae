import { describe, expect, test } from 'vitest';
import type { ReplicationStep, TransitionStep } from '../scenario/scenario.ts';
import { lakeOf, ruleOf, siteOf, storageOf, transitionOf } from './scenario-for-tests.ts';
import { Whereabouts } from './whereabouts.ts';

const LAKE = lakeOf({
  sites: [siteOf('X')],
  storages: [
    storageOf('A', 'X', { qosClass: 'FAST' }),
    storageOf('B', 'X', { qosClass: 'FAST' }),
    storageOf('C', 'X', { qosClass: 'SAFE' }),
    storageOf('D', 'X', { qosClass: 'CHEAP' }),
    storageOf('E', 'X', { qosClass: 'CHEAP' }),
  ],
});

/** `C -> A 0.5` for each move of each step in turn, from datasets that lie in one storage. */
function moves(origin: string, ...steps: (ReplicationStep | TransitionStep)[]): string[][] {
  const whereabouts = new Whereabouts(LAKE, origin);
  return steps.map((step) => whereabouts.take(step).map(({ from, to, share }) => `${from} -> ${to} ${share}`));
}

describe('what rules and transitions copy', () => {
  test('is spread evenly over what an expression selects', () => {
    expect(moves('C', ruleOf('class=FAST'))).toEqual([['C -> A 0.5', 'C -> B 0.5']]);
    expect(moves('C', ruleOf('class=FAST', { copies: 2 }))).toEqual([['C -> A 1', 'C -> B 1']]);
  });

  test('is nothing where a copy is there, at its origin or by an earlier rule that keeps it', () => {
    expect(moves('A', ruleOf('class=FAST'))).toEqual([[]]);
    expect(moves('A', ruleOf('class=FAST', { copies: 2 }))).toEqual([['A -> B 1']]);
    expect(moves('C', ruleOf('A'), ruleOf('class=FAST'))).toEqual([['C -> A 1'], []]);
  });

  test('is asked again where the earlier copy has an end of life', () => {
    expect(moves('C', ruleOf('A', { lifetimeSeconds: 3600 }), ruleOf('A'))).toEqual([['C -> A 1'], ['C -> A 1']]);
  });

  test('follows a dataset that moves from class to class', () => {
    expect(moves('C', transitionOf('class=FAST'), transitionOf('D'), transitionOf('C'))).toEqual([
      ['C -> A 0.5', 'C -> B 0.5'],
      ['A -> D 0.5', 'B -> D 0.5'],
      ['D -> C 1'],
    ]);
  });

  test('comes from the sources that a rule names', () => {
    expect(moves('C', ruleOf('A', { sources: 'class=CHEAP' }))).toEqual([['D -> A 1']]);
  });

  test('frees the source once, however many copies are made', () => {
    const whereabouts = new Whereabouts(LAKE, 'C');
    const freed = whereabouts
      .take(ruleOf('class=FAST', { copies: 2, deleteSourceWhenDone: true }))
      .reduce((sum, move) => sum + move.share * move.freedPerByte, 0);
    expect(freed).toBe(1);
    expect(whereabouts.take(ruleOf('D')).map(({ from, to, share }) => `${from} -> ${to} ${share}`)).toEqual([
      'A -> D 0.5',
      'B -> D 0.5',
    ]);
  });
});
