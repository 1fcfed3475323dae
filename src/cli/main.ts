// The command line: finds the command, loads it alone, and turns whatever it throws into one line and an exit code.
import { Command, type Option } from 'commander';
import { enableCompileCache } from 'node:module';
import { ExitCode } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { COMMANDS } from './commands.ts';
import { commandWord, reportFailure } from './failure.ts';
import { addCommonOptions } from './options.ts';
import { flushOutput, tolerateClosedStreams, writeTo } from './terminal.ts';

/** Builds the program with the named command in full and the others as one line each. */
async function buildProgram(commandName: string | undefined): Promise<Command> {
  const program = new Command('fdr')
    .description(
      'Rehearse a day of a scientific data lake: on paper in seconds, with a report per site, service and experiment.',
    )
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => writeTo(process.stdout, text),
      // Mistakes are printed by `reportFailure`, in one line.
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.max(40, Math.min(process.stdout.columns || 100, 120)),
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
    return reportFailure(error, words);
  }
}

tolerateClosedStreams();
// Commands are loaded after this: their code is kept compiled between runs, where the machine has a place for it.
enableCompileCache();
const words = process.argv.slice(2);
process.on('uncaughtException', (error) => {
  process.exit(reportFailure(error, words));
});
const exitCode = await main(words);
await flushOutput();
process.exit(exitCode);
