// The simulator's clock: events in a binary heap on typed arrays, ordered by time, then kind, then insertion.
import { assert } from '../core/errors.ts';

/** 2^44 insertions a run, so 2^9 kinds fit into a float64's 53 bits. */
const ORDER_PER_KIND = 2 ** 44;
const LAST_KIND = 511;

/** What an event calls: two integers are all that it carries. */
export type EventHandler = (argument: number, generation: number) => void;

/** A second timeline that the clock follows beside its own events: the completions of flows. */
export interface Timeline {
  /** Time of the next thing to happen, or Infinity. */
  nextTime(): number;
  /** Lets happen what is due; the clock stands at that time. */
  fire(): void;
}

/** Seconds since the run's start, and what is still to come. */
export class Engine {
  now = 0;
  events = 0;
  readonly #handlers: EventHandler[] = [];
  #last: EventHandler | undefined;
  #timeline: Timeline | undefined;
  #size = 0;
  #sequence = 0;
  #time = new Float64Array(1024);
  /** Kind in the upper bits, insertion in the lower 44: one comparison breaks a tie. */
  #order = new Float64Array(1024);
  #argument = new Int32Array(1024);
  #generation = new Int32Array(1024);

  /** Names a kind of event. Kinds registered earlier come first where times are equal. */
  register(handler: EventHandler): number {
    return this.#handlers.push(handler) - 1;
  }

  /** The one kind that comes after all others of the same time. */
  registerLast(handler: EventHandler): number {
    assert(this.#last === undefined, 'only one kind can be the last');
    this.#last = handler;
    return LAST_KIND;
  }

  follow(timeline: Timeline): void {
    this.#timeline = timeline;
  }

  get pending(): number {
    return this.#size;
  }

  /** `at` may not lie in the past; Infinity is dropped. */
  schedule(at: number, kind: number, argument = 0, generation = 0): void {
    if (at === Infinity) return;
    assert(at >= this.now, "an event lies before the clock's time");
    if (this.#size === this.#time.length) this.#grow();
    let index = this.#size++;
    const order = kind * ORDER_PER_KIND + this.#sequence++;
    const time = this.#time;
    const orders = this.#order;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const parentTime = time[parent]!;
      if (parentTime < at || (parentTime === at && orders[parent]! < order)) break;
      this.#copy(parent, index);
      index = parent;
    }
    this.#place(index, at, order, argument, generation);
  }

  /** Runs up to `count` events with time <= `until`; true while there is more to do before `until`. */
  run(until: number, count: number): boolean {
    const timeline = this.#timeline;
    for (let done = 0; done < count; done++) {
      const eventTime = this.#size > 0 ? this.#time[0]! : Infinity;
      const flowTime = timeline === undefined ? Infinity : timeline.nextTime();
      if (flowTime > until && eventTime > until) {
        this.now = until;
        return false;
      }
      this.events++;
      if (flowTime <= eventTime) {
        this.now = flowTime;
        timeline!.fire();
      } else {
        this.now = eventTime;
        const kind = Math.floor(this.#order[0]! / ORDER_PER_KIND);
        const handler = kind === LAST_KIND ? this.#last! : this.#handlers[kind]!;
        const argument = this.#argument[0]!;
        const generation = this.#generation[0]!;
        this.#removeFirst();
        handler(argument, generation);
      }
    }
    return true;
  }

  #removeFirst(): void {
    const last = --this.#size;
    if (last === 0) return;
    const time = this.#time;
    const orders = this.#order;
    const at = time[last]!;
    const order = orders[last]!;
    const half = last >> 1;
    let index = 0;
    while (index < half) {
      let child = 2 * index + 1;
      const right = child + 1;
      if (right < last) {
        const difference = time[right]! - time[child]!;
        if (difference < 0 || (difference === 0 && orders[right]! < orders[child]!)) child = right;
      }
      const childTime = time[child]!;
      if (childTime > at || (childTime === at && orders[child]! > order)) break;
      this.#copy(child, index);
      index = child;
    }
    this.#place(index, at, order, this.#argument[last]!, this.#generation[last]!);
  }

  #copy(from: number, to: number): void {
    this.#time[to] = this.#time[from]!;
    this.#order[to] = this.#order[from]!;
    this.#argument[to] = this.#argument[from]!;
    this.#generation[to] = this.#generation[from]!;
  }

  #place(index: number, time: number, order: number, argument: number, generation: number): void {
    this.#time[index] = time;
    this.#order[index] = order;
    this.#argument[index] = argument;
    this.#generation[index] = generation;
  }

  #grow(): void {
    const size = this.#time.length * 2;
    this.#time = grown(this.#time, new Float64Array(size));
    this.#order = grown(this.#order, new Float64Array(size));
    this.#argument = grown(this.#argument, new Int32Array(size));
    this.#generation = grown(this.#generation, new Int32Array(size));
  }
}

function grown<A extends Float64Array | Int32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
