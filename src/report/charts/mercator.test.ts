// Mercator's projection, fitted to the sites of a lake.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitMercator } from './mercator.ts';

describe('the map', () => {
  it('puts a place where Mercator puts it: latitude 45 lies 0.881374 radians north of the equator', () => {
    const map = fitMercator(
      [
        { latitude: 0, longitude: 0 },
        { latitude: 45, longitude: 45 },
      ],
      960,
    );
    if (map === undefined) throw new Error('no map');
    const origin = map.project({ latitude: 0, longitude: 0 });
    const corner = map.project({ latitude: 45, longitude: 45 });
    expect((origin.y - corner.y) / map.scale).toBeCloseTo(0.881374, 6);
    expect((corner.x - origin.x) / map.scale).toBeCloseTo(Math.PI / 4, 12);
  });

  it('holds every place', () => {
    const place = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(place, { minLength: 2, maxLength: 30 }), (places) => {
        const map = fitMercator(places, 960);
        if (map === undefined) throw new Error('no map');
        for (const one of places) {
          const { x, y } = map.project(one);
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(map.width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(map.height);
        }
      }),
      { seed: 1 },
    );
  });

  it('is none for a single place', () => {
    expect(fitMercator([{ latitude: 1, longitude: 1 }], 960)).toBeUndefined();
  });
});
