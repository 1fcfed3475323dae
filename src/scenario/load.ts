// Loads a scenario and its lake: text, data, schema, names, sense; all that is wrong in both at once.
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { nearest } from '../core/nearest.ts';
import { type Problem, ProblemsError } from '../core/problem.ts';
import { readInlineLake, readLakeFile, type ResolvedLake } from '../lake/load.ts';
import { type Data, type LoadedDocument, readDocument } from '../language/document.ts';
import type { Environment } from '../language/environment.ts';
import { type LoadedSource, loadedSource, writeAnew } from '../language/loaded-source.ts';
import { applyOverrides, Override } from '../language/overrides.ts';
import { ProblemReport, warningsOrThrow } from '../language/report.ts';
import { readSource } from '../language/source.ts';
import { compileSchema, validateData } from '../language/validate.ts';
import { checkVersion } from '../language/version.ts';
import { checkSense } from './check-sense.ts';
import { checkPlannedOperations, checkWorkflows } from './check-workflows.ts';
import { resolveClock } from './moments.ts';
import { type ScenarioContext, scenarioNames } from './names.ts';
import { resolveExpectations } from './resolve-expectations.ts';
import { resolveFaults } from './resolve-faults.ts';
import { resolveBackground, resolveExperiment } from './resolve-workflows.ts';
import type { CheckedScenario, Scenario } from './scenario.ts';
import { scenarioSchema, type WrittenScenario } from './schema.ts';
import { child } from '../language/pointer.ts';
import { seconds } from '../language/quantities.ts';

export interface LoadOptions {
  /** `path=value` each; `lake.` starts a path in the lake. */
  readonly set?: readonly string[] | undefined;
  /** Where `${NAME}` is looked up; the process's own where not given. */
  readonly env?: Environment | undefined;
}

export interface LoadedScenario {
  readonly checked: CheckedScenario;
  readonly warnings: Problem[];
  /** Both files as read. `asRun` of each loads again, from one folder, to the same: scenario.yaml and lake.yaml. */
  readonly sources: { readonly scenario: LoadedSource; readonly lake: LoadedSource };
}

/** The name under which a run folder keeps the lake; its scenario's `asRun` says `lake: lake.yaml`. */
export const LAKE_FILE_OF_RUN = 'lake.yaml';

/** Reads, checks and resolves a scenario and its lake. Throws ProblemsError (exit code 2) with all that is wrong. */
export function loadScenario(path: string, options: LoadOptions = {}): LoadedScenario {
  const environment = options.env ?? process.env;
  const overrides = (options.set ?? []).map((text) => Override.parse(text, environment));
  const document = readDocument(readSource(path), environment);
  const { report } = document;
  const changed = applyOverrides(
    overrides.filter((override) => !isForLakeFile(override, document.data)),
    document,
    scenarioSchema,
  );
  const reports = [report, ...overrides.map((override) => override.report)];
  if (document.unreadable || !checkVersion(document, 'fdr', 'scenario', { key: 'fdr-lake', what: 'lake' })) {
    warningsOrThrow(reports, [path]);
  }
  const text = loadedSource(document, changed);
  const written = structuredClone(document.data);
  const lake = loadLakeOf(document, path, overrides, environment);
  reports.push(lake.report);
  const scenario = resolveScenario(document, lake.resolved, lake.path === path);
  const warnings = warningsOrThrow(reports, [path, lake.path]);
  if (scenario === undefined || lake.resolved?.lake === undefined || lake.source === undefined) {
    throw new Error('internal fault: a scenario without errors that is not there');
  }
  return {
    checked: { scenario, lake: lake.resolved.lake },
    warnings,
    sources: { scenario: asRun(text, document, written), lake: lake.source },
  };
}

function isForLakeFile(override: Override, data: Data): boolean {
  if (!override.path.startsWith('lake.')) return false;
  return data !== null && typeof data === 'object' && !Array.isArray(data) && typeof data['lake'] === 'string';
}

interface LakeOfScenario {
  readonly resolved: ResolvedLake | undefined;
  readonly report: ProblemReport;
  readonly path: string;
  readonly source: LoadedSource | undefined;
}

/** Takes the lake out of the scenario's data (leaving a name in its place) and loads it. */
function loadLakeOf(
  document: LoadedDocument,
  path: string,
  overrides: readonly Override[],
  environment: Environment,
): LakeOfScenario {
  const data = document.data as { [key: string]: Data };
  const { lake } = data;
  const none = new ProblemReport(path, document.places, '/lake');
  if (lake !== null && typeof lake === 'object' && !Array.isArray(lake)) {
    lake['fdr-lake'] ??= 1;
    lake['name'] ??= `the lake of ${typeof data['name'] === 'string' ? data['name'] : 'the scenario'}`.slice(0, 200);
    const text = writeAnew(lake);
    data['lake'] = LAKE_FILE_OF_RUN;
    const resolved = readInlineLake(lake, none);
    return { resolved, report: none, path, source: { ...document.source, text, asRun: text } };
  }
  if (typeof lake !== 'string' || lake.trim() === '')
    return { resolved: undefined, report: none, path, source: undefined };
  const lakePath = isAbsolute(lake) ? lake : join(dirname(path), lake);
  const inLake = overrides.filter((each) => isForLakeFile(each, data)).map((each) => each.below(each.path.slice(5)));
  try {
    return { ...readLakeFile(lakePath, inLake, environment), path: lakePath };
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    for (const problem of error.problems) reportUnreadable(document.report, problem, lakePath, lake);
    return { resolved: undefined, report: none, path: lakePath, source: undefined };
  }
}

/** A lake that is not there is a mistake in the scenario; one that is no text, in the lake. */
function reportUnreadable(report: ProblemReport, problem: Problem, lakePath: string, written: string): void {
  const meant = problem.line > 0 ? undefined : nearestFile(lakePath);
  const hint =
    meant === undefined ? problem.hint : `did you mean ${written.slice(0, -basename(lakePath).length)}${meant}?`;
  const place = problem.line > 0 ? `:${problem.line}:${problem.column}` : '';
  const relative = hint === '' && !isAbsolute(written) ? 'paths are relative to the scenario file' : hint;
  report.error('/lake', `the lake ${lakePath}${place}: ${problem.message}`, relative);
}

/** The file in the same folder that has nearly this name. */
function nearestFile(path: string): string | undefined {
  if (existsSync(path)) return undefined;
  try {
    return nearest(basename(path), readdirSync(dirname(path)));
  } catch {
    // Only a hint: where the folder cannot be listed, there is none.
    return undefined;
  }
}

let validator: ValidateFunction | undefined;

function resolveScenario(
  document: LoadedDocument,
  lake: ResolvedLake | undefined,
  inlineLake: boolean,
): Scenario | undefined {
  const { data, report } = document;
  validator ??= compileSchema(scenarioSchema);
  const names = scenarioNames(data);
  const hadClock = (data as { [key: string]: Data })['clock'];
  const validation = validateData(validator, data, report, {
    fdr: 1,
    name: 'scenario',
    lake: LAKE_FILE_OF_RUN,
    clock: { start: '1970-01-01', duration: '24h' },
  });
  if (validation.data === undefined) return undefined;
  const written = validation.data as WrittenScenario;
  const clock = resolveClock(written.clock, report);
  const context: ScenarioContext = {
    report,
    clock: {
      ...clock,
      known:
        clock.known &&
        hadClock !== undefined &&
        hadClock !== null &&
        (data as { [key: string]: Data })['clock'] === hadClock,
    },
    lakeNames: lake?.names,
    lake: lake?.complete === true ? lake.lake : undefined,
    ...names,
  };
  const scenario: Scenario = {
    name: written.name,
    description: written.description,
    clock: { start: clock.start, durationSeconds: clock.durationSeconds },
    seed: written.seed,
    experiments: mapOf(written.experiments, '/experiments', (name, each, at) =>
      resolveExperiment(name, each, at, context),
    ),
    background: mapOf(written.background, '/background', (name, each, at) =>
      resolveBackground(name, each, at, context),
    ),
    faults: resolveFaults(written.faults, context),
    expectations: resolveExpectations(written.expect, context),
    simulation: { quantumSeconds: written.simulation === 'exact' ? 0 : seconds(written.simulation.quantum) },
  };
  // What depends on the whole of scenario and lake waits until both are right.
  if (validation.complete && context.lake !== undefined) {
    const hadErrors = report.hasErrors;
    checkWorkflows(scenario, context.lake, report);
    checkPlannedOperations(scenario, context.lake, report);
    if (!hadErrors) checkSense(scenario, context.lake, report, inlineLake);
  }
  if (validation.complete && scenario.experiments.size === 0 && scenario.background.size === 0) {
    report.error('', 'nothing happens: there is no experiment and no background', 'add `experiments` with a workflow');
  }
  return scenario;
}

function mapOf<W, T>(
  written: Readonly<Record<string, W>>,
  pointer: string,
  make: (name: string, each: W, at: string) => T,
): Map<string, T> {
  return new Map(Object.entries(written).map(([name, each]) => [name, make(name, each, child(pointer, name))]));
}

/** The scenario's text with its lake's name in the run folder; only that is changed where nothing else was. */
function asRun(source: LoadedSource, document: LoadedDocument, written: Data): LoadedSource {
  const lake = (written as { [key: string]: Data })['lake'];
  const text = document.places.texts.get('/lake');
  if (source.asRun !== source.text || typeof lake !== 'string' || text === undefined || text.line === 0) {
    return { ...source, asRun: writeAnew({ ...(written as object), lake: LAKE_FILE_OF_RUN }) };
  }
  const lines = source.text.split('\n');
  const line = lines[text.line - 1] ?? '';
  const start = text.column - 1;
  lines[text.line - 1] = line.slice(0, start) + LAKE_FILE_OF_RUN + line.slice(start + lake.length);
  return { ...source, asRun: lines.join('\n') };
}
