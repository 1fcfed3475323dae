// The first thing a file says: which language in which version.
import type { LoadedDocument } from './document.ts';
import { printable } from './pointer.ts';

/**
 * True where the file says the version that is read here, or lacks it (which the schema tells). Otherwise reports that
 * this is another language or version; nothing else about the file would be to the point.
 */
export function checkVersion(
  document: LoadedDocument,
  key: 'fdr' | 'fdr-lake',
  what: string,
  other: { key: string; what: string },
): boolean {
  const { data, report } = document;
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    report.error('', `this is no ${what}: a mapping that starts with \`${key}: 1\` is needed`);
    return false;
  }
  const version = data[key];
  if (version === undefined && Object.hasOwn(data, other.key)) {
    report.keyError(`/${other.key}`, `this is a ${other.what}, not a ${what}`);
    return false;
  }
  if (version === undefined || version === 1) return true;
  const shown = typeof version === 'object' ? 'this' : printable(String(version), 20);
  report.error(`/${key}`, `version ${shown} of the language is not known`, `this program reads \`${key}: 1\``);
  return false;
}
