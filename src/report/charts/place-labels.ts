// Puts labels beside discs so that they cover neither discs nor each other where that can be had.

interface Disc {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface Labelled extends Disc {
  readonly labelX: number;
  readonly labelY: number;
  readonly align: 'left' | 'right' | 'center';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const LINE_HEIGHT = 14;
/** Mean width of a character at 12 px, semi-bold. */
const CHARACTER_WIDTH = 7.4;
const GAP = 4;

/** In the order given: the first discs get the best places. Sizes in pixels. */
export function placeLabels(
  discs: readonly Disc[],
  area: { readonly width: number; readonly height: number },
): Labelled[] {
  const taken: Box[] = discs.map((disc) => ({
    left: disc.x - disc.radius,
    right: disc.x + disc.radius,
    top: disc.y - disc.radius,
    bottom: disc.y + disc.radius,
  }));
  return discs.map((disc) => {
    const places = candidates(disc);
    const cost = (place: Labelled): number => {
      const box = boxOf(place);
      const outside = box.left < 0 || box.right > area.width || box.top < 0 || box.bottom > area.height;
      return taken.reduce((sum, other) => sum + overlap(box, other), outside ? 1e6 : 0);
    };
    const best = places.reduce((least, place) => (cost(place) < cost(least) ? place : least));
    taken.push(boxOf(best));
    return best;
  });
}

/** Right, left, above, below, then the corners. */
function candidates(disc: Disc): [Labelled, ...Labelled[]] {
  const away = disc.radius + GAP;
  const up = disc.radius + GAP + LINE_HEIGHT / 2;
  const at = (labelX: number, labelY: number, align: Labelled['align']): Labelled => ({
    ...disc,
    labelX,
    labelY,
    align,
  });
  const { x, y } = disc;
  return [
    at(x + away, y, 'left'),
    at(x - away, y, 'right'),
    at(x, y - up, 'center'),
    at(x, y + up, 'center'),
    at(x + away * 0.7, y - up * 0.8, 'left'),
    at(x + away * 0.7, y + up * 0.8, 'left'),
    at(x - away * 0.7, y - up * 0.8, 'right'),
    at(x - away * 0.7, y + up * 0.8, 'right'),
  ];
}

function boxOf(label: Labelled): Box {
  const width = label.name.length * CHARACTER_WIDTH;
  const left =
    label.align === 'left' ? label.labelX : label.align === 'right' ? label.labelX - width : label.labelX - width / 2;
  return { left, right: left + width, top: label.labelY - LINE_HEIGHT / 2, bottom: label.labelY + LINE_HEIGHT / 2 };
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
