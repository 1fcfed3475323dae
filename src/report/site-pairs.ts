// Links between storages added up into links between sites.
import { linkName } from '../core/sink.ts';
import { formatCount } from '../core/units.ts';
import type { LimiterBook } from '../record/summary.ts';
import { addSeries } from './bins.ts';
import { highest } from './charts/axis-unit.ts';
import { linkEnds, siteOfStorage, type RunData } from './run-data.ts';

export interface SitePair {
  readonly from: string;
  readonly to: string;
  readonly requestedBytes: number;
  readonly bytes: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly meanRateBps: number;
  readonly peakRateBps: number;
  readonly limiter: string;
}

/** Stands for the source of transfers for which none could be chosen. */
export const NO_SITE = 'no source';

/** All ordered pairs of sites between which something was asked, the largest first by what was asked or got. */
export function sitePairs(run: RunData): SitePair[] {
  const byPair = Map.groupBy(Object.keys(run.summary.links), (link) => {
    const { from, to } = linkEnds(link);
    return linkName(siteOfStorage(run, from) || NO_SITE, siteOfStorage(run, to) || NO_SITE);
  });
  const pairs = [...byPair].map(([name, links]) => addUp(name, links, run));
  // A source that stood in for another got what was never asked of it.
  const size = (pair: SitePair): number => Math.max(pair.requestedBytes, pair.bytes);
  return pairs.sort((a, b) => size(b) - size(a) || (a.from + a.to < b.from + b.to ? -1 : 1));
}

export interface LargestPairs {
  readonly shown: readonly SitePair[];
  /** All others added up, named by their number; undefined where all are shown. It has no peak rate and no limiter. */
  readonly rest: SitePair | undefined;
}

/** The first `most` of the pairs one by one and the rest as one, so that a large lake's tables stay readable. */
export function largestPairs(pairs: readonly SitePair[], most: number): LargestPairs {
  if (pairs.length <= most) return { shown: pairs, rest: undefined };
  const left = pairs.slice(most);
  const sum = (figure: (pair: SitePair) => number): number => left.reduce((total, pair) => total + figure(pair), 0);
  const rest = {
    from: `${formatCount(left.length)} others`,
    to: '',
    requestedBytes: sum((pair) => pair.requestedBytes),
    bytes: sum((pair) => pair.bytes),
    succeeded: sum((pair) => pair.succeeded),
    failed: sum((pair) => pair.failed),
    meanRateBps: sum((pair) => pair.meanRateBps),
    peakRateBps: NaN,
    limiter: '',
  };
  return { shown: pairs.slice(0, most), rest };
}

function addUp(name: string, links: readonly string[], run: RunData): SitePair {
  const { from, to } = linkEnds(name);
  const total = { requestedBytes: 0, bytes: 0, succeeded: 0, failed: 0 };
  const book: Record<string, number> = {};
  for (const link of links) {
    const one = run.summary.links[link];
    if (one === undefined) continue;
    total.requestedBytes += one.requestedBytes;
    total.bytes += one.bytes;
    total.succeeded += one.succeeded;
    total.failed += one.failed;
    for (const [limiter, seconds] of Object.entries(one.limiters)) book[limiter] = (book[limiter] ?? 0) + seconds;
  }
  const moved = addSeries(links.map((link) => run.series.series('link', link, 'bytes')));
  return {
    from,
    to,
    ...total,
    meanRateBps: total.bytes / run.summary.clock.durationSeconds,
    peakRateBps: highest(moved ?? []) / 60,
    limiter: largest(book),
  };
}

function largest(book: LimiterBook): string {
  let best = '';
  for (const [limiter, seconds] of Object.entries(book)) {
    if (seconds > (book[best] ?? 0)) best = limiter;
  }
  return best;
}
