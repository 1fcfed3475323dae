// A row for each storage and a mark for each time in which it did not answer.
import type { TopLevelSpec } from 'vega-lite';
import { formatCount } from '../../core/units.ts';
import type { ChartBlock } from '../document.ts';
import type { ReportContext } from '../report-context.ts';
import { paint, type Row } from './drawing.ts';
import { WIDE_CHART_WIDTH } from './theme.ts';
import { timeChannel } from './time-axis.ts';

/** Up to so many storages are all drawn; of more, those that had outages. */
const ALL_STORAGES = 24;
const MOST_STORAGES = 60;

/** A stretch of minutes in which a storage answered less than always. */
interface Outage {
  readonly startMinute: number;
  endMinute: number;
  /** Minutes' worth of not answering. */
  lost: number;
}

/** Undefined where every storage answered all the time. */
export function availabilityStrip(context: ReportContext): ChartBlock | undefined {
  const { clock, series } = context;
  const all = Object.keys(context.summary.storages);
  const outages = new Map(all.map((storage) => [storage, outagesOf(series.series('storage', storage, 'up'))]));
  const hurt = all.filter((storage) => (outages.get(storage) ?? []).length > 0);
  if (hurt.length === 0) return undefined;
  const storages = all.length <= ALL_STORAGES ? all : leastAnswering(hurt, outages);
  const rows: Row[] = [];
  for (const storage of storages) {
    for (const outage of outages.get(storage) ?? []) {
      const minutes = outage.endMinute - outage.startMinute;
      rows.push({
        storage,
        start: outage.startMinute * 60,
        end: Math.min(outage.endMinute * 60, clock.durationSeconds),
        lost: outage.lost / minutes,
      });
    }
  }
  const y = {
    field: 'storage',
    type: 'nominal' as const,
    scale: { domain: storages },
    axis: { title: null, domain: false, ticks: false, minExtent: 110 },
  };
  const spec = {
    width: WIDE_CHART_WIDTH - 100,
    height: { step: 18 },
    layer: [
      {
        data: { name: 'storages' },
        mark: { type: 'rule' as const, stroke: paint('rule'), strokeWidth: 6 },
        encoding: { y, x: timeChannel(clock, 'start'), x2: { field: 'end' } },
      },
      {
        data: { name: 'outages' },
        mark: { type: 'bar' as const, height: 11, fill: paint('fault') },
        encoding: {
          y,
          x: timeChannel(clock, 'start'),
          x2: { field: 'end' },
          opacity: {
            field: 'lost',
            type: 'quantitative' as const,
            scale: { domain: [0, 1], range: [0.35, 1] },
            legend: null,
          },
        },
      },
    ],
  };
  const whole = { start: 0, end: clock.durationSeconds };
  return {
    kind: 'chart',
    id: 'availability',
    title: 'Time in which storages did not answer',
    caption: captionOf(outages, hurt.length, all.length - storages.length),
    drawing: {
      spec: { vegaLite: spec as TopLevelSpec },
      rows: { storages: storages.map((storage) => ({ storage, ...whole })), outages: rows },
      legend: [],
      wide: true,
    },
  };
}

/** Those that lost most time where there are too many, in the order of the lake. */
function leastAnswering(hurt: readonly string[], outages: ReadonlyMap<string, readonly Outage[]>): string[] {
  const lost = (storage: string): number => (outages.get(storage) ?? []).reduce((sum, one) => sum + one.lost, 0);
  const worst = new Set([...hurt].sort((a, b) => lost(b) - lost(a)).slice(0, MOST_STORAGES));
  return hurt.filter((storage) => worst.has(storage));
}

function captionOf(outages: ReadonlyMap<string, readonly Outage[]>, hurt: number, left: number): string {
  const count = [...outages.values()].reduce((sum, one) => sum + one.length, 0);
  const words = `${plural(count, 'outage')} at ${plural(hurt, 'storage')}; paler where it answered part of the time.`;
  if (left === 0) return words;
  const others = outages.size - hurt === left ? 'that answered all the time' : 'that answered more';
  return `${words} The ${formatCount(left)} ${others} are not drawn.`;
}

function plural(count: number, one: string): string {
  return `${formatCount(count)} ${count === 1 ? one : `${one}s`}`;
}

function outagesOf(up: Float64Array | undefined): Outage[] {
  const outages: Outage[] = [];
  let open: Outage | undefined;
  for (const [minute, value] of (up ?? new Float64Array(0)).entries()) {
    // A minute without a sample says nothing.
    if (!(value < 1)) {
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { startMinute: minute, endMinute: minute, lost: 0 };
      outages.push(open);
    }
    open.endMinute = minute + 1;
    open.lost += 1 - value;
  }
  return outages;
}
