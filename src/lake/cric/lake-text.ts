// Text of a lake file: scalars that YAML reads back as they are, and comments that stay comments.
import { parse } from 'yaml';

const PLAIN = /^[A-Za-z0-9_/][A-Za-z0-9_./:@+~-]*$/;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NOT_PRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/u;

/** A text as a YAML scalar, quoted where it would be read as anything else; `${` is kept from being replaced. */
export function scalar(text: string): string {
  const escaped = text.replaceAll('${', () => '$${');
  if (PLAIN.test(escaped) && !escaped.endsWith(':') && parse(escaped) === escaped) return escaped;
  if (NOT_PRINTABLE.test(escaped)) return JSON.stringify(escaped.replaceAll(NOT_PRINTABLE_EACH, '\ufffd'));
  return `'${escaped.replaceAll("'", "''")}'`;
}

// oxlint-disable-next-line no-control-regex -- control characters are what is replaced
const NOT_PRINTABLE_EACH = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/gu;

/** A text in a comment: in one line, whatever it holds. */
export function commentText(text: string): string {
  return text.replaceAll(NOT_PRINTABLE_EACH, ' ').replaceAll(/\s+/g, ' ').trim();
}

/** A flow mapping in one line: `{ a: 1, b: 2 }`. Values are scalars already. */
export function flowMap(entries: Iterable<readonly [string, string | number]>): string {
  const parts = [...entries].map(([key, value]) => `${scalar(key)}: ${value}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}
