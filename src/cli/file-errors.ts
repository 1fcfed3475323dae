// Errors of the machine's files as what a user can mend: a full disk, a folder that cannot be written, too many open files.
import { ExitCode, FdrError } from '../core/errors.ts';

interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: ExitCode;
}

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ENOSPC: {
    code: 'disk-full',
    message: 'the disk is full',
    hint: 'What was written before stays readable. Make room, or choose another place with --out.',
    exitCode: ExitCode.usage,
  },
  EDQUOT: {
    code: 'disk-full',
    message: 'the quota of the disk is used up',
    hint: 'What was written before stays readable. Make room, or choose another place with --out.',
    exitCode: ExitCode.usage,
  },
  EFBIG: {
    code: 'file-too-large',
    message: 'the file would be larger than is allowed here',
    hint: 'What was written before stays readable. Raise the limit (ulimit -f), or choose another place with --out.',
    exitCode: ExitCode.usage,
  },
  EACCES: denied('permission denied'),
  EPERM: denied('the operation is not permitted'),
  EROFS: denied('the file system is read-only'),
  ENOTDIR: denied('a part of the path is a file, where a folder is needed'),
  EISDIR: denied('it is a folder, where a file is needed'),
  ENOENT: denied('there is no such file or folder'),
  EEXIST: denied('it exists already and is no folder'),
  ENAMETOOLONG: denied('the name is too long'),
  ELOOP: denied('the symbolic links lead round in a circle'),
  EMFILE: {
    code: 'too-many-files',
    message: 'too many files are open',
    hint: 'Raise the limit (ulimit -n) and try again.',
    exitCode: ExitCode.usage,
  },
};

function denied(message: string): Explanation {
  return { code: 'path-not-usable', message, hint: '', exitCode: ExitCode.usage };
}

/** What an error of the file system means, without its path, or undefined where the error is another one. */
export function reasonOfFileError(error: unknown): string | undefined {
  return explanationOf(error)?.message;
}

/** The FdrError for an error of the file system, or undefined where the error is another one. */
export function explainFileError(error: unknown): FdrError | undefined {
  const explanation = explanationOf(error);
  if (explanation === undefined) return undefined;
  const { path } = error as NodeJS.ErrnoException;
  const place = path === undefined ? '' : `${path}: `;
  return new FdrError(explanation.code, `${place}${explanation.message}`, { ...explanation, cause: error });
}

function explanationOf(error: unknown): Explanation | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  return EXPLANATIONS[(error as NodeJS.ErrnoException).code ?? ''];
}
