// How long a client that writes keeps trying: what the check before a run and the run itself must agree about.
import type { Process } from './plan.ts';

/** A client waits so long before it tries again, times the number of the attempt. */
export const CLIENT_RETRY_SECONDS = 30;
/** Background activities try twice more, like workflows by default. */
const BACKGROUND_RETRIES = 2;

/** How often a process's clients try again. */
export function clientRetries({ definition }: Process): number {
  return definition.kind === 'background' ? BACKGROUND_RETRIES : (definition.workflow.inject?.retries ?? 0);
}

/** Seconds from the first attempt to the last, where each fails at once: 30 + 60 + 90 ... */
export function patienceSeconds(process: Process): number {
  const retries = clientRetries(process);
  return (CLIENT_RETRY_SECONDS * retries * (retries + 1)) / 2;
}
