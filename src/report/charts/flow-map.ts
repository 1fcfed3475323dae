// The map of flows: sites where they are, and a curve for each flow between them, as wide as its volume.
import { readFileSync } from 'node:fs';
import { read, type Mark, type Spec } from 'vega';
import { formatBytes, formatCount } from '../../core/units.ts';
import { ratio } from '../cells.ts';
import type { ChartBlock } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { NO_SITE, type SitePair } from '../site-pairs.ts';
import { paint, type Row } from './drawing.ts';
import { fitMercator, type FittedMap, type Point } from './mercator.ts';
import { placeLabels } from './place-labels.ts';
import { THEME, WIDE_CHART_WIDTH } from './theme.ts';

const MOST_FLOWS = 200;
const WIDEST = 11;
const NARROWEST = 0.8;
const LARGEST_RADIUS = 11;
const SMALLEST_RADIUS = 3;

/** Below this share of the demand a flow is drawn dashed, in the colour of what was not met. */
const ENOUGH = 0.9;

/** Undefined where fewer than two sites have a position, or nothing flowed between them. */
export function flowMap(pairs: readonly SitePair[], context: ReportContext): ChartBlock | undefined {
  const placed = [...context.lake.sites.values()].flatMap((site) => {
    const isUsed = pairs.some((pair) => pair.from === site.name || pair.to === site.name);
    return isUsed && site.position !== undefined ? [{ name: site.name, ...site.position }] : [];
  });
  const map = fitMercator(placed, WIDE_CHART_WIDTH);
  if (map === undefined) return undefined;
  const points = new Map(placed.map((site) => [site.name, map.project(site)]));
  const flows = flowRows(pairs, points);
  if (flows.length === 0) return undefined;
  const missing = new Set(
    pairs.flatMap((pair) => [pair.from, pair.to]).filter((name) => name !== NO_SITE && !points.has(name)),
  );
  return {
    kind: 'chart',
    id: 'map',
    title: 'Flows between sites',
    caption: captionOf(pairs, missing),
    drawing: {
      spec: { vega: mapSpec(map) },
      rows: { land: landFeatures(), flows, sites: siteRows(points, pairs, map) },
      legend: [
        { label: 'flow, as wide as its volume', colour: 'c1', symbol: 'line' },
        { label: 'flow that got less than 90% of what was asked', colour: 'c4', symbol: 'dashed' },
      ],
      wide: true,
    },
  };
}

/** Outlines of land by Natural Earth (public domain), at 1:50 million, from the package world-atlas. */
function landFeatures(): Row[] {
  const file = new URL(import.meta.resolve('world-atlas/land-50m.json'));
  const topology: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return read(topology as never, { type: 'topojson', feature: 'land' }) as Row[];
}

function flowRows(pairs: readonly SitePair[], points: ReadonlyMap<string, Point>): Row[] {
  const shown = pairs
    .filter((pair) => pair.from !== pair.to && pair.bytes > 0 && points.has(pair.from) && points.has(pair.to))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, MOST_FLOWS);
  const most = shown[0]?.bytes ?? 1;
  return shown.map((pair) => {
    const from = points.get(pair.from) as Point;
    const to = points.get(pair.to) as Point;
    const enough = (ratio(pair.bytes, pair.requestedBytes) ?? 1) >= ENOUGH;
    return {
      sx: from.x,
      sy: from.y,
      tx: to.x,
      ty: to.y,
      width: Math.max(NARROWEST, (WIDEST * pair.bytes) / most),
      enough,
    };
  });
}

function siteRows(
  points: ReadonlyMap<string, Point>,
  pairs: readonly SitePair[],
  map: { readonly width: number; readonly height: number },
): Row[] {
  const moved = (name: string): number =>
    pairs.reduce((sum, pair) => sum + (pair.from === name || pair.to === name ? pair.bytes : 0), 0);
  const sites = [...points].map(([name, point]) => ({ name, ...point, bytes: moved(name) }));
  const most = Math.max(...sites.map((site) => site.bytes), 1);
  const circles = sites
    .map((site) => ({ ...site, radius: Math.max(SMALLEST_RADIUS, LARGEST_RADIUS * Math.sqrt(site.bytes / most)) }))
    .sort((a, b) => b.radius - a.radius || (a.name < b.name ? -1 : 1));
  return placeLabels(circles, map).map((site) => ({ ...site }));
}

function mapSpec(map: FittedMap): Spec {
  return {
    width: map.width,
    height: map.height,
    padding: 0,
    background: THEME.background as string,
    projections: [
      {
        name: 'map',
        type: 'mercator',
        scale: map.scale,
        translate: [map.shift.x, map.shift.y],
        clipExtent: [
          [0, 0],
          [map.width, map.height],
        ],
        precision: 0.5,
      },
    ],
    data: [
      { name: 'land' },
      {
        name: 'flows',
        transform: [{ type: 'linkpath', shape: 'curve', sourceX: 'sx', sourceY: 'sy', targetX: 'tx', targetY: 'ty' }],
      },
      { name: 'sites' },
    ],
    marks: mapMarks(),
  };
}

/** Land, then flows, then sites with their names on top. */
function mapMarks(): Mark[] {
  const value = <Value extends string | number>(one: Value) => ({ value: one });
  const field = (name: string) => ({ field: name });
  return [
    {
      type: 'shape',
      from: { data: 'land' },
      encode: { update: { fill: value(paint('land')), stroke: value(paint('coast')), strokeWidth: value(0.75) } },
      transform: [{ type: 'geoshape', projection: 'map' }],
    },
    {
      type: 'path',
      from: { data: 'flows' },
      encode: {
        update: {
          path: field('path'),
          strokeWidth: field('width'),
          strokeOpacity: value(0.55),
          stroke: [{ test: 'datum.enough', ...value(paint('c1')) }, value(paint('c4'))],
          strokeDash: [{ test: 'datum.enough', value: [1, 0] }, { value: [6, 3] }],
        },
      },
    },
    {
      type: 'symbol',
      from: { data: 'sites' },
      encode: {
        update: {
          x: field('x'),
          y: field('y'),
          size: { signal: 'PI * datum.radius * datum.radius' },
          fill: value(paint('ink')),
          stroke: value(paint('paper')),
          strokeWidth: value(1.5),
        },
      },
    },
    {
      type: 'text',
      from: { data: 'sites' },
      encode: {
        update: {
          x: field('labelX'),
          y: field('labelY'),
          align: field('align'),
          baseline: value('middle'),
          text: field('name'),
          fontSize: value(12),
          fontWeight: value(600),
          fill: value(paint('ink')),
        },
      },
    },
  ];
}

function captionOf(pairs: readonly SitePair[], missing: ReadonlySet<string>): string {
  const flows = pairs.filter((pair) => pair.from !== pair.to && pair.bytes > 0);
  const largest = flows.reduce<SitePair | undefined>(
    (best, pair) => (pair.bytes > (best?.bytes ?? 0) ? pair : best),
    undefined,
  );
  const words =
    largest === undefined
      ? ''
      : `The largest flow was ${largest.from} to ${largest.to}: ${formatBytes(largest.bytes)}. `;
  const drawn = flows.length > MOST_FLOWS ? `, of which the ${MOST_FLOWS} largest are drawn` : '';
  const left =
    missing.size === 0
      ? ''
      : ` ${[...missing].join(', ')}: no position is known, so ${missing.size === 1 ? 'it is' : 'they are'} not drawn.`;
  return `${words}${formatCount(flows.length)} flows between sites in all${drawn}; discs grow with what a site sent and received.${left}`;
}
