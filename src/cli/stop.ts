// Ctrl-C: once to stop and report what ran, twice to stop at once.
import { ExitCode } from '../core/errors.ts';
import { monotonicSeconds } from './clock.ts';
import type { Terminal } from './terminal.ts';

/**
 * A signal so soon after the first is the same one, come on two ways: from the terminal, which sends it to every process
 * of the command, and from the launcher, which passes on its own.
 */
const SAME_SIGNAL_SECONDS = 0.3;

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
  let stoppedAtSeconds: number | undefined;
  const onSignal = (): void => {
    const now = monotonicSeconds();
    if (stoppedAtSeconds === undefined) {
      stoppedAtSeconds = now;
      terminal.note('Stopping. The report of what ran follows; Ctrl-C once more stops at once.');
    } else if (now - stoppedAtSeconds > SAME_SIGNAL_SECONDS) {
      process.exit(ExitCode.stopped);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    requested: () => stoppedAtSeconds !== undefined,
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
