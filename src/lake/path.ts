// The network path between two sites, and what one flow can move over it at most, whatever room there is.
import { linkName } from '../core/sink.ts';
import type { Lake, NetworkLink } from './lake.ts';

/** Maximum segment size of TCP over Ethernet with timestamps, bytes. */
const SEGMENT_BYTES = 1448;
/** Speed of light in fibre, about 2/3 c. */
const FIBRE_KM_PER_SECOND = 200_000;
/** Fibre does not follow the great circle: routes are about half as long again. */
const DETOUR = 1.5;
/** Equipment at both ends. */
const BASE_RTT_SECONDS = 0.001;
/** Between sites whose positions are not known: about a European mean. */
const UNKNOWN_RTT_SECONDS = 0.02;
/** Within a site. */
const LOCAL_RTT_SECONDS = 0.0005;
const EARTH_RADIUS_KM = 6371;

export interface NetworkPathFigures {
  /** What is left beside other people's traffic. Infinity where only the sites' links limit, or within a site. */
  readonly capacityBps: number;
  readonly rttSeconds: number;
  readonly loss: number;
}

/** The path from one site to another in that direction: the link of the lake, or its default. */
export function networkPath(lake: Lake, from: string, to: string): NetworkPathFigures {
  if (from === to) return { capacityBps: Infinity, rttSeconds: LOCAL_RTT_SECONDS, loss: 0 };
  const link = linksOf(lake).get(linkName(from, to));
  const fallback = lake.network.default;
  return {
    capacityBps: link === undefined ? fallback.capacityBps : link.capacityBps * (1 - link.background),
    rttSeconds: link?.rttSeconds ?? fallback.rttSeconds ?? rttByDistance(lake, from, to),
    loss: link?.loss ?? fallback.loss,
  };
}

/** TCP with a full window in flight: streams x window / RTT, bytes per second (SimGrid's CM02 uses the same form). */
export function windowCapBps(streams: number, windowBytes: number, rttSeconds: number): number {
  return rttSeconds > 0 ? (streams * windowBytes) / rttSeconds : Infinity;
}

/** TCP under random loss: MSS / RTT x sqrt(3/2) / sqrt(p) for each stream (Mathis et al., CCR 27(3), 1997). */
export function lossCapBps(streams: number, loss: number, rttSeconds: number): number {
  if (loss <= 0 || rttSeconds <= 0) return Infinity;
  return (streams * (SEGMENT_BYTES / rttSeconds) * Math.sqrt(1.5)) / Math.sqrt(loss);
}

/** By lake: finding a link among tens of thousands must not take a walk over them. */
const linksByLake = new WeakMap<Lake, ReadonlyMap<string, NetworkLink>>();

function linksOf(lake: Lake): ReadonlyMap<string, NetworkLink> {
  let links = linksByLake.get(lake);
  if (links === undefined) {
    links = new Map(lake.network.links.map((link) => [linkName(link.from, link.to), link]));
    linksByLake.set(lake, links);
  }
  return links;
}

/** Bytes per second of one transfer by its streams: the tighter of window and loss. */
export function flowCapBps(lake: Lake, path: NetworkPathFigures, streams: number): number {
  const byWindow = windowCapBps(streams, lake.network.default.windowBytes, path.rttSeconds);
  return Math.min(byWindow, lossCapBps(streams, path.loss, path.rttSeconds));
}

function rttByDistance(lake: Lake, from: string, to: string): number {
  const one = lake.sites.get(from)?.position;
  const other = lake.sites.get(to)?.position;
  if (one === undefined || other === undefined) return UNKNOWN_RTT_SECONDS;
  const radians = Math.PI / 180;
  const latitudes = Math.sin(((other.latitude - one.latitude) * radians) / 2) ** 2;
  const longitudes = Math.sin(((other.longitude - one.longitude) * radians) / 2) ** 2;
  const chord = latitudes + Math.cos(one.latitude * radians) * Math.cos(other.latitude * radians) * longitudes;
  const km = 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
  return BASE_RTT_SECONDS + (2 * km * DETOUR) / FIBRE_KM_PER_SECOND;
}
