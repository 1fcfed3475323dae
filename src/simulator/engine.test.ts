import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Engine } from './engine.ts';

test('events come by time, then by kind, then in the order in which they were scheduled', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.integer({ min: 0, max: 20 }), kind: fc.nat({ max: 3 }) }), { maxLength: 200 }),
      (events) => {
        const engine = new Engine();
        const seen: number[] = [];
        const last = engine.registerLast((event) => seen.push(event));
        const kinds = [...Array(3)].map(() => engine.register((event) => seen.push(event)));
        kinds.push(last);
        events.forEach(({ at, kind }, index) => engine.schedule(at, kinds[kind]!, index));
        engine.run(100, 1e6);
        const expected = events
          .map((_, index) => index)
          .sort(
            (one, other) =>
              events[one]!.at - events[other]!.at || events[one]!.kind - events[other]!.kind || one - other,
          );
        expect(seen).toEqual(expected);
      },
    ),
    { seed: 1 },
  );
});

test('the clock stops at the time asked for, with what comes later still to come', () => {
  const engine = new Engine();
  const kind = engine.register(() => {});
  engine.schedule(5, kind);
  engine.schedule(50, kind);
  expect(engine.run(10, 100)).toBe(false);
  expect([engine.now, engine.pending]).toEqual([10, 1]);
});

test('nothing can be scheduled in the past', () => {
  const engine = new Engine();
  const kind = engine.register(() => engine.schedule(1, kind));
  engine.schedule(2, kind);
  expect(() => engine.run(10, 10)).toThrow('lies before the clock');
});
