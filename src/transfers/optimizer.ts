// FTS3's optimizer: how many transfers a link may have active, reconsidered once a minute.
//
// Source of the algorithm and its constants: cern-fts/fts3 3.14.4, src/server/services/optimizer. A real 3.14.4
// forgets between its runs, so that each is a first run as far as the past is concerned; `remembers` false behaves so,
// true as the algorithm reads.

export const OPTIMIZER_INTERVAL_SECONDS = 60;
const EMA_ALPHA = 0.1;
const SUCCESS_LOW = 97;
const SUCCESS_BASE = 96;
const DECREASE_STEP = 1;
const INCREASE_STEP = 1;
const INCREASE_AGGRESSIVE_STEP = 2;
const STEADY_SECONDS = 300;
const MAX_STREAMS = 16;

export interface OptimizerRange {
  readonly min: number;
  readonly max: number;
  /** The range was configured for this very link, not by a wildcard. */
  readonly specific: boolean;
}

/** What is known of a link at the time of a run. */
export interface LinkObservation {
  readonly active: number;
  readonly queued: number;
  /** Bytes per second over the window. */
  readonly throughputBps: number;
  /** Per cent, rounded up; 100 where nothing ended. */
  readonly successPercent: number;
  readonly retries: number;
  readonly fileSizeMeanBytes: number;
}

export interface OptimizerState {
  value: number;
  ema: number;
  successPercent: number;
  retries: number;
  fileSizeMeanBytes: number;
  storedAtSeconds: number;
}

export interface OptimizerOptions {
  readonly mode: 1 | 2 | 3;
  readonly remembers: boolean;
}

/** Length of the window over which a link is looked at, seconds, from the mean duration of its transfers. */
export function observationWindowSeconds(meanDurationSeconds: number): number {
  if (meanDurationSeconds > 0 && meanDurationSeconds < 30) return 300;
  if (meanDurationSeconds > 30 && meanDurationSeconds < 900) return 900;
  return 1800;
}

/** The success rate as FTS counts it: only final failures of a retryable kind count against it. */
export function successPercent(finished: number, failedRetryable: number): number {
  const ended = finished + failedRetryable;
  return ended === 0 ? 100 : Math.ceil((100 * finished) / ended);
}

/** Where a link starts: its own maximum if it has one of its own, else the middle of the range. */
export function firstValue(range: OptimizerRange): number {
  return range.specific ? range.max : range.min + Math.floor((range.max - range.min) / 2);
}

/** One run for one link: the number of transfers it may have active from now on. Changes `state`. */
export function optimize(
  state: OptimizerState | undefined,
  seen: LinkObservation,
  range: OptimizerRange,
  options: OptimizerOptions,
  nowSeconds: number,
): OptimizerState {
  if (state === undefined) {
    return remember(firstValue(range), seen.throughputBps, seen, nowSeconds);
  }
  if (range.min === range.max) return remember(range.max, state.ema, seen, nowSeconds);
  const previous = options.remembers ? state : undefined;
  const ema = emaOf(seen.throughputBps, previous);
  if (
    previous !== undefined &&
    seen.successPercent === previous.successPercent &&
    ema === previous.ema &&
    nowSeconds - previous.storedAtSeconds < STEADY_SECONDS
  ) {
    return state;
  }
  const wanted = decide(state.value, ema, seen, previous, options);
  const clamped = Math.min(Math.max(wanted, range.min), range.max);
  return remember(allowed(clamped, state.value, seen, options), ema, seen, nowSeconds);
}

function emaOf(throughputBps: number, previous: OptimizerState | undefined): number {
  if (previous === undefined) return throughputBps;
  return throughputBps > 0 ? EMA_ALPHA * throughputBps + (1 - EMA_ALPHA) * previous.ema : previous.ema;
}

function decide(
  value: number,
  ema: number,
  seen: LinkObservation,
  previous: OptimizerState | undefined,
  options: OptimizerOptions,
): number {
  const step = options.mode >= 2 ? INCREASE_AGGRESSIVE_STEP : INCREASE_STEP;
  if (seen.successPercent < SUCCESS_LOW) {
    const improving =
      previous !== undefined &&
      seen.successPercent > previous.successPercent &&
      seen.successPercent >= SUCCESS_BASE &&
      seen.retries <= previous.retries;
    return improving ? value : value - DECREASE_STEP;
  }
  if (ema === 0) return value;
  if (seen.queued < value) return value;
  if (previous !== undefined && ema < previous.ema) {
    if (decade(seen.fileSizeMeanBytes) < decade(previous.fileSizeMeanBytes)) return value + step;
    return decade(ema) < decade(previous.ema) ? value - DECREASE_STEP : value;
  }
  return value + step;
}

/** An increase must be worth it: enough must be queued to fill it. */
function allowed(wanted: number, value: number, seen: LinkObservation, options: OptimizerOptions): number {
  if (wanted <= value) return wanted;
  const enough = options.mode === 1 ? seen.queued >= wanted : wanted <= seen.queued * MAX_STREAMS;
  return enough ? wanted : value;
}

function decade(value: number): number {
  return Math.round(Math.log10(Math.max(1, value)));
}

function remember(value: number, ema: number, seen: LinkObservation, nowSeconds: number): OptimizerState {
  return {
    value,
    ema,
    successPercent: seen.successPercent,
    retries: seen.retries,
    fileSizeMeanBytes: seen.fileSizeMeanBytes,
    storedAtSeconds: nowSeconds,
  };
}
