// The matrix of links: from site to site, how much of what was asked was got, and how much that was.
import type { TopLevelSpec } from 'vega-lite';
import { formatBytes, formatCount, formatShare } from '../../core/units.ts';
import { ratio } from '../cells.ts';
import { NO_SITE, type SitePair } from '../site-pairs.ts';
import { paint, type ChartDrawing, type Row } from './drawing.ts';

const MOST_SITES = 24;
const CELL = 46;

/** Shares of the demand at which the colour changes. */
const STEPS = [0.5, 0.8, 0.9, 0.99] as const;

/** The demand stays with the source chosen first. */
const ELSEWHERE =
  ' Where another source stood in, more came over its link than was asked of it, and less over the link first asked.';

export interface LinkMatrix {
  readonly title: string;
  readonly caption: string;
  readonly drawing: ChartDrawing;
}

export function linkMatrix(pairs: readonly SitePair[]): LinkMatrix {
  const sites = busiestSites(pairs.filter(isBetweenSites));
  const shown = pairs.filter((pair) => sites.includes(pair.from) && sites.includes(pair.to) && pair.requestedBytes > 0);
  const rows: Row[] = shown.map((pair) => {
    const got = ratio(pair.bytes, pair.requestedBytes) ?? 0;
    return {
      from: pair.from,
      to: pair.to,
      got,
      volume: shortBytes(pair.bytes),
      share: formatShare(got),
      strong: got < STEPS[1],
    };
  });
  const x = {
    field: 'to',
    type: 'nominal',
    scale: { domain: sites },
    axis: { title: 'to', orient: 'top', labelAngle: -40 },
  };
  const y = { field: 'from', type: 'nominal', scale: { domain: sites }, axis: { title: null, minExtent: 0 } };
  const number = (field: string, dy: number, fontSize: number) => ({
    mark: { type: 'text', dy, fontSize },
    encoding: {
      x,
      y,
      text: { field, type: 'nominal' },
      color: { condition: { test: 'datum.strong', value: paint('on-strong-step') }, value: paint('on-step') },
    },
  });
  const spec = {
    width: { step: CELL },
    height: { step: 30 },
    data: { name: 'cells' },
    layer: [
      {
        mark: { type: 'rect', stroke: paint('paper'), strokeWidth: 2 },
        encoding: {
          x,
          y,
          color: {
            field: 'got',
            type: 'quantitative',
            scale: {
              type: 'threshold',
              domain: [...STEPS],
              range: [1, 2, 3, 4, 5].map((step) => paint(`step-${step}`)),
            },
            legend: null,
          },
        },
      },
      number('volume', -5, 11),
      number('share', 7, 9.5),
    ],
  };
  return {
    title: 'Bytes transferred from site to site, and their share of what was asked',
    caption: captionOf(pairs, sites.length),
    drawing: { spec: { vegaLite: spec as TopLevelSpec }, rows: { cells: rows }, legend: [], wide: true },
  };
}

function isBetweenSites(pair: SitePair): boolean {
  return pair.from !== NO_SITE && pair.to !== NO_SITE;
}

/** Sites by how much was asked of them, in the order of their names. */
function busiestSites(pairs: readonly SitePair[]): string[] {
  const asked = new Map<string, number>();
  for (const pair of pairs) {
    for (const site of [pair.from, pair.to]) asked.set(site, (asked.get(site) ?? 0) + pair.requestedBytes);
  }
  return [...asked]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_SITES)
    .map(([site]) => site)
    .sort();
}

function captionOf(pairs: readonly SitePair[], sitesShown: number): string {
  const asked = pairs.reduce((sum, pair) => sum + pair.requestedBytes, 0);
  const got = pairs.reduce((sum, pair) => sum + pair.bytes, 0);
  const share = ratio(got, asked);
  const active = pairs.filter((pair) => pair.requestedBytes > 0).length;
  const within = pairs.some((pair) => pair.requestedBytes > 0 && pair.from === pair.to);
  const isMovedElsewhere = pairs.some((pair) => pair.bytes > pair.requestedBytes);
  const left = sitesShown < MOST_SITES ? '' : ` Shown are the ${MOST_SITES} busiest sites.`;
  return (
    `${formatBytes(got)} of the ${formatBytes(asked)} asked for went over ${formatCount(active)} links between ${within ? 'or within ' : ''}sites` +
    `${share === undefined ? '' : ` (${formatShare(share)})`}. Each cell says how much moved and which share of the demand that is; ` +
    `darker is less. Reads and uploads of clients are not in it.${isMovedElsewhere ? ELSEWHERE : ''}${left}`
  );
}

function shortBytes(value: number): string {
  return formatBytes(value).replace(' ', '\u202f');
}
