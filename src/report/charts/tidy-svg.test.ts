// What is taken out of a drawing and what stays.
import { describe, expect, it } from 'vitest';
import { tidySvg } from './tidy-svg.ts';

describe('a drawing made tidy', () => {
  it('keeps its shapes and texts, without sizes, fonts and roles of its own', () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" version="1.1" class="marks" width="100" height="50" viewBox="0 0 100 50">' +
      '<g class="mark-text" role="graphics-object" aria-label="a &gt; b" pointer-events="none"><text transform="translate(1.2345,2)" font-family="sans-serif" fill="var(--ink)">role="x" 1.2345</text></g>' +
      '<g><path class="background" aria-hidden="true" d="M0,0h0v0h0Z"/></g><path d="M0.123,4.567L8,9" stroke-width="1"/></svg>';
    expect(tidySvg(svg)).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" width="100" height="50">' +
        '<text transform="translate(1.2,2)" fill="var(--ink)">role="x" 1.2345</text><path d="M0.1,4.6L8,9"/></svg>',
    );
  });
});
