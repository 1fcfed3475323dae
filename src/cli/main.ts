// The command line: finds the command, loads it alone, and turns whatever it throws into one line and an exit code.
import { Command, CommanderError, type Option } from 'commander';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode, FdrError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { COMMANDS } from './commands.ts';
import { nearest } from '../core/nearest.ts';
import { ProblemsError } from '../core/problem.ts';
import { explainFileError } from './file-errors.ts';
import { addCommonOptions } from './options.ts';
import { flushOutput, tolerateClosedStreams, writeTo } from './terminal.ts';

/** Builds the program with the named command in full and the others as one line each. */
async function buildProgram(commandName: string | undefined): Promise<Command> {
  const program = new Command('fdr')
    .description(
      'Rehearse a day of a scientific data lake: on paper in seconds, with a report per site, service and experiment.',
    )
    .version(VERSION, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => writeTo(process.stdout, text),
      // Usage errors are printed by `report` below, in one line.
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.max(40, Math.min(process.stdout.columns ?? 100, 120)),
    })
    .configureHelp({ optionDescription: describeOption, minWidthToWrap: 12 })
    .addHelpText(
      'after',
      '\nExample:\n  fdr run scenarios/escape-fdr-2020.yaml\n\nfdr COMMAND --help says more about a command.',
    );
  for (const command of COMMANDS) {
    if (command.name === commandName) {
      (await command.load())(program);
    } else if (!program.commands.some((present) => present.name() === command.name)) {
      program.command(command.name).description(command.summary);
    }
  }
  for (const command of allCommands(program)) {
    if (command.commands.length === 0 && command !== program) addCommonOptions(command);
  }
  return program;
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** An option's line in the help: what it does, and its default even where it has none. */
function describeOption(option: Option): string {
  if (option.long === '--help' || option.long === '--version') return option.description;
  const fallback =
    option.defaultValueDescription ??
    (option.defaultValue === undefined ? (option.isBoolean() ? 'off' : 'none') : String(option.defaultValue));
  return /\(default:/.test(option.description) ? option.description : `${option.description} (default: ${fallback})`;
}

/** The command word of an argument list: `fdr run x`, `fdr help run`. */
function commandWord(words: readonly string[]): string | undefined {
  const named = words.filter((word) => !word.startsWith('-'));
  return named[0] === 'help' ? named[1] : named[0];
}

/** One line for a usage error, naming the nearest match where there is one. */
function usageLine(error: CommanderError, words: readonly string[]): string {
  const [first = '', second = ''] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /\(Did you mean (.*)\?\)/.exec(second)?.[1];
  const word = commandWord(words);
  const known = COMMANDS.some((command) => command.name === word);
  let text = first.replaceAll("'", '"').replace(/\.$/, '').replace(/\. /g, '; ');
  if (error.code === 'commander.unknownCommand') {
    const meant = nearest(
      word ?? '',
      COMMANDS.map((command) => command.name),
    );
    return `fdr: ${text}; ${meant === undefined ? 'fdr --help lists the commands' : `did you mean ${meant}?`}`;
  }
  if (suggestion !== undefined) text += `; did you mean ${suggestion}?`;
  else if (error.code === 'commander.unknownOption' || error.code === 'commander.excessArguments') {
    text += `; see fdr ${known ? `${word} ` : ''}--help`;
  } else if (error.code === 'commander.missingArgument') text += `; see fdr ${word} --help`;
  return `fdr${known ? ` ${word}` : ''}: ${text}`;
}

/** Writes what is known of an internal fault to a file and gives its path, or the reason why that failed. */
function keepFaultDetails(error: unknown, words: readonly string[]): string {
  const path = join(tmpdir(), `fdr-fault-${process.pid}.log`);
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    writeFileSync(
      path,
      `fdr ${VERSION}, Node ${process.version}, ${process.platform}\nfdr ${words.join(' ')}\n${details}\n`,
    );
    return `details in ${path}`;
  } catch (failure) {
    return `details could not be written: ${failure instanceof Error ? failure.message : String(failure)}`;
  }
}

/** Prints an error the way its kind asks for and gives the exit code. */
function report(thrown: unknown, words: readonly string[]): number {
  const error = explainFileError(thrown) ?? thrown;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0 || error.code === 'commander.help') return error.exitCode;
    writeTo(process.stderr, `${usageLine(error, words)}\n`);
    return ExitCode.usage;
  }
  const asJson = words.includes('--json');
  if (error instanceof FdrError) {
    writeTo(process.stderr, `${error.message}${error.hint === '' ? '' : `\n${error.hint}`}\n`);
    if (asJson) writeErrorDocument(error.code, error.message, error.hint, error.exitCode, error);
    return error.exitCode;
  }
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  const where = keepFaultDetails(error, words);
  writeTo(process.stderr, `internal fault: ${message.replace(/^internal fault: /, '')}; ${where}\n`);
  if (wantsDebug(words) && error instanceof Error) writeTo(process.stderr, `${error.stack}\n`);
  if (asJson) writeErrorDocument('internal-fault', message, where, ExitCode.internal);
  return ExitCode.internal;
}

function wantsDebug(words: readonly string[]): boolean {
  return words.includes('--log-level=debug') || words[words.indexOf('--log-level') + 1] === 'debug';
}

function writeErrorDocument(code: string, message: string, hint: string, exitCode: number, error?: FdrError): void {
  const problems = error instanceof ProblemsError ? { problems: error.problems } : {};
  const document = { schema: 'fdr.error/1', error: { code, message, hint, exitCode, ...problems } };
  writeTo(process.stdout, `${JSON.stringify(document, null, 2)}\n`);
}

async function main(words: readonly string[]): Promise<number> {
  try {
    const program = await buildProgram(commandWord(words));
    if (words.length === 0) {
      program.outputHelp();
      return ExitCode.usage;
    }
    await program.parseAsync([...words], { from: 'user' });
    return Number(process.exitCode ?? ExitCode.met);
  } catch (error) {
    return report(error, words);
  }
}

tolerateClosedStreams();
const words = process.argv.slice(2);
process.on('uncaughtException', (error) => {
  process.exit(report(error, words));
});
const exitCode = await main(words);
await flushOutput();
process.exit(exitCode);
