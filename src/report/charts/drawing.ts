// A chart before it is drawn: a Vega-Lite (or Vega) specification, the rows it draws, and its legend.
import type { Spec as VegaSpec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';

export type Row = Readonly<Record<string, string | number | boolean | null>>;

export interface ChartDrawing {
  /** Charts with equal specifications are compiled once: keep rows out of it. */
  readonly spec: { readonly vegaLite: TopLevelSpec } | { readonly vega: VegaSpec };
  /** By the name under which the specification asks for them. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly legend: readonly LegendItem[];
  /** Takes the page's whole width. */
  readonly wide: boolean;
}

export interface LegendItem {
  readonly label: string;
  /** One of the page's colours; see `PALETTE`. */
  readonly colour: Colour;
  /** `area` filled, `line`, `dashed`, `dotted`, `band` over the whole height. */
  readonly symbol: 'area' | 'line' | 'dashed' | 'dotted' | 'band' | 'disc' | 'diamond' | 'tick';
}

/**
 * Names of the colours that report.css defines for light, dark and print. `c1` to `c7` are those of Okabe and Ito
 * (Color Universal Design, 2008), set darker or lighter for contrast on the background; `c8` is grey.
 */
export const PALETTE = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'] as const;
export type Colour = (typeof PALETTE)[number] | 'ink' | 'muted' | 'fault';

/** A colour as a chart's attribute: the page's style sheet decides what it is. */
export function paint(colour: Colour | string): string {
  return `var(--${colour})`;
}

/** The n-th colour of the palette, from 0; the last one again where there are more. */
export function paletteColour(index: number): (typeof PALETTE)[number] {
  return PALETTE[Math.min(index, PALETTE.length - 1)] ?? 'c8';
}
