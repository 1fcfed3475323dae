// `fdr run FILE`: rehearses a scenario, judges it and writes the report.
import type { Command } from 'commander';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { ExitCode, FdrError } from '../core/errors.ts';
import { formatProblem } from '../core/problem.ts';
import { formatCount, formatDuration, formatShare } from '../core/units.ts';
import { compilePlan } from '../plan/compile.ts';
import { checkFeasibility } from '../plan/feasibility.ts';
import type { Finding } from '../plan/finding.ts';
import type { Plan } from '../plan/plan.ts';
import { openRecorder } from '../record/recorder.ts';
import { createRunFolder, writeSummary, type RunFolder } from '../record/run-folder.ts';
import { summarise } from '../record/summarise.ts';
import type { RunVerdict, Summary } from '../record/summary.ts';
import { loadScenario } from '../scenario/load.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { simulate } from '../simulator/simulate.ts';
import { attribute } from '../verdict/attribute.ts';
import { findings } from '../verdict/findings.ts';
import { judge } from '../verdict/judge.ts';
import { monotonicSeconds, nowMilliseconds } from './clock.ts';
import { detailsAreIn } from './failure.ts';
import { reasonOfFileError } from './file-errors.ts';
import { existingPath } from './input-file.ts';
import { makeOutputFolder } from './output-folder.ts';
import { memoryKeeper } from './memory.ts';
import { addOutOption, addScenarioOptions, type CommonOptions, type ScenarioOptions } from './options.ts';
import { openRunLog } from './run-log.ts';
import { describeRun } from './run-summary.ts';
import { installStopSwitch, type StopSwitch } from './stop.ts';
import { style, Terminal } from './terminal.ts';
import { TimedSink } from './timed-sink.ts';

/** Findings of the feasibility check shown before a run. */
const MOST_FINDINGS = 3;

interface RunOptions extends CommonOptions, ScenarioOptions {
  readonly out: string;
  readonly junit?: string;
  readonly live?: boolean;
}

export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('Rehearse a scenario: simulate its day, judge its expectations and write the report.')
    .argument('<file>', 'scenario file');
  addScenarioOptions(command);
  addOutOption(command)
    .option('--junit <file>', 'also write the expectations as JUnit XML to this file')
    .option('--live', 'run for real: not in this version, which says so and ends with exit code 2')
    .addHelpText('after', '\nExample:\n  fdr run scenarios/escape-fdr-2020.yaml --seed 7 --set clock.duration=6h')
    .action(run);
}

async function run(file: string, options: RunOptions): Promise<void> {
  if (options.live === true) throw liveIsNotHere(file);
  const beganSeconds = monotonicSeconds();
  const terminal = new Terminal(options);
  const set = [...options.set, ...(options.seed === undefined ? [] : [`seed=${options.seed}`])];
  if (options.junit !== undefined) checkJunitPath(options.junit);
  const { checked, warnings, sources } = loadScenario(existingPath(file, 'scenario file'), { set });
  for (const warning of warnings) terminal.note(formatProblem(warning));
  const plan = compilePlan(checked);
  noteFeasibility(checkFeasibility(checked, plan).findings, file, terminal);

  makeOutputFolder(options.out, '--out', 'no run folder can be made in');
  const folder = createRunFolder({
    out: options.out,
    checked,
    sources,
    nowMilliseconds: nowMilliseconds(),
  });
  const log = openRunLog(join(folder.path, 'run.log'), options.logLevel, terminal);
  const stop = installStopSwitch(terminal);
  try {
    log.info({ scenario: checked.scenario.name, seed: checked.scenario.seed, set }, 'run starts');
    const summary = await rehearse({ checked, plan, folder, sources, terminal, stop });
    writeSummary(folder, summary);
    // The charts' library is large: it is loaded when it is needed.
    const { writeReports } = await import('../report/write-reports.ts');
    const reports = await writeReports(folder.path);
    if (options.junit !== undefined) copyJunit(reports.junit, options.junit);
    log.info({ verdict: summary.verdict, wallSeconds: summary.wallSeconds }, 'run ended');
    const sentences = findings(summary, checked).map(({ sentence }) => sentence);
    printOutcome(summary, sentences, reports.html, terminal);
    const took = formatDuration(monotonicSeconds() - beganSeconds);
    terminal.result(`Took ${took} in all, with loading, recording and the report.`);
    process.exitCode = exitCodeOf(summary.verdict);
  } catch (error) {
    keepError(error, log, folder);
    throw error;
  } finally {
    stop.release();
  }
}

/** Says before a long run, and not after it, that the place of its JUnit file is none. */
function checkJunitPath(path: string): void {
  const isFolder = (name: string): boolean => statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder(dirname(path))) throw junitNotWritable(path, 'its folder is not there');
  if (path === '' || isFolder(path)) throw junitNotWritable(path, 'it is a folder, where a file is needed');
}

/** Before anything is printed, so that an error is the only document under --json. */
function copyJunit(from: string, path: string): void {
  try {
    writeFileSync(path, readFileSync(from));
  } catch (error) {
    const reason = reasonOfFileError(error);
    if (reason === undefined) throw error;
    throw junitNotWritable(path, `${reason}; it is in ${from} all the same`, error);
  }
}

function junitNotWritable(path: string, reason: string, cause?: unknown): FdrError {
  return new FdrError('path-not-usable', `no JUnit file can be written to ${path}: ${reason}`, {
    hint: 'choose another file with --junit',
    cause,
  });
}

/** What cannot fit, in brief, before anything runs: people may want to stop and read `fdr check` first. */
function noteFeasibility(findings: readonly Finding[], file: string, terminal: Terminal): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  for (const { text } of errors.slice(0, MOST_FINDINGS)) terminal.note(`Cannot be as planned: ${text}`);
  const rest = findings.filter(({ severity }) => severity !== 'ok').length - Math.min(errors.length, MOST_FINDINGS);
  if (rest === 0) return;
  const what = rest === 1 ? 'thing is' : 'things are';
  terminal.note(`${rest} ${errors.length === 0 ? '' : 'more '}${what} worth knowing beforehand: fdr check ${file}`);
}

interface Rehearsal {
  readonly checked: CheckedScenario;
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly sources: Parameters<typeof summarise>[0]['sources'];
  readonly terminal: Terminal;
  readonly stop: StopSwitch;
}

/** Plays the day into the run folder and sums it up. What was recorded is complete on disk, however it ends. */
async function rehearse({ checked, plan, folder, sources, terminal, stop }: Rehearsal): Promise<Summary> {
  const recorder = await openRecorder(folder, { checked });
  const { durationSeconds } = checked.scenario.clock;
  const keepMemory = memoryKeeper();
  const sink = new TimedSink(recorder);
  const startedSeconds = monotonicSeconds();
  let wallSeconds: number;
  try {
    await simulate(checked, plan, sink, {
      onProgress: (atSeconds) => {
        const share = formatShare(Math.min(1, atSeconds / durationSeconds));
        const operations = formatCount(recorder.operations);
        terminal.progress(`${share} of ${formatDuration(durationSeconds)} simulated, ${operations} operations`);
      },
      shouldStop: stop.requested,
      pause: async () => {
        keepMemory();
        // Lets signals be heard between two turns of the simulator.
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    wallSeconds = monotonicSeconds() - startedSeconds - sink.seconds;
  } finally {
    await recorder.close();
  }
  const judged = judge(checked, recorder.aggregate);
  return summarise({
    checked,
    plan,
    aggregate: recorder.aggregate,
    judged: stop.requested() ? { ...judged, verdict: 'stopped' } : judged,
    incidents: attribute(recorder.aggregate, checked),
    sources,
    run: folder.path,
    wallSeconds,
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  });
}

function printOutcome(summary: Summary, sentences: readonly string[], reportPath: string, terminal: Terminal): void {
  terminal.json(summary);
  const text = describeRun(summary, sentences, {
    columns: terminal.columns,
    style: {
      bold: (part) => style('bold', part),
      dim: (part) => style('dim', part),
      good: (part) => style('green', part),
      bad: (part) => style('red', part),
    },
  });
  terminal.result(`${text}\n\nReport: ${reportPath}`);
}

function exitCodeOf(verdict: RunVerdict): ExitCode {
  if (verdict === 'stopped') return ExitCode.stopped;
  return verdict === 'not-met' ? ExitCode.notMet : ExitCode.met;
}

function keepError(error: unknown, log: Logger, folder: RunFolder): void {
  if (!(error instanceof FdrError)) detailsAreIn(error, join(folder.path, 'run.log'));
  // At level info, since the failure itself goes to stderr already.
  log.info({ error: error instanceof Error ? error.stack : String(error) }, 'run failed');
}

function liveIsNotHere(file: string): FdrError {
  return new FdrError('not-in-this-version', 'real runs (--live) are not in this version: it rehearses on paper only', {
    hint: `Without --live the day is simulated: fdr run ${file}`,
  });
}
