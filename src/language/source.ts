// Reads a file's text, refusing what cannot be a scenario or lake before YAML is asked.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Problem, ProblemsError } from '../core/problem.ts';
import { LIMITS } from './limits.ts';

export interface SourceText {
  /** As the user named it. */
  readonly path: string;
  readonly text: string;
  /** Of the bytes of the file, in hexadecimal. */
  readonly sha256: string;
}

/** Reads a UTF-8 file (a byte-order mark is dropped). Throws ProblemsError where that cannot be done. */
export function readSource(path: string): SourceText {
  const bytes = readBytes(path);
  return { path, text: decode(bytes, path), sha256: createHash('sha256').update(bytes).digest('hex') };
}

function readBytes(path: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw problem(path, whyNotOpened(error));
  }
  try {
    const { size, isFile, isDirectory } = kindOf(descriptor);
    if (isDirectory) throw problem(path, 'is a directory', 'name the YAML file in it');
    if (isFile && size > LIMITS.fileBytes) throw tooLarge(path);
    return readAtMost(descriptor, path);
  } catch (error) {
    if (error instanceof ProblemsError) throw error;
    throw problem(path, whyNotOpened(error));
  } finally {
    closeSync(descriptor);
  }
}

/** A pipe or a device has no size to go by, and may never end. */
function readAtMost(descriptor: number, path: string): Buffer {
  const bytes = Buffer.alloc(LIMITS.fileBytes + 1);
  let length = 0;
  for (;;) {
    const count = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (count === 0) return bytes.subarray(0, length);
    length += count;
    if (length > LIMITS.fileBytes) throw tooLarge(path);
  }
}

function kindOf(descriptor: number): { size: number; isFile: boolean; isDirectory: boolean } {
  const status = fstatSync(descriptor);
  return { size: status.size, isFile: status.isFile(), isDirectory: status.isDirectory() };
}

function whyNotOpened(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read (permission denied)';
    case 'EISDIR':
      return 'is a directory';
    case 'ELOOP':
      return 'is a symbolic link to itself';
    case 'ENAMETOOLONG':
      return 'the file name is too long';
    default:
      return `cannot be read (${code === '' ? String(error) : code})`;
  }
}

function decode(bytes: Buffer, path: string): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw problem(path, 'is UTF-16', 'save it as UTF-8', 1, 1);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const { line, column } = placeOfBadByte(bytes);
    throw problem(path, 'bytes that are not UTF-8', 'save the file as UTF-8', line, column);
  }
  const control = text.search(CONTROL);
  if (control >= 0) {
    const { line, column } = placeIn(text, control);
    const code = (text.codePointAt(control) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw problem(path, `a control character (U+${code})`, 'remove it; is this a text file?', line, column);
  }
  if (text.trim() === '') throw problem(path, 'is empty', '', 0, 0);
  return text;
}

/** What YAML 1.2 does not allow in a text (section 5.1), lone surrogates apart: those are no UTF-8. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/;

function placeIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

function placeOfBadByte(bytes: Buffer): { line: number; column: number } {
  // The longest prefix that decodes: found by halving, since a prefix is good until the bad byte and never after.
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isGoodPrefix(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, good), { stream: true });
  return placeIn(before, before.length);
}

function isGoodPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function tooLarge(path: string): ProblemsError {
  return problem(path, `is larger than ${LIMITS.fileBytes / 1e6} MB, the most that is read`);
}

function problem(path: string, message: string, hint = '', line = 0, column = 0): ProblemsError {
  const found: Problem = { severity: 'error', file: path, line, column, path: '', message, hint };
  return new ProblemsError([found]);
}
