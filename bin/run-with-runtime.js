// Runs a program with the pinned Node, as if it were this process: same streams, signals passed on, same exit code.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { findRuntime } from './node-runtime.js';

/** Starts `nodeArguments` under the pinned Node and ends this process with its exit code (128 + n after signal n). */
export function runWithRuntime(nodeArguments) {
  let runtime;
  try {
    runtime = findRuntime();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  const child = spawn(runtime, nodeArguments, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal's Ctrl-C reaches the child by itself; the handler only keeps this process alive until it ends.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`fdr could not start its Node runtime ${runtime}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}
