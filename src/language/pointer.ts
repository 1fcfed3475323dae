// Places in a document's data: JSON pointers (RFC 6901) inside the program, dotted paths for people.

/** The pointer of a key or index below another. */
export function child(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function segments(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function parent(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')));
}

/** `/faults/3/site` as `faults[3].site`: what messages show and `--set` takes. */
export function pathText(pointer: string): string {
  let text = '';
  for (const segment of segments(pointer)) {
    if (/^\d+$/.test(segment) && text !== '') text += `[${segment}]`;
    else text += text === '' ? printable(segment) : `.${printable(segment)}`;
  }
  return text;
}

/** A user's text in one line of a message: cut short, without control characters. */
export function printable(text: string, most = 80): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]/gu, '�');
  return clean.length > most ? `${clean.slice(0, most)}…` : clean;
}

/** The value at a pointer of some data, or undefined. */
export function valueAt(data: unknown, pointer: string): unknown {
  let value = data;
  for (const segment of segments(pointer)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}
