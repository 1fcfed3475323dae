// The commands by name. Each is loaded only when it is called, so that `fdr --version` and `fdr --help` are quick.
import type { Command } from 'commander';

export interface CommandEntry {
  /** Its word on the command line; commands of more words (`lake import`) share the first. */
  readonly name: string;
  /** Its line in `fdr --help`. */
  readonly summary: string;
  /** Loads the file that registers it. */
  readonly load: () => Promise<(program: Command) => void>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'find every error of a scenario or lake file, then say whether the day can fit',
    load: async () => (await import('./check.ts')).registerCheck,
  },
  {
    name: 'plan',
    summary: 'show the day as a timeline and write a run sheet per site',
    load: async () => (await import('./plan.ts')).registerPlan,
  },
  {
    name: 'run',
    summary: 'rehearse a scenario and write the report',
    load: async () => (await import('./run.ts')).registerRun,
  },
  {
    name: 'report',
    summary: 'make the reports of a run again, from its folder alone',
    load: async () => (await import('./report.ts')).registerReport,
  },
  {
    name: 'query',
    summary: 'ask a run by SQL: every operation, every minute',
    load: async () => (await import('./query.ts')).registerQuery,
  },
  {
    name: 'lake',
    summary: 'make a lake file from what others export',
    load: async () => (await import('./lake-import.ts')).registerLakeImport,
  },
];
