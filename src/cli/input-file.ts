// A file or folder named on the command line: there, or an error that names the one that was probably meant.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FdrError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';

/** The path as given. Throws FdrError (`no-such-file`, exit code 2) where nothing is there. */
export function existingPath(path: string, what: string): string {
  if (path === '') throw new FdrError('no-such-file', `the name of the ${what} is empty`);
  if (existsSync(path)) return path;
  const meant = nearestPath(path);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new FdrError('no-such-file', `${path}: there is no such ${what}${hint}`);
}

/** What lies beside a path that is not there and has nearly its name. */
function nearestPath(path: string): string | undefined {
  const folder = dirname(path);
  if (!existsSync(folder)) {
    const parent = nearestPath(folder);
    return parent !== undefined && existsSync(join(parent, basename(path))) ? join(parent, basename(path)) : undefined;
  }
  const name = nearest(basename(path), readdirSync(folder, { encoding: 'utf8' }));
  return name === undefined ? undefined : join(folder, name);
}
