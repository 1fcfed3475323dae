// Makes the folder in which results land, one level after the other.
//
// fs.mkdirSync with `recursive` never comes back where a file system refuses new folders as "no such file" (/proc does).
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FdrError } from '../core/errors.ts';
import { explainFileError } from './file-errors.ts';

/**
 * Makes the folder that an option such as `--out` names. `use` says what cannot be done without it. Throws FdrError
 * (`output-folder`, exit code 2) where the folder cannot be made.
 */
export function makeOutputFolder(path: string, option: string, use: string): void {
  const hint = `choose another folder with ${option}`;
  if (path === '') throw new FdrError('output-folder', `${option} names no folder`, { hint });
  try {
    makeFolder(resolve(path));
  } catch (error) {
    const reason = explainFileError(error)?.message ?? String(error);
    throw new FdrError('output-folder', `${use} ${path}: ${reason}`, { hint, cause: error });
  }
}

function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}
