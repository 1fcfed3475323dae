// Ctrl-C: once to stop and report what ran, twice to stop at once.
import { ExitCode } from '../core/errors.ts';
import type { Terminal } from './terminal.ts';

export interface StopSwitch {
  /** True from the first signal on. */
  readonly requested: () => boolean;
  /** Gives signals back their usual meaning. */
  readonly release: () => void;
}

/**
 * Takes SIGINT and SIGTERM: the first turns the switch, the second ends the process with exit code 4 as it is. What is
 * in the run folder then stays readable.
 */
export function installStopSwitch(terminal: Terminal): StopSwitch {
  let stopped = false;
  const onSignal = (): void => {
    if (stopped) process.exit(ExitCode.stopped);
    stopped = true;
    terminal.note('Stopping. The report of what ran follows; Ctrl-C once more stops at once.');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    requested: () => stopped,
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
