// The run folder: made for one run alone, and found again by every command that reads a run.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FdrError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { isoTime } from './iso-time.ts';
import { type OperationCounts, SUMMARY_SCHEMA, type Summary } from './summary.ts';
import { SERIES_NAME, shardName } from './writer-protocol.ts';

export const RUN_SCHEMA = 'fdr.run/1';

/** run.json: written before anything happens, so that a run that was killed is known for what it is. */
export interface RunInfo {
  readonly schema: typeof RUN_SCHEMA;
  readonly version: string;
  readonly backend: 'simulated' | 'live';
  readonly name: string;
  readonly seed: number;
  readonly clock: { readonly start: string; readonly durationSeconds: number };
  /** When the run was started, by the machine's clock. */
  readonly startedAt: string;
}

export interface RunFolder {
  readonly path: string;
  readonly info: RunInfo;
}

export interface RunFolderOptions {
  /** The folder in which run folders are made; made where it is missing. */
  readonly out: string;
  readonly checked: CheckedScenario;
  /** The texts of the two files, with the values of `--set` and of the environment in their places. */
  readonly sources: { readonly scenario: { readonly asRun: string }; readonly lake: { readonly asRun: string } };
  readonly backend?: 'simulated' | 'live';
  /** Milliseconds since the epoch, of the machine's clock. */
  readonly nowMilliseconds: number;
}

/** So many folder names are tried before it is said that something is wrong. */
const NAME_ATTEMPTS = 20;
const SLUG_LENGTH = 60;

/**
 * Makes `<out>/<name>-<start>-<id>/` for one run, with scenario.yaml, lake.yaml and run.json in it. The folder is made
 * exclusively: two runs never share one. Throws an `FdrError` where it cannot be made or written to.
 */
export function createRunFolder(options: RunFolderOptions): RunFolder {
  const { scenario } = options.checked;
  const path = makeFolder(options.out, `${slug(scenario.name)}-${compactTime(options.nowMilliseconds)}`);
  const info: RunInfo = {
    schema: RUN_SCHEMA,
    version: VERSION,
    backend: options.backend ?? 'simulated',
    name: scenario.name,
    seed: scenario.seed,
    clock: { start: isoTime(scenario.clock.start), durationSeconds: scenario.clock.durationSeconds },
    startedAt: new Date(options.nowMilliseconds).toISOString(),
  };
  const folder = { path, info };
  writeRunFile(folder, 'scenario.yaml', options.sources.scenario.asRun);
  writeRunFile(folder, 'lake.yaml', options.sources.lake.asRun);
  writeRunFile(folder, 'run.json', toJson(info));
  return folder;
}

/** Writes a file of the run folder: under a temporary name first, so that it is there whole or not at all. */
export function writeRunFile(folder: { readonly path: string }, name: string, data: string | Uint8Array): void {
  const path = join(folder.path, name);
  const temporary = `${path}.part`;
  try {
    writeFileSync(temporary, data);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw folderError(error, `${path} could not be written`);
  }
}

/** Writes summary.json, which is what makes a run finished. */
export function writeSummary(folder: { readonly path: string }, summary: Summary): void {
  writeRunFile(folder, 'summary.json', toJson(summary));
}

/** A run folder as found. */
export interface OpenRunFolder extends RunFolder {
  /** Undefined where the run was not finished. */
  readonly summary: Summary | undefined;
  /** Paths of the operations table's files, in the order of their rows. */
  readonly operationFiles: readonly string[];
  /** Path of the series table, or undefined where the run was not finished. */
  readonly seriesFile: string | undefined;
}

/** A run folder of a finished run. */
export interface FinishedRunFolder extends OpenRunFolder {
  readonly summary: Summary;
  readonly seriesFile: string;
}

/**
 * Finds a run by its folder. Throws an `FdrError` (exit code 2) where it is not a run folder, is damaged, or was made by
 * a newer version. A run that was killed opens too: what is in it can be read.
 */
export function openRunFolder(path: string): OpenRunFolder {
  const names = listFolder(path);
  if (!names.includes('run.json')) throw notARun(path, names);
  const info = readRunInfo(join(path, 'run.json'));
  const summary = names.includes('summary.json')
    ? readDocument<Summary>(join(path, 'summary.json'), SUMMARY_SCHEMA)
    : undefined;
  const operationFiles = names.filter((name) => /^operations-\d+\.parquet$/.test(name)).toSorted();
  const folder = {
    path,
    info,
    summary,
    operationFiles: operationFiles.map((name) => join(path, name)),
    seriesFile: names.includes(SERIES_NAME) ? join(path, SERIES_NAME) : undefined,
  };
  checkTables(folder);
  return folder;
}

/** As `openRunFolder`, but a run that did not end is refused. */
export function openFinishedRun(path: string): FinishedRunFolder {
  const folder = openRunFolder(path);
  if (folder.summary === undefined) {
    throw new FdrError('run-unfinished', `${path} is a run that did not end: it has no summary`, {
      hint: `what it recorded can be read all the same: fdr query ${path} "SELECT kind, outcome, count(*) FROM operations GROUP BY ALL"`,
    });
  }
  if (folder.seriesFile === undefined) throw missingFile(path, SERIES_NAME);
  for (const name of ['scenario.yaml', 'lake.yaml']) {
    if (!isFile(join(path, name))) throw missingFile(path, name);
  }
  return { ...folder, summary: folder.summary, seriesFile: folder.seriesFile };
}

/**
 * Tables that a copy cut off or left behind are found here: what is asked of the rest would have an answer, and a wrong
 * one. That the last of several files is missing is not noticed.
 */
function checkTables({ path, summary, operationFiles, seriesFile }: OpenRunFolder): void {
  // The summary may be damaged itself, which is found later.
  const kinds: (Partial<OperationCounts> | null)[] = Object.values(summary?.operations ?? {});
  const isAnyExpected = kinds.some((kind) => (kind?.succeeded ?? 0) + (kind?.failed ?? 0) > 0);
  const expected = Math.max(operationFiles.length, isAnyExpected ? 1 : 0);
  for (let index = 0; index < expected; index++) {
    const name = shardName(index);
    if (!operationFiles.includes(join(path, name))) throw missingFile(path, name);
  }
  for (const file of [...operationFiles, ...(seriesFile === undefined ? [] : [seriesFile])]) checkParquet(file);
}

/** What a Parquet file begins and ends with (Apache Parquet format, "File Format"). */
const PARQUET_MARK = 'PAR1';

function checkParquet(path: string): void {
  const mark = Buffer.alloc(PARQUET_MARK.length);
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const isMarkedAt = (offset: number): boolean =>
      readSync(file, mark, 0, mark.length, offset) === mark.length && mark.toString('latin1') === PARQUET_MARK;
    if (size >= 2 * mark.length && isMarkedAt(0) && isMarkedAt(size - mark.length)) return;
  } finally {
    closeSync(file);
  }
  throw new FdrError('run-damaged', `${path} is damaged: a part of it is missing`, {
    hint: 'copy the run folder again, or run the scenario again',
  });
}

function missingFile(path: string, name: string): FdrError {
  return new FdrError('run-damaged', `${path} is not whole: ${name} is missing`, {
    hint: 'copy the run folder again, or run the scenario again',
  });
}

function makeFolder(out: string, stem: string): string {
  try {
    mkdirSync(out, { recursive: true });
    for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
      const path = join(out, `${stem}-${randomBytes(3).toString('hex')}`);
      try {
        mkdirSync(path);
        return path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    throw folderError(error, `no run folder can be made in ${out}`);
  }
  throw new Error(`internal fault: ${NAME_ATTEMPTS} random folder names in ${out} were all taken`);
}

const FOLDER_REASONS: Record<string, string> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'it is a file, not a folder',
  ENOENT: 'it is not there',
  ENAMETOOLONG: 'the path is too long',
  EISDIR: 'it is a folder, where a file is needed',
  EMFILE: 'too many files are open',
};

function folderError(error: unknown, what: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new FdrError(full ? 'disk-full' : 'output-folder', `${what}: ${FOLDER_REASONS[code] ?? code}`, {
    hint: full ? 'free some space or choose another folder with --out' : 'choose another folder with --out',
    cause: error,
  });
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') {
      throw new FdrError('not-a-run', `${path} is a file, not a run folder`, {
        hint: `perhaps its folder is meant: ${dirname(path)}`,
      });
    }
    throw new FdrError('run-not-found', `${path} cannot be read: ${FOLDER_REASONS[code] ?? code}`, {
      hint: 'give the folder that fdr run named at its end, such as reports/<name>-<start>-<id>',
      cause: error,
    });
  }
}

function notARun(path: string, names: readonly string[]): FdrError {
  const runs = names.filter((name) => isFile(join(path, name, 'run.json')));
  const newest = runs.toSorted((a, b) => startOf(a).localeCompare(startOf(b))).at(-1);
  return new FdrError('not-a-run', `${path} is not a run folder: it has no run.json`, {
    hint:
      newest === undefined
        ? 'give the folder that fdr run named at its end'
        : `it holds run folders; the newest is ${join(path, newest)}`,
  });
}

/** The part of a run folder's name that tells when it was made. */
function startOf(name: string): string {
  return /-(\d{8}T\d{6}Z)-[0-9a-f]+$/.exec(basename(name))?.[1] ?? '';
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** What is read of it later is there. */
function readRunInfo(path: string): RunInfo {
  const info = readDocument<RunInfo>(path, RUN_SCHEMA);
  const isWhole = typeof info.clock?.start === 'string' && Number.isFinite(info.clock.durationSeconds);
  if (isWhole) return info;
  throw new FdrError('run-damaged', `${path} is not what it should be: the clock is missing`, {
    hint: 'the file is damaged or was made by something else',
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const reason = code === 'EACCES' ? 'you may not read it' : (FOLDER_REASONS[code] ?? code);
    throw new FdrError('run-not-found', `${path} cannot be read: ${reason}`, {
      hint: 'ask its owner for it, or copy the run folder again',
      cause: error,
    });
  }
}

/** Reads a JSON document of the folder and holds its schema against the one known here. */
function readDocument<Document extends { schema: string }>(path: string, schema: string): Document {
  let document: Partial<Document> | null;
  const text = readText(path);
  try {
    document = JSON.parse(text) as Partial<Document> | null;
  } catch (error) {
    throw new FdrError('run-damaged', `${path} cannot be read: ${error instanceof Error ? error.message : ''}`, {
      hint: 'the file is damaged; run the scenario again',
      cause: error,
    });
  }
  const found = typeof document === 'object' ? document?.schema : undefined;
  if (found === schema) return document as Document;
  if (typeof found === 'string' && found.split('/')[0] === schema.split('/')[0]) {
    throw new FdrError('run-too-new', `${path} has schema ${found}; this version (${VERSION}) reads ${schema}`, {
      hint: 'read it with the version of fdr that made it, or a newer one',
    });
  }
  throw new FdrError('run-damaged', `${path} is not what it should be: it does not say schema ${schema}`, {
    hint: 'the file is damaged or was made by something else',
  });
}

/** Lower case letters, digits and hyphens of a name. */
function slug(name: string): string {
  const text = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH)
    .replace(/^-+|-+$/g, '');
  return text === '' ? 'run' : text;
}

/** `20201124T060000Z`. */
function compactTime(milliseconds: number): string {
  return new Date(milliseconds)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
}

function toJson(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
