// Merges streams of intents, each in order, into one stream in order. Keeps one intent of each stream, never more.
import type { Intent } from './plan.ts';

/** A stream of one process's intents; -1 for the faults, which go before everything at the same time. */
export interface IntentStream {
  readonly process: number;
  readonly intents: Iterator<Intent>;
}

/** One stream's next intent and what its place in the order follows from. */
interface Head {
  readonly stream: Iterator<Intent>;
  readonly process: number;
  /** Among equals, the stream that was named first. */
  readonly rank: number;
  intent: Intent;
  atSeconds: number;
  dataset: number;
}

/** By time, then process, then dataset (what has none comes last), then the order in which the streams were given. */
export function* mergeIntents(streams: readonly IntentStream[]): Generator<Intent, void> {
  const heap: Head[] = [];
  for (const [rank, stream] of streams.entries()) {
    const first = stream.intents.next();
    if (first.done === true) continue;
    heap.push(headOf(stream, rank, first.value));
  }
  heap.sort(compareHeads);
  while (heap.length > 0) {
    const head = heap[0]!;
    yield head.intent;
    const next = head.stream.next();
    if (next.done === true) {
      const last = heap.pop()!;
      if (heap.length === 0) return;
      if (last !== head) heap[0] = last;
    } else {
      head.intent = next.value;
      head.atSeconds = next.value.atSeconds;
      head.dataset = datasetOf(next.value);
    }
    sinkTop(heap);
  }
}

function headOf(stream: IntentStream, rank: number, intent: Intent): Head {
  return {
    stream: stream.intents,
    process: stream.process,
    rank,
    intent,
    atSeconds: intent.atSeconds,
    dataset: datasetOf(intent),
  };
}

function datasetOf(intent: Intent): number {
  return intent.kind === 'access' || intent.kind === 'fault' ? Infinity : intent.dataset;
}

function compareHeads(one: Head, other: Head): number {
  if (one.atSeconds !== other.atSeconds) return one.atSeconds - other.atSeconds;
  if (one.process !== other.process) return one.process - other.process;
  // Infinity minus Infinity is no order.
  if (one.dataset !== other.dataset) return one.dataset < other.dataset ? -1 : 1;
  return one.rank - other.rank;
}

/** Restores the heap after its top has become later. */
function sinkTop(heap: Head[]): void {
  const top = heap[0]!;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compareHeads(heap[child + 1]!, heap[child]!) < 0) child++;
    if (compareHeads(heap[child]!, top) >= 0) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = top;
}
