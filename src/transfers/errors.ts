// What can go wrong with an operation, and whether trying again makes sense.

/**
 * Error classes, as records carry them. `retryable` follows FTS3 (src/url-copy/heuristics.cpp, 3.14): time-outs, lost
 * connections and unanswered services may pass; a wrong checksum, a full storage, refused credentials and a missing
 * file will not.
 */
export const ERROR_CLASSES = {
  'connection-refused': { retryable: true },
  timeout: { retryable: true },
  'transfer-failed': { retryable: true },
  'service-unavailable': { retryable: true },
  'token-unavailable': { retryable: true },
  'checksum-mismatch': { retryable: false },
  'no-space': { retryable: false },
  'credential-expired': { retryable: false },
  'no-such-file': { retryable: false },
} as const;
export type ErrorClass = keyof typeof ERROR_CLASSES;

export function isRetryable(error: ErrorClass): boolean {
  return ERROR_CLASSES[error].retryable;
}

const BYTES_PER_MIB = 1024 * 1024;

/** Timeout of one transfer, seconds. FTS3's default is 600 s + 2 s for each MiB. */
export function transferTimeoutSeconds(sizeBytes: number, baseSeconds: number, secondsPerMiB: number): number {
  return baseSeconds + (secondsPerMiB * sizeBytes) / BYTES_PER_MIB;
}
