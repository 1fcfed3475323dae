// The one place that asks the machine for the time. Nothing below the command line knows the time of day.

/** Milliseconds since the epoch, of the machine's clock. */
export function nowMilliseconds(): number {
  return Date.now();
}

/** Seconds since some fixed moment, for measuring how long something took. */
export function monotonicSeconds(): number {
  return performance.now() / 1000;
}
