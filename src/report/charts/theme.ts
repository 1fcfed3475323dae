// How all charts look: quiet axes, no frame, colours taken from the page.
import type { Config } from 'vega-lite';
import { paint } from './drawing.ts';

export const CHART_WIDTH = 440;
export const CHART_HEIGHT = 150;
export const WIDE_CHART_WIDTH = 960;

export const THEME: Config = {
  background: 'transparent',
  padding: { left: 2, right: 8, top: 4, bottom: 2 },
  view: { stroke: null },
  axis: {
    labelColor: paint('ink-2'),
    titleColor: paint('ink-2'),
    gridColor: paint('rule'),
    domainColor: paint('ink-3'),
    tickColor: paint('ink-3'),
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    titlePadding: 6,
    tickSize: 4,
  },
  axisX: { grid: false },
  // The unit stands above its axis, so that nobody has to tilt the head.
  axisY: {
    domain: false,
    ticks: false,
    minExtent: 38,
    titleAngle: 0,
    titleAlign: 'left',
    titleAnchor: 'end',
    titleX: -38,
    titleY: -12,
  },
  text: { fill: paint('ink'), fontSize: 11 },
};
