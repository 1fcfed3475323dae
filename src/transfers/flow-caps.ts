// What one transfer can move at most, whatever room there is: window, loss, streams.

/** Maximum segment size of TCP over Ethernet with timestamps, bytes. */
const SEGMENT_BYTES = 1448;
/** Speed of light in fibre, about 2/3 c. */
const FIBRE_KM_PER_SECOND = 200_000;
/** Fibre does not follow the great circle: routes are about half as long again. */
const DETOUR = 1.5;
/** Equipment at both ends. */
const BASE_RTT_SECONDS = 0.001;
/** Between sites whose positions are not known: about a European mean. */
export const UNKNOWN_RTT_SECONDS = 0.02;
/** Within a site. */
export const LOCAL_RTT_SECONDS = 0.0005;
const EARTH_RADIUS_KM = 6371;

export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** Great-circle distance in kilometres (haversine). */
export function distanceKm(one: Position, other: Position): number {
  const radians = Math.PI / 180;
  const latitudes = Math.sin(((other.latitude - one.latitude) * radians) / 2) ** 2;
  const longitudes = Math.sin(((other.longitude - one.longitude) * radians) / 2) ** 2;
  const chord = latitudes + Math.cos(one.latitude * radians) * Math.cos(other.latitude * radians) * longitudes;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Round-trip time over a distance, seconds. */
export function rttByDistanceSeconds(km: number): number {
  return BASE_RTT_SECONDS + (2 * km * DETOUR) / FIBRE_KM_PER_SECOND;
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
