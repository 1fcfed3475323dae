// Makes Vega's SVG smaller and fit for a page: no fixed size, no fonts or labels of its own, coordinates rounded.

/** Attributes that a drawing with a text alternative does not need, or that the page decides. */
const DROPPED_ATTRIBUTES =
  / (?:aria-[a-z]+|role|class|pointer-events|stroke-miterlimit|font-family|xmlns:xlink|version|opacity|stroke-width)="([^"]*)"/g;

const KEPT_VALUES = new Set(['stroke-width', 'opacity']);

/** Expects text as Vega's SVG renderer writes it. */
export function tidySvg(svg: string): string {
  let tidy = svg
    .replaceAll(/<path class="(?:background|foreground)"[^>]*\sd=""[^>]*\/>/g, '')
    .replaceAll(/<path class="(?:background|foreground)"[^>]*d="M0,0h0v0h0Z"[^>]*\/>/g, '')
    .replaceAll(/<[a-z][^>]*>/g, tidyTag);
  for (let before = ''; before !== tidy;) {
    before = tidy;
    tidy = tidy.replaceAll(/<g(?: [^>]*)?><\/g>/g, '').replaceAll(/<g>((?:(?!<\/?g[ >])[\s\S])*)<\/g>/g, '$1');
  }
  return tidy;
}

function tidyTag(tag: string): string {
  const isRoot = tag.startsWith('<svg');
  let tidy = tag.replaceAll(DROPPED_ATTRIBUTES, (attribute, value: string) => {
    const name = attribute.slice(1, attribute.indexOf('='));
    return KEPT_VALUES.has(name) && value !== '1' ? attribute : '';
  });
  tidy = tidy.replaceAll(/ (d|transform|x2|y2|x|y)="([^"]*)"/g, (_, name: string, value: string) => {
    const rounded = value.replaceAll(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10));
    return rounded === 'translate(0,0)' ? '' : ` ${name}="${rounded}"`;
  });
  if (!isRoot) return tidy;
  const width = /width="([\d.]+)"/.exec(tidy)?.[1] ?? '0';
  const height = /height="([\d.]+)"/.exec(tidy)?.[1] ?? '0';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`;
}
