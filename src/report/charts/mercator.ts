// Mercator's projection, fitted so that given places fill a drawing.

/** In the drawing's pixels, from its top left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Degrees north and east. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export interface FittedMap {
  readonly width: number;
  readonly height: number;
  /** Pixels a radian. */
  readonly scale: number;
  /** Where latitude 0, longitude 0 falls. */
  readonly shift: Point;
  project(place: Place): Point;
}

const MARGIN = 60;
const LOWEST = 260;
const HIGHEST = 560;
/** A map of places next to each other would show nothing around them. */
const SMALLEST_SPAN_RADIANS = 0.12;
/** Mercator's map ends near the poles. */
const LAST_LATITUDE = 84;

/** Undefined for fewer than two places. `width` in pixels; the height follows from the places, within bounds. */
export function fitMercator(places: readonly Place[], width: number): FittedMap | undefined {
  if (places.length < 2) return undefined;
  const flat = places.map(flatten);
  const xs = flat.map((point) => point.x);
  const ys = flat.map((point) => point.y);
  const spanX = Math.max(Math.max(...xs) - Math.min(...xs), SMALLEST_SPAN_RADIANS);
  const spanY = Math.max(Math.max(...ys) - Math.min(...ys), SMALLEST_SPAN_RADIANS);
  const scale = Math.min((width - 2 * MARGIN) / spanX, (HIGHEST - 2 * MARGIN) / spanY);
  const height = Math.round(Math.max(LOWEST, spanY * scale + 2 * MARGIN));
  const middleX = (Math.max(...xs) + Math.min(...xs)) / 2;
  const middleY = (Math.max(...ys) + Math.min(...ys)) / 2;
  const shift = { x: width / 2 - middleX * scale, y: height / 2 + middleY * scale };
  return {
    width,
    height,
    scale,
    shift,
    project: (place) => {
      const { x, y } = flatten(place);
      return { x: x * scale + shift.x, y: shift.y - y * scale };
    },
  };
}

/** On the plane of scale 1, y upwards. */
function flatten(place: Place): Point {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const latitude = Math.min(Math.max(place.latitude, -LAST_LATITUDE), LAST_LATITUDE);
  return { x: radians(place.longitude), y: Math.log(Math.tan(Math.PI / 4 + radians(latitude) / 2)) };
}
