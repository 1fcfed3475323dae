// The errors a user can meet. Each carries a code that scripts may match, a hint, and the exit code of the command.

/** Exit codes are API: see docs/contract.md. */
export const ExitCode = {
  met: 0,
  internal: 1,
  usage: 2,
  notMet: 3,
  stopped: 4,
  endpoint: 5,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** An error that is the user's to mend: printed as one line and a hint, never with a stack trace. */
export class FdrError extends Error {
  override readonly name = 'FdrError';
  /** A short kebab-case word, stable between versions. */
  readonly code: string;
  /** What to do about it, or an empty string. */
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, options: { hint?: string; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? '';
    this.exitCode = options.exitCode ?? ExitCode.usage;
  }
}

/** A broken promise between our own parts: exit code 1. The message names what was expected. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`internal fault: ${message}`);
}
