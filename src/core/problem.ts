// Problems found in a user's files: where, what, and what to do about it.
import { ExitCode, FdrError } from './errors.ts';

export interface Problem {
  readonly severity: 'error' | 'warning';
  /** As the user named it: the file's path, or the option that brought the value in. */
  readonly file: string;
  /** From 1; 0 where the problem has no place in a file's text. */
  readonly line: number;
  /** From 1, in characters; 0 where the problem has no place in a file's text. */
  readonly column: number;
  /** Where in the data, `experiments.SKA.workflows.pulsar-search.inject.at`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** What to do about it, or empty. */
  readonly hint: string;
}

/** One line: `file:line:column path: what is wrong; hint`. */
export function formatProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}:${problem.column}` : problem.file;
  const path = problem.path === '' ? ':' : ` ${problem.path}:`;
  const severity = problem.severity === 'warning' ? ' warning:' : '';
  const hint = problem.hint === '' ? '' : `; ${problem.hint}`;
  return `${place}${path}${severity} ${problem.message}${hint}`;
}

/** The order in which problems are shown: files in the order given, then by position. */
export function sortProblems(problems: readonly Problem[], files: readonly string[] = []): Problem[] {
  const rank = (file: string): number => (files.includes(file) ? files.indexOf(file) : files.length);
  return [...problems].sort(
    (a, b) =>
      rank(a.file) - rank(b.file) ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column,
  );
}

/** More than this is no help to anybody: the rest is counted. */
const MOST_SHOWN = 200;

/** A file cannot be used: all that is wrong with it, at once. Its message has one line for each problem. */
export class ProblemsError extends FdrError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.slice(0, MOST_SHOWN).map(formatProblem);
    if (problems.length > MOST_SHOWN) lines.push(`and ${problems.length - MOST_SHOWN} more`);
    super('invalid-file', lines.join('\n'), { exitCode: ExitCode.usage });
    this.problems = problems;
  }
}
