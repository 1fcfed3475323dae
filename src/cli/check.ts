// `fdr check FILE`: every error of a scenario or lake file, then whether the day can fit, before anything runs.
import type { Command } from 'commander';
import { ExitCode } from '../core/errors.ts';
import { formatProblem, type Problem } from '../core/problem.ts';
import { loadLake } from '../lake/load.ts';
import { readSource } from '../language/source.ts';
import { compilePlan } from '../plan/compile.ts';
import { DayClock } from '../plan/day-clock.ts';
import { checkFeasibility, resourceRows, type Feasibility } from '../plan/feasibility.ts';
import { feasibilityText, usageChart } from '../plan/feasibility-text.ts';
import { regrid } from '../plan/time-grid.ts';
import { loadScenario } from '../scenario/load.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { existingPath } from './input-file.ts';
import { addScenarioOptions, type CommonOptions, type ScenarioOptions } from './options.ts';
import { style, Terminal } from './terminal.ts';

interface CheckOptions extends CommonOptions, ScenarioOptions {
  readonly byHour?: boolean;
}

export function registerCheck(program: Command): void {
  const command = program
    .command('check')
    .description(
      'Find every error of a scenario or lake file at once. Then hold what a scenario asks against what its lake can ' +
        'give, hour by hour. Exit code 0: it can be; 2: the file is wrong; 3: the day cannot be as planned.',
    )
    .argument('<file>', 'scenario or lake file');
  addScenarioOptions(command)
    .option('--by-hour', 'also show the use of every link, storage and service, hour by hour')
    .addHelpText('after', '\nExample:\n  fdr check scenarios/escape-fdr-2020.yaml')
    .action(check);
}

function check(file: string, options: CheckOptions): void {
  const terminal = new Terminal(options);
  const path = existingPath(file, 'scenario or lake file');
  if (isLake(path)) checkLake(path, options, terminal);
  else checkScenario(path, options, terminal);
}

/** A lake file names its language's version under a key of its own. */
function isLake(path: string): boolean {
  return /^["']?fdr-lake["']?\s*:/m.test(readSource(path).text);
}

function checkLake(path: string, options: CheckOptions, terminal: Terminal): void {
  const { lake, warnings } = loadLake(path, { set: options.set });
  for (const warning of warnings) terminal.note(formatProblem(warning));
  terminal.json({
    schema: 'fdr.check/1',
    file: path,
    kind: 'lake',
    warnings,
    sites: lake.sites.size,
    storages: lake.storages.size,
    caches: lake.caches.size,
  });
  const counts = `${counted(lake.sites.size, 'site')}, ${counted(lake.storages.size, 'storage')}, ${counted(lake.caches.size, 'cache')}`;
  terminal.result(`${path}: a lake without errors${warningsText(warnings)}; ${counts}`);
}

function checkScenario(path: string, options: CheckOptions, terminal: Terminal): void {
  const set = [...options.set, ...(options.seed === undefined ? [] : [`seed=${options.seed}`])];
  const { checked, warnings } = loadScenario(path, { set });
  for (const warning of warnings) terminal.note(formatProblem(warning));
  const feasibility = checkFeasibility(checked, compilePlan(checked));
  terminal.json(documentOf(path, checked, warnings, feasibility));
  const layout = {
    columns: terminal.columns,
    bold: (text: string) => style('bold', text),
    dim: (text: string) => style('dim', text),
    good: (text: string) => style('green', text),
    poor: (text: string) => style('yellow', text),
    bad: (text: string) => style('red', text),
  };
  terminal.result(`${path}: no errors${warningsText(warnings)}`);
  const clock = new DayClock(checked.scenario.clock.start);
  terminal.result(feasibilityText(feasibility, clock, layout));
  if (options.byHour === true) {
    terminal.result(`\n${usageChart(feasibility, clock, layout)}`);
  }
  process.exitCode = feasibility.verdict === 'infeasible' ? ExitCode.notMet : ExitCode.met;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function warningsText(warnings: readonly Problem[]): string {
  return warnings.length === 0 ? '' : `, ${counted(warnings.length, 'warning')}`;
}

/** Everything as data. A limit that is not there is null. */
function documentOf(
  file: string,
  checked: CheckedScenario,
  warnings: readonly Problem[],
  feasibility: Feasibility,
): object {
  const { periods, demand } = feasibility;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    schema: 'fdr.check/1',
    file,
    kind: 'scenario',
    warnings,
    verdict: feasibility.verdict,
    findings: feasibility.findings.map((one) => ({
      ...one,
      fromSeconds: one.fromSeconds ?? null,
      toSeconds: one.toSeconds ?? null,
      asked: one.asked === undefined ? null : finite(one.asked),
      available: one.available === undefined ? null : finite(one.available),
    })),
    clock: { start: checked.scenario.clock.start.toISOString(), durationSeconds: periods.durationSeconds },
    periodSeconds: periods.stepSeconds,
    resources: resourceRows(feasibility).map(({ resource, askedPerSecond, availablePerSecond }) => ({
      kind: resource.kind,
      name: resource.name,
      unit: resource.unit === 'bytes' ? 'bytes per second' : 'slots',
      limit: finite(resource.perSecond),
      faults: resource.faults.map((fault) => fault.text),
      asked: [...askedPerSecond],
      available: Array.from(availablePerSecond, finite),
    })),
    space: feasibility.space.map((use) => ({
      storage: use.storage,
      capacityBytes: use.capacityBytes,
      startBytes: use.startBytes,
      usedBytes: [...lastOfEach(use.usedBytes, demand.grid.stepSeconds, periods.stepSeconds)],
      addedBytes: [...regrid(differences(use.usedBytes, use.startBytes), demand.grid, periods)],
    })),
  };
}

function differences(values: Float64Array, before: number): Float64Array {
  return values.map((value, index) => value - (values[index - 1] ?? before));
}

/** The value at the end of each larger part. */
function lastOfEach(values: Float64Array, fromSeconds: number, toSeconds: number): number[] {
  const each = Math.round(toSeconds / fromSeconds);
  const last: number[] = [];
  for (let end = each - 1; end < values.length + each - 1; end += each)
    last.push(values[Math.min(end, values.length - 1)]!);
  return last;
}
