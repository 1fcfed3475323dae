// A tape library: so many drives, cartridges that must be mounted, files that must be wound to, a disk buffer in front.
//
// Files are written one after another onto cartridges and read back in the order in which they lie there. A drive takes
// the cartridge whose oldest request has waited longest, serves all that is asked of it, and unmounts it:
// mount + position + size / speed (+ position again where the next file does not follow) + unmount.
import { assert } from '../core/errors.ts';
import type { Tape } from '../lake/lake.ts';
import type { Engine } from './engine.ts';

/** Told when a job is done. */
export type TapeJobDone = (job: number) => void;

interface Job {
  readonly write: boolean;
  readonly sizeBytes: number;
  /** Place on its cartridge: files that follow each other have places one apart. */
  readonly place: number;
  readonly askedAt: number;
  readonly done: TapeJobDone;
  readonly argument: number;
}

interface Cartridge {
  readonly number: number;
  jobs: Job[];
  mounted: boolean;
}

interface Drive {
  cartridge: Cartridge | undefined;
  job: Job | undefined;
  /** Where the tape stands: the place after the last file served, or -1 at its start. */
  place: number;
}

export class TapeLibrary {
  readonly #engine: Engine;
  readonly #tape: Tape;
  readonly #isUp: () => boolean;
  readonly #drives: Drive[];
  readonly #cartridges = new Map<number, Cartridge>();
  readonly #finishKind: number;
  readonly #freeKind: number;
  readonly #retryKind: number;
  #retrying = false;
  /** Where the next file is written. */
  #cartridge = 0;
  #writtenBytes = 0;
  #places = 0;
  #mounts = 0;
  #busySeconds = 0;
  readonly #busySince: number[];

  constructor(engine: Engine, tape: Tape, isUp: () => boolean) {
    this.#engine = engine;
    this.#tape = tape;
    this.#isUp = isUp;
    this.#drives = Array.from({ length: tape.drives }, () => ({ cartridge: undefined, job: undefined, place: -1 }));
    this.#busySince = this.#drives.map(() => NaN);
    this.#finishKind = engine.register((drive) => this.#finish(drive));
    this.#freeKind = engine.register((drive) => this.#unmounted(drive));
    this.#retryKind = engine.register(() => {
      this.#retrying = false;
      this.#dispatch();
    });
  }

  /** Requests that no drive has begun. */
  get queued(): number {
    let waiting = 0;
    for (const cartridge of this.#cartridges.values()) waiting += cartridge.jobs.length;
    return waiting;
  }

  takeMounts(): number {
    const mounts = this.#mounts;
    this.#mounts = 0;
    return mounts;
  }

  /** Seconds that drives were in use since the last call, summed over drives. */
  takeBusySeconds(): number {
    const { now } = this.#engine;
    this.#busySince.forEach((since, drive) => {
      if (Number.isNaN(since)) return;
      this.#busySeconds += now - since;
      this.#busySince[drive] = now;
    });
    const seconds = this.#busySeconds;
    this.#busySeconds = 0;
    return seconds;
  }

  /** Gives a file its place on tape without writing it (data that is there before the day). Returns the place. */
  assign(sizeBytes: number): { cartridge: number; place: number } {
    if (this.#writtenBytes + sizeBytes > this.#tape.cartridgeBytes && this.#writtenBytes > 0) {
      this.#cartridge++;
      this.#writtenBytes = 0;
      // A gap, so that the first file of a cartridge does not seem to follow the last of another.
      this.#places++;
    }
    this.#writtenBytes += sizeBytes;
    return { cartridge: this.#cartridge, place: this.#places++ };
  }

  /** Reads a file; `done(argument)` is called when it is in the buffer. */
  read(at: { cartridge: number; place: number }, sizeBytes: number, done: TapeJobDone, argument: number): void {
    this.#ask(at.cartridge, { write: false, sizeBytes, place: at.place, askedAt: this.#engine.now, done, argument });
  }

  /** Writes a file; `done(argument)` is called when it is on tape. Returns where. */
  write(sizeBytes: number, done: TapeJobDone, argument: number): { cartridge: number; place: number } {
    const at = this.assign(sizeBytes);
    this.#ask(at.cartridge, { write: true, sizeBytes, place: at.place, askedAt: this.#engine.now, done, argument });
    return at;
  }

  #ask(number: number, job: Job): void {
    let cartridge = this.#cartridges.get(number);
    if (cartridge === undefined) {
      cartridge = { number, jobs: [], mounted: false };
      this.#cartridges.set(number, cartridge);
    }
    cartridge.jobs.push(job);
    this.#dispatch();
  }

  #dispatch(): void {
    if (!this.#isUp()) {
      if (this.#retrying) return;
      this.#retrying = true;
      this.#engine.schedule(this.#engine.now + 60, this.#retryKind);
      return;
    }
    for (let index = 0; index < this.#drives.length; index++) {
      const drive = this.#drives[index]!;
      if (drive.cartridge !== undefined) continue;
      const cartridge = this.#longestWaiting();
      if (cartridge === undefined) return;
      cartridge.mounted = true;
      drive.cartridge = cartridge;
      drive.place = -1;
      this.#mounts++;
      this.#busySince[index] = this.#engine.now;
      this.#serve(index, this.#tape.mountSeconds);
    }
  }

  #longestWaiting(): Cartridge | undefined {
    let best: Cartridge | undefined;
    for (const cartridge of this.#cartridges.values()) {
      if (cartridge.mounted || cartridge.jobs.length === 0) continue;
      if (best === undefined || cartridge.jobs[0]!.askedAt < best.jobs[0]!.askedAt) best = cartridge;
    }
    return best;
  }

  /** Serves the next file ahead on the tape, or the first one if none lies ahead. */
  #serve(index: number, beforeSeconds: number): void {
    const drive = this.#drives[index]!;
    const cartridge = drive.cartridge!;
    cartridge.jobs.sort((one, other) => one.place - other.place);
    const ahead = cartridge.jobs.findIndex((job) => job.place >= drive.place);
    const [job] = cartridge.jobs.splice(Math.max(0, ahead), 1);
    assert(job !== undefined, 'a drive serves a cartridge that nobody asked for');
    const follows = job.place === drive.place;
    drive.job = job;
    drive.place = job.place + 1;
    const seconds = beforeSeconds + (follows ? 0 : this.#tape.positionSeconds) + job.sizeBytes / this.#tape.speedBps;
    this.#engine.schedule(this.#engine.now + seconds, this.#finishKind, index);
  }

  #finish(index: number): void {
    const drive = this.#drives[index]!;
    const job = drive.job!;
    drive.job = undefined;
    job.done(job.argument);
    if (drive.cartridge!.jobs.length > 0 && this.#isUp()) this.#serve(index, 0);
    else this.#engine.schedule(this.#engine.now + this.#tape.unmountSeconds, this.#freeKind, index);
  }

  #unmounted(index: number): void {
    const drive = this.#drives[index]!;
    const cartridge = drive.cartridge!;
    cartridge.mounted = false;
    if (cartridge.jobs.length === 0) this.#cartridges.delete(cartridge.number);
    drive.cartridge = undefined;
    this.#busySeconds += this.#engine.now - this.#busySince[index]!;
    this.#busySince[index] = NaN;
    this.#dispatch();
  }
}
