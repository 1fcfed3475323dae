// Runs the real command `fdr` as a user would, for tests.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './sources.ts';

export const FDR = join(ROOT, 'bin', 'fdr.js');

export interface FdrResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FdrOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program to start instead of bin/fdr.js. */
  readonly program?: string;
}

/** Starts `fdr` with piped streams and no standard input. */
export function startFdr(words: readonly string[], options: FdrOptions = {}): ChildProcess {
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...env } = process.env;
  return spawn(process.execPath, [options.program ?? FDR, ...words], {
    cwd: options.cwd ?? ROOT,
    env: { ...env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs `fdr` to its end. */
export async function fdr(words: readonly string[], options: FdrOptions = {}): Promise<FdrResult> {
  return finished(startFdr(words, options));
}

/** Waits for the end of a process started by `startFdr`. */
export async function finished(child: ChildProcess): Promise<FdrResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** A new empty folder, and its removal. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'fdr-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
