// Loads a lake file: text, data, schema, names, sense; all that is wrong at once.
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { Problem } from '../core/problem.ts';
import { readDocument } from '../language/document.ts';
import type { Environment } from '../language/environment.ts';
import { LIMITS } from '../language/limits.ts';
import { type LoadedSource, loadedSource } from '../language/loaded-source.ts';
import { applyOverrides, Override } from '../language/overrides.ts';
import type { Names } from '../language/references.ts';
import { type ProblemReport, warningsOrThrow } from '../language/report.ts';
import { readSource } from '../language/source.ts';
import { compileSchema, validateData } from '../language/validate.ts';
import { checkVersion } from '../language/version.ts';
import type { Lake } from './lake.ts';
import { type LakeNames, resolveLake } from './resolve.ts';
import { inlineLakeSchema, lakeSchema, type WrittenLake } from './schema.ts';

export interface LoadLakeOptions {
  /** `path=value` each; the path starts in the lake. */
  readonly set?: readonly string[];
  /** Where `${NAME}` is looked up; the process's own where not given. */
  readonly env?: Environment;
}

/** Reads, checks and resolves a lake file. Throws ProblemsError (exit code 2) with everything that is wrong. */
export function loadLake(
  path: string,
  options: LoadLakeOptions = {},
): { lake: Lake; warnings: Problem[]; source: LoadedSource } {
  const overrides = (options.set ?? []).map((text) => Override.parse(text, options.env ?? process.env));
  const { resolved, report, source } = readLakeFile(path, overrides, options.env ?? process.env);
  const warnings = warningsOrThrow([report, ...overrides.map((override) => override.report)], [path]);
  if (resolved.lake === undefined) throw new Error('internal fault: a lake without errors that is not there');
  return { lake: resolved.lake, warnings, source };
}

/** A lake as far as it could be made, for whoever has more to check. */
export interface ResolvedLake {
  /** Undefined where too little of it was right. */
  readonly lake: Lake | undefined;
  /** Whether all of it was right. */
  readonly complete: boolean;
  /** All that it declares, also where the declaration is wrong; undefined where it is not known what it declares. */
  readonly names: LakeNames | undefined;
}

/** Reads a lake file; what is wrong in it is in the report. Throws ProblemsError where the file cannot be read. */
export function readLakeFile(
  path: string,
  overrides: readonly Override[],
  environment: Environment,
): { resolved: ResolvedLake; report: ProblemReport; source: LoadedSource } {
  const document = readDocument(readSource(path), environment);
  const { report } = document;
  const changed = applyOverrides(overrides, document, lakeSchema);
  const source = loadedSource(document, changed);
  if (document.unreadable) return { resolved: NOTHING, report, source };
  if (!checkVersion(document, 'fdr-lake', 'lake', { key: 'fdr', what: 'scenario' })) {
    return { resolved: NOTHING, report, source };
  }
  return { resolved: resolve(compiled('file'), document.data, report), report, source };
}

/** Checks and resolves a lake that is written in its scenario. */
export function readInlineLake(data: unknown, report: ProblemReport): ResolvedLake {
  return resolve(compiled('inline'), data, report);
}

let schemas: { file?: ValidateFunction; inline?: ValidateFunction } = {};

/** Compiling takes some ten milliseconds: once a process. */
function compiled(kind: 'file' | 'inline'): ValidateFunction {
  const found = schemas[kind] ?? compileSchema(kind === 'file' ? lakeSchema : inlineLakeSchema);
  schemas = { ...schemas, [kind]: found };
  return found;
}

const NOTHING: ResolvedLake = { lake: undefined, complete: false, names: undefined };

function resolve(validate: ValidateFunction, data: unknown, report: ProblemReport): ResolvedLake {
  // Names count as known also where what they name is wrong: one mistake, one message.
  const names = namesOf(data);
  const validation = validateData(validate, data, report, { 'fdr-lake': 1, name: 'lake', sites: {}, storages: {} });
  if (validation.data === undefined) return { lake: undefined, complete: false, names };
  const lake = resolveLake(validation.data as WrittenLake, names, report);
  return { lake, complete: !report.hasErrors, names };
}

function namesOf(data: unknown): LakeNames {
  const whole = (data ?? {}) as Record<string, unknown>;
  const where = typeof whole['name'] === 'string' ? ` in lake "${whole['name'].slice(0, 80)}"` : ' in the lake';
  const names = (kind: string, things: unknown): Names => ({
    kind,
    known: new Set(things !== null && typeof things === 'object' ? Object.keys(things).slice(0, LIMITS.links) : []),
    where,
  });
  return {
    sites: names('site', whole['sites']),
    storages: names('storage', whole['storages']),
    caches: names('cache', whole['caches']),
  };
}
