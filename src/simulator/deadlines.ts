// Deadlines that are hardly ever met: kept in coarse boxes, so that those met in time cost next to nothing.
//
// A box opens when its span of time begins. What is still waiting then gets an event of its own for the exact moment.
import type { Engine } from './engine.ts';

const BOX_SECONDS = 60;

interface Box {
  readonly subjects: number[];
  readonly stamps: number[];
  readonly deadlines: number[];
}

export class Deadlines {
  readonly #engine: Engine;
  readonly #isWaiting: (subject: number, stamp: number) => boolean;
  readonly #boxes = new Map<number, Box>();
  readonly #openKind: number;
  readonly #missedKind: number;

  /** `missed(subject, stamp)` is called at a deadline, if `isWaiting` says so when its box opens. */
  constructor(
    engine: Engine,
    isWaiting: (subject: number, stamp: number) => boolean,
    missed: (subject: number, stamp: number) => void,
  ) {
    this.#engine = engine;
    this.#isWaiting = isWaiting;
    this.#openKind = engine.register((number) => this.#open(number));
    this.#missedKind = engine.register(missed);
  }

  set(atSeconds: number, subject: number, stamp: number): void {
    const number = Math.floor(atSeconds / BOX_SECONDS);
    if (number * BOX_SECONDS <= this.#engine.now) {
      this.#engine.schedule(atSeconds, this.#missedKind, subject, stamp);
      return;
    }
    let box = this.#boxes.get(number);
    if (box === undefined) {
      box = { subjects: [], stamps: [], deadlines: [] };
      this.#boxes.set(number, box);
      this.#engine.schedule(number * BOX_SECONDS, this.#openKind, number);
    }
    box.subjects.push(subject);
    box.stamps.push(stamp);
    box.deadlines.push(atSeconds);
  }

  #open(number: number): void {
    const { subjects, stamps, deadlines } = this.#boxes.get(number)!;
    this.#boxes.delete(number);
    for (let index = 0; index < subjects.length; index++) {
      if (!this.#isWaiting(subjects[index]!, stamps[index]!)) continue;
      this.#engine.schedule(deadlines[index]!, this.#missedKind, subjects[index], stamps[index]);
    }
  }
}
