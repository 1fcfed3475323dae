// `fdr plan FILE`: the day as a timeline, run sheets for the sites, or the intents themselves.
import { Option, type Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FdrError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { formatProblem } from '../core/problem.ts';
import { compilePlan } from '../plan/compile.ts';
import { checkFeasibility, type Feasibility } from '../plan/feasibility.ts';
import { intentDocument } from '../plan/intent-document.ts';
import { overviewOf } from '../plan/overview.ts';
import { planCsv } from '../plan/plan-csv.ts';
import { planDocument } from '../plan/plan-document.ts';
import type { Plan } from '../plan/plan.ts';
import { runSheets, type RunSheet } from '../plan/run-sheet.ts';
import { runSheetCsv, runSheetMarkdown } from '../plan/run-sheet-text.ts';
import { timelineText } from '../plan/timeline.ts';
import { loadScenario } from '../scenario/load.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { reasonOfFileError } from './file-errors.ts';
import { existingPath } from './input-file.ts';
import { makeOutputFolder } from './output-folder.ts';
import { addScenarioOptions, nonNegativeInteger, oneOf, type CommonOptions, type ScenarioOptions } from './options.ts';
import { flushOutput, style, Terminal } from './terminal.ts';

const FORMATS = ['text', 'json', 'csv', 'ics', 'markdown'] as const;
type Format = (typeof FORMATS)[number];

const INTENTS_PER_WRITE = 1000;

interface PlanOptions extends CommonOptions, ScenarioOptions {
  readonly format: Format;
  readonly site?: string;
  readonly sheets?: string;
  readonly intents?: number;
}

export function registerPlan(program: Command): void {
  const command = program
    .command('plan')
    .description(
      'Show the day as a timeline: who injects, copies and reads what when; volumes by hour, site and link. Write a run ' +
        'sheet for each site, or print the intents themselves.',
    )
    .argument('<file>', 'scenario file');
  addScenarioOptions(command)
    .addOption(
      new Option('--format <format>', `${FORMATS.join(', ')}; ics and markdown are run sheets`)
        .argParser(oneOf(FORMATS))
        .default('text'),
    )
    .option('--site <name>', 'only this site: its run sheet')
    .option('--sheets <dir>', "write each site's run sheet there as Markdown, CSV and iCalendar")
    .addOption(
      new Option('--intents <n>', 'print only the first n intents, as JSON, one a line').argParser(nonNegativeInteger),
    )
    .addHelpText('after', '\nExample:\n  fdr plan scenarios/escape-fdr-2020.yaml --sheets sheets')
    .action(plan);
}

async function plan(file: string, options: PlanOptions): Promise<void> {
  const terminal = new Terminal(options);
  const set = [...options.set, ...(options.seed === undefined ? [] : [`seed=${options.seed}`])];
  const { checked, warnings } = loadScenario(existingPath(file, 'scenario file'), { set });
  for (const warning of warnings) terminal.note(formatProblem(warning));
  if (options.site !== undefined) checkSite(options.site, checked);
  const compiled = compilePlan(checked);
  const { intents } = options;
  if (intents !== undefined) return printIntents(checked, compiled, { ...options, intents }, terminal);
  const feasibility = checkFeasibility(checked, compiled);
  const sheets = runSheets(checked, feasibility.demand).filter(
    (sheet) => options.site === undefined || sheet.site === options.site,
  );
  if (options.sheets !== undefined) {
    await writeSheets(options.sheets, sheets, checked);
    const many = sheets.length === 1 ? '1 run sheet' : `${sheets.length} run sheets, each`;
    terminal.note(`${many} as .md, .csv and .ics in ${options.sheets}`);
  }
  await print(checked, compiled, feasibility, sheets, options, terminal);
}

function checkSite(site: string, { lake }: CheckedScenario): void {
  if (lake.sites.has(site)) return;
  const meant = nearest(site, [...lake.sites.keys()]);
  throw new FdrError('no-such-site', `no site "${site}" in lake "${lake.name}"`, {
    hint: meant === undefined ? `its sites: ${[...lake.sites.keys()].join(', ')}` : `did you mean ${meant}?`,
  });
}

/** A line each; under --json the elements of one document. They are made as they are printed, and no further. */
async function printIntents(
  checked: CheckedScenario,
  compiled: Plan,
  options: PlanOptions & { readonly intents: number },
  terminal: Terminal,
): Promise<void> {
  const [open, between, close] = options.json
    ? ['{ "schema": "fdr.intents/1", "intents": [\n', ',\n', '\n] }\n']
    : ['', '\n', '\n'];
  let text = open;
  let printed = 0;
  for (const intent of limited(compiled.intents(), options.intents)) {
    text += `${printed === 0 ? '' : between}${JSON.stringify(intentDocument(intent, compiled, checked))}`;
    printed++;
    if (printed % INTENTS_PER_WRITE > 0) continue;
    terminal.data(text);
    text = '';
    await flushOutput();
    if (terminal.closed) return;
  }
  if (printed > 0 || options.json) terminal.data(text + close);
}

function* limited<Item>(items: Iterable<Item>, count: number): Generator<Item, void> {
  let given = 0;
  if (count === 0) return;
  for (const item of items) {
    yield item;
    given++;
    if (given === count) return;
  }
}

async function print(
  checked: CheckedScenario,
  compiled: Plan,
  feasibility: Feasibility,
  sheets: readonly RunSheet[],
  options: PlanOptions,
  terminal: Terminal,
): Promise<void> {
  const format = options.json ? 'json' : options.format;
  const sheetsWanted = options.site !== undefined;
  switch (format) {
    case 'json': {
      const document = planDocument(checked, compiled, feasibility, sheets);
      if (options.json) terminal.json(document);
      else terminal.data(`${JSON.stringify(document, null, 2)}\n`);
      return;
    }
    case 'csv':
      if (sheetsWanted) terminal.data(runSheetCsv(sheets, checked));
      else {
        const { start } = checked.scenario.clock;
        for (const line of planCsv(overviewOf(feasibility.demand), feasibility.periods, start)) terminal.data(line);
      }
      return;
    case 'ics': {
      const { runSheetCalendar } = await import('../plan/run-sheet-calendar.ts');
      terminal.data(runSheetCalendar(sheets, checked));
      return;
    }
    case 'markdown':
      terminal.data(sheets.map((sheet) => runSheetMarkdown(sheet, checked)).join('\n'));
      return;
    case 'text':
      terminal.result(
        sheetsWanted
          ? sheets
              .map((sheet) => runSheetMarkdown(sheet, checked))
              .join('\n')
              .trimEnd()
          : timelineText(checked, feasibility, {
              columns: terminal.columns,
              unicode: showsUnicode(),
              bold: (text) => style('bold', text),
              dim: (text) => style('dim', text),
              bad: (text) => style('red', text),
            }),
      );
  }
}

/** Whether the terminal's character set is UTF-8, as the environment says (POSIX: LC_ALL, LC_CTYPE, LANG). */
function showsUnicode(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '');
  if (locale === undefined) return process.platform === 'win32' || process.platform === 'darwin';
  return /utf-?8/i.test(locale);
}

async function writeSheets(folder: string, sheets: readonly RunSheet[], checked: CheckedScenario): Promise<void> {
  const { runSheetCalendar } = await import('../plan/run-sheet-calendar.ts');
  makeOutputFolder(folder, '--sheets', 'the run sheets cannot be written to');
  try {
    for (const sheet of sheets) {
      const path = join(folder, sheet.site);
      writeFileSync(`${path}.md`, runSheetMarkdown(sheet, checked));
      writeFileSync(`${path}.csv`, runSheetCsv([sheet], checked));
      writeFileSync(`${path}.ics`, runSheetCalendar([sheet], checked));
    }
  } catch (error) {
    const reason = reasonOfFileError(error);
    if (reason === undefined) throw error;
    throw new FdrError('output-folder', `the run sheets cannot be written to ${folder}: ${reason}`, {
      hint: 'choose another folder with --sheets',
      cause: error,
    });
  }
}
