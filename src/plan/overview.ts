// The day at a glance, as figures: who does what when, and what that is for each site, storage and link.
import { linkName } from '../core/sink.ts';
import type { Activity, Demand } from './demand.ts';
import type { Flow } from './flow.ts';
import { regrid, type TimeGrid } from './time-grid.ts';

/** Bytes and files of one subject by bin of the demand's grid. */
export interface Volume {
  readonly name: string;
  readonly bytes: Float64Array;
  readonly files: Float64Array;
  readonly totalBytes: number;
  readonly totalFiles: number;
}

export interface SiteVolumes {
  readonly site: string;
  /** Over its wide-area link. */
  readonly in: Volume;
  readonly out: Volume;
  /** Between its own storages and clients. */
  readonly within: Volume;
}

export interface Overview {
  readonly bins: TimeGrid;
  readonly activities: readonly Activity[];
  /** Sites that take part, largest first. */
  readonly sites: readonly SiteVolumes[];
  /** Ordered pairs of storages with copies between them, largest first. */
  readonly links: readonly Volume[];
  /** Ordered pairs of sites with anything between them, largest first. */
  readonly sitePairs: readonly Volume[];
}

export function overviewOf(demand: Demand): Overview {
  const { grid } = demand;
  const sums = new VolumeSums(grid);
  for (const flow of demand.flows) {
    if (flow.totalFiles === 0) continue;
    const { from, to } = flow;
    if (flow.kind === 'copy') sums.add('link', linkName(from.storage, to.storage), flow);
    if (from.site === to.site) {
      sums.add('within', from.site, flow);
      continue;
    }
    sums.add('pair', linkName(from.site, to.site), flow);
    sums.add('in', to.site, flow);
    sums.add('out', from.site, flow);
  }
  const names = new Set([...sums.names('in'), ...sums.names('out'), ...sums.names('within')]);
  const sites = [...names].map((site) => ({
    site,
    in: sums.volume('in', site),
    out: sums.volume('out', site),
    within: sums.volume('within', site),
  }));
  const weight = (site: SiteVolumes): number => site.in.totalBytes + site.out.totalBytes + site.within.totalBytes;
  return {
    bins: grid,
    activities: demand.activities,
    sites: sites.toSorted((one, other) => weight(other) - weight(one) || compareNames(one.site, other.site)),
    links: largestFirst(sums.volumes('link')),
    sitePairs: largestFirst(sums.volumes('pair')),
  };
}

function largestFirst(volumes: readonly Volume[]): Volume[] {
  return volumes.toSorted((one, other) => other.totalBytes - one.totalBytes || compareNames(one.name, other.name));
}

function compareNames(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

class VolumeSums {
  readonly #grid: TimeGrid;
  readonly #sums = new Map<string, Map<string, { bytes: Float64Array; files: Float64Array }>>();

  constructor(grid: TimeGrid) {
    this.#grid = grid;
  }

  add(kind: string, name: string, flow: Flow): void {
    let byName = this.#sums.get(kind);
    if (byName === undefined) this.#sums.set(kind, (byName = new Map()));
    let sum = byName.get(name);
    if (sum === undefined) {
      sum = { bytes: new Float64Array(this.#grid.count), files: new Float64Array(this.#grid.count) };
      byName.set(name, sum);
    }
    for (let bin = 0; bin < this.#grid.count; bin++) {
      sum.bytes[bin]! += flow.bytes[bin]!;
      sum.files[bin]! += flow.files[bin]!;
    }
  }

  names(kind: string): string[] {
    return [...(this.#sums.get(kind)?.keys() ?? [])];
  }

  volume(kind: string, name: string): Volume {
    const empty = { bytes: new Float64Array(this.#grid.count), files: new Float64Array(this.#grid.count) };
    const { bytes, files } = this.#sums.get(kind)?.get(name) ?? empty;
    return { name, bytes, files, totalBytes: total(bytes), totalFiles: total(files) };
  }

  volumes(kind: string): Volume[] {
    return this.names(kind).map((name) => this.volume(kind, name));
  }
}

export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The highest mean rate over a period, per second, and which period. */
export function peakRate(
  values: Float64Array,
  bins: TimeGrid,
  periods: TimeGrid,
): { perSecond: number; period: number } {
  const sums = regrid(values, bins, periods);
  let peak = { perSecond: 0, period: 0 };
  for (let period = 0; period < periods.count; period++) {
    const seconds = Math.min(periods.stepSeconds, periods.durationSeconds - period * periods.stepSeconds);
    const perSecond = sums[period]! / seconds;
    if (perSecond > peak.perSecond) peak = { perSecond, period };
  }
  return peak;
}
