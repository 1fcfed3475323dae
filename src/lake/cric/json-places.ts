// Where each part of a JSON text stands, and which keys stand there twice: what JSON.parse does not tell.
import { child } from '../../language/pointer.ts';
import type { Place, Places } from '../../language/report.ts';

export interface JsonPlaces extends Places {
  /** Pointers of keys that their object has more than once. */
  readonly duplicates: readonly string[];
  /** Objects and arrays inside each other. */
  readonly depth: number;
}

interface Frame {
  readonly pointer: string;
  /** Keys seen so far; undefined in an array. */
  readonly keys: Set<string> | undefined;
  index: number;
  key: string | undefined;
}

/** Scans a text that JSON.parse has accepted; of any other the result has no meaning. Lines and columns count from 1. */
export function placesOfJson(text: string, file: string): JsonPlaces {
  const keys = new Map<string, Place>();
  const values = new Map<string, Place>();
  const duplicates: string[] = [];
  const stack: Frame[] = [];
  let depth = 0;
  let line = 1;
  let lineStart = 0;

  const pointer = (): string => {
    const frame = stack.at(-1);
    return frame === undefined ? '' : child(frame.pointer, frame.key ?? frame.index);
  };
  const key = (frame: Frame, name: string, place: Place): void => {
    frame.key = name;
    if (frame.keys?.has(name) === true) duplicates.push(pointer());
    frame.keys?.add(name);
    keys.set(pointer(), place);
  };

  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset] ?? '';
    const place = { file, line, column: offset - lineStart + 1 };
    const frame = stack.at(-1);
    if (character === '\n') {
      line += 1;
      lineStart = offset + 1;
    } else if (character === '{' || character === '[') {
      const at = pointer();
      values.set(at, place);
      stack.push({ pointer: at, keys: character === '{' ? new Set() : undefined, index: 0, key: undefined });
      depth = Math.max(depth, stack.length);
    } else if (character === '}' || character === ']') {
      stack.pop();
    } else if (character === ',' && frame !== undefined) {
      frame.index += 1;
      frame.key = undefined;
    } else if (!/[\s:,]/.test(character)) {
      const end = endOfToken(text, offset);
      if (frame?.keys !== undefined && frame.key === undefined) {
        key(frame, JSON.parse(text.slice(offset, end)) as string, place);
      } else {
        values.set(pointer(), place);
      }
      offset = end - 1;
    }
  }
  return { keys, values, texts: new Map(), pointers: new WeakMap(), duplicates, depth };
}

/** The offset after the string, number or word that starts at an offset. */
function endOfToken(text: string, start: number): number {
  const pattern = text[start] === '"' ? /"(?:[^"\\]|\\.)*"/y : /[^\s,:[\]{}"]+/y;
  pattern.lastIndex = start;
  return pattern.exec(text) === null ? start + 1 : pattern.lastIndex;
}
