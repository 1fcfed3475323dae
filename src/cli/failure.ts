// What a command throws, as one line on stderr, an exit code and, under --json, one document on stdout.
import { CommanderError } from 'commander';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode, FdrError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { ProblemsError } from '../core/problem.ts';
import { VERSION } from '../core/version.ts';
import { COMMANDS } from './commands.ts';
import { explainFileError } from './file-errors.ts';
import { writeTo } from './terminal.ts';

/** The command word of an argument list: `fdr run x`, `fdr help run`. */
export function commandWord(words: readonly string[]): string | undefined {
  const named = words.filter((word) => !word.startsWith('-'));
  return named[0] === 'help' ? named[1] : named[0];
}

/** One line for a mistake on the command line, naming the nearest match where there is one. */
function usageLine(error: CommanderError, words: readonly string[]): string {
  const word = commandWord(words);
  const command = COMMANDS.some(({ name }) => name === word) ? `fdr ${word}` : 'fdr';
  if (error.code === 'commander.help' && words[0] === 'help') return unknownCommand(word ?? '');
  if (error.code === 'commander.help') return `${command}: a command is missing; see ${command} --help`;
  const [first = '', second = ''] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = /\(Did you mean (.*)\?\)/.exec(second)?.[1];
  const text = first.replaceAll("'", '"').replace(/\.$/, '').replace('. Expected', '; expected').replace('. ', '; ');
  if (suggestion !== undefined) return `${command}: ${text}; did you mean ${suggestion}?`;
  // A wrong value says itself what is needed.
  return error.code === 'commander.invalidArgument'
    ? `${command}: ${text}`
    : `${command}: ${text}; see ${command} --help`;
}

function unknownCommand(word: string): string {
  const meant = nearest(
    word,
    COMMANDS.map(({ name }) => name),
  );
  return `fdr: unknown command "${word}"; ${meant === undefined ? 'see fdr --help' : `did you mean ${meant}?`}`;
}

/** Where the details of an error were written already, by error. */
const detailPaths = new WeakMap<object, string>();

/** Says that the details of an error that is on its way are in a file (a run's log), so that no other is written. */
export function detailsAreIn(error: unknown, path: string): void {
  if (typeof error === 'object' && error !== null) detailPaths.set(error, path);
}

/** Writes what is known of an internal fault to a file and says where it is, or why that failed. */
function keepFaultDetails(error: unknown, words: readonly string[]): string {
  const written = typeof error === 'object' && error !== null ? detailPaths.get(error) : undefined;
  if (written !== undefined) return `details in ${written}`;
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
export function reportFailure(thrown: unknown, words: readonly string[]): number {
  const error = explainFileError(thrown) ?? thrown;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return error.exitCode;
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
