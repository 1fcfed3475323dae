// Small words for sentences with counts and lists.
import { formatCount } from '../core/units.ts';

/** `1 transfer`, `3,500 transfers`. The plural is the singular and an s unless given. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length <= 1) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** The first `most` items and how many more there are. */
export function listedBriefly(items: readonly string[], most: number): string {
  if (items.length <= most) return listed(items);
  return listed([...items.slice(0, most), `${formatCount(items.length - most)} more`]);
}
