import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Deadlines } from './deadlines.ts';
import { Engine } from './engine.ts';

test('a deadline is missed at its very moment by what still waits, and by nothing else', () => {
  const one = fc.record({
    at: fc.double({ min: 0, max: 1000, noNaN: true }),
    metAfter: fc.option(fc.double({ min: 0, max: 1000, noNaN: true })),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 50 }), (deadlines) => {
      const engine = new Engine();
      const met = new Set<number>();
      const missed: [number, number][] = [];
      const box = new Deadlines(
        engine,
        (subject) => !met.has(subject),
        (subject) => {
          if (!met.has(subject)) missed.push([subject, engine.now]);
        },
      );
      const meet = engine.register((subject) => met.add(subject));
      deadlines.forEach(({ at, metAfter }, subject) => {
        box.set(at, subject, 0);
        if (metAfter !== null) engine.schedule(metAfter, meet, subject);
      });
      engine.run(2000, 1e6);
      const late = deadlines.flatMap(({ at, metAfter }, subject) =>
        metAfter === null || metAfter >= at ? [[subject, at]] : [],
      );
      expect(missed.toSorted(([a], [b]) => a - b)).toEqual(late);
    }),
    { seed: 4, examples: [[[{ at: 59.5, metAfter: 59.7 }]]] },
  );
});
