// The options that commands share, so that each means the same and reads the same everywhere.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { nearest } from '../core/nearest.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What every command takes. */
export interface CommonOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly logLevel: LogLevel;
}

/** What commands that read a scenario take besides. */
export interface ScenarioOptions {
  readonly seed?: number;
  readonly set: readonly string[];
}

/** Adds --json, --quiet and --log-level where the command does not declare them itself. */
export function addCommonOptions(command: Command): void {
  addMissing(command, new Option('--json', 'put exactly one JSON document on stdout').default(false, 'off'));
  addMissing(command, new Option('--quiet', 'print errors only').default(false, 'off'));
  addMissing(
    command,
    new Option('--log-level <level>', `what goes to stderr from the log: ${LOG_LEVELS.join(', ')}`)
      .argParser(oneOf(LOG_LEVELS))
      .default('warn'),
  );
}

/** Adds --seed and --set. */
export function addScenarioOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--seed <n>', 'seed of the random numbers')
        .argParser(nonNegativeInteger)
        .default(undefined, "the scenario's"),
    )
    .addOption(
      new Option('--set <path=value>', 'change a value of the scenario, for example clock.duration=2h (repeatable)')
        .argParser(collectAssignment)
        .default([], 'none'),
    );
}

/** Adds --out: the folder in which run folders are made. */
export function addOutOption(command: Command): Command {
  return command.option('--out <dir>', 'folder in which the run folder is made', 'reports');
}

/** Reads a non-negative whole number that a double holds exactly. */
export function nonNegativeInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('a whole number from 0 to 9007199254740991 is needed, such as 20201124');
  }
  return value;
}

/** A reader for one of a few words; a wrong word is answered with the nearest. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    const meant = nearest(text, words);
    throw new InvalidArgumentError(
      meant === undefined ? `one of ${words.join(', ')} is needed` : `did you mean ${meant}?`,
    );
  };
}

function collectAssignment(text: string, earlier: readonly string[]): readonly string[] {
  if (!/^[^=]+=/.test(text)) {
    throw new InvalidArgumentError('path=value is needed, such as clock.duration=2h');
  }
  return [...earlier, text];
}

function addMissing(command: Command, option: Option): void {
  if (!command.options.some((present) => present.long === option.long)) command.addOption(option);
}
