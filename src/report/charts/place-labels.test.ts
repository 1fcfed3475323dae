// Labels beside discs on the map.
import { describe, expect, it } from 'vitest';
import { placeLabels } from './place-labels.ts';

describe('labels', () => {
  it('avoid the disc and the label of a neighbour', () => {
    const area = { width: 900, height: 500 };
    const [cern, lapp] = placeLabels(
      [
        { name: 'CERN', x: 400, y: 200, radius: 8 },
        { name: 'LAPP', x: 412, y: 204, radius: 4 },
      ],
      area,
    );
    expect(cern?.align).toBe('right');
    expect(lapp?.align).toBe('left');
  });

  it('stay inside the map', () => {
    const [site] = placeLabels([{ name: 'A-LONG-SITE-NAME', x: 880, y: 200, radius: 5 }], { width: 900, height: 500 });
    expect(site?.align).toBe('right');
  });
});
