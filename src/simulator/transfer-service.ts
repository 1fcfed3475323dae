// The transfer service (FTS) in virtual time: queues by link, slots, shares, retries, the optimizer's minute.
//
// What it decides stands in src/transfers; here are the queues it decides about.
import { draw } from '../core/law.ts';
import type { RandomStream } from '../core/random.ts';
import type { LinkLimit, TransferService as Definition } from '../lake/lake.ts';
import { isRetryable } from '../transfers/errors.ts';
import {
  observationWindowSeconds,
  optimize,
  OPTIMIZER_INTERVAL_SECONDS,
  successPercent,
  type OptimizerRange,
  type OptimizerState,
} from '../transfers/optimizer.ts';
import { drawActivity, shareOf } from '../transfers/shares.ts';
import { BOOK } from './books.ts';
import type { Conditions } from './conditions.ts';
import type { Engine } from './engine.ts';
import { Fifo } from './fifo.ts';
import type { Mover } from './mover.ts';
import type { Failure, Operations } from './operations.ts';
import type { Link, World } from './world.ts';
import type { Shared } from './shared.ts';

/** FTS: SchedulingInterval. */
const SCHEDULING_INTERVAL_SECONDS = 2;
/** FTS starts at most so many on a link that the optimizer has not looked at yet. */
const ACTIVE_WITHOUT_OPTIMIZER = 10;
/** The optimizer looks back 30 minutes at most. */
const MINUTES_KEPT = 30;
const PRIORITIES = 5;

/** Why what is queued on a link does not start: places in `waited`, with the books they go to. */
const WAIT = { scheduler: 0, linkSlots: 1, sourceSlots: 2, destinationSlots: 3, fault: 4 } as const;
const WAIT_BOOKS = [BOOK.scheduler, BOOK.linkSlots, BOOK.sourceSlots, BOOK.destinationSlots, BOOK.fault];

export interface TransferListener {
  transferred(operation: number): void;
  transferFailed(operation: number, failure: Failure): void;
}

class LinkQueue {
  readonly link: Link;
  readonly range: OptimizerRange;
  /** By priority (5 first) x activity. */
  readonly queues: Fifo[][] = Array.from({ length: PRIORITIES }, () => []);
  readonly queuedByPriority = new Int32Array(PRIORITIES);
  queued = 0;
  active = 0;
  optimizer: OptimizerState | undefined;
  /** By minute, the last half hour: what the optimizer looks at. */
  readonly finished = new Float64Array(MINUTES_KEPT);
  readonly failed = new Float64Array(MINUTES_KEPT);
  readonly durations = new Float64Array(MINUTES_KEPT);
  readonly sizes = new Float64Array(MINUTES_KEPT);
  readonly moved = new Float64Array(MINUTES_KEPT);
  retries = 0;
  /** Seconds that its queue stood still for each reason, and the reason now. */
  readonly waited = new Float64Array(WAIT_BOOKS.length);
  reason: number = WAIT.scheduler;
  reasonSince = 0;
  draws = 0;

  constructor(link: Link, range: OptimizerRange) {
    this.link = link;
    this.range = range;
  }
}

export class SimulatedTransferService {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #mover: Mover;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #definition: Definition;
  readonly #random: RandomStream;
  readonly #setUps: RandomStream;
  readonly #entity: (operation: number) => number;
  readonly #listener: TransferListener;
  readonly #links: (LinkQueue | undefined)[] = [];
  /** Links with something queued, in order of their numbers. */
  #waiting: LinkQueue[] = [];
  /** Those that may start something in this tick. */
  readonly #open: LinkQueue[] = [];
  #used: LinkQueue[] = [];
  readonly #activities: string[] = [];
  readonly #activityByName = new Map<string, number>();
  readonly #shares: number[] = [];
  readonly #inbound: Int32Array;
  readonly #outbound: Int32Array;
  readonly #tickKind: number;
  readonly #retryKind: number;
  #ticking = false;
  #turn = 0;
  #queued = 0;
  #active = 0;

  constructor(shared: Shared, mover: Mover, listener: TransferListener) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    this.#mover = mover;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#definition = shared.world.lake.services.transfers;
    this.#random = shared.random('activities');
    this.#setUps = shared.random('transfer set-ups');
    this.#entity = shared.fileOf;
    this.#listener = listener;
    const { engine, operations, world } = shared;
    this.#inbound = new Int32Array(world.storages.length);
    this.#outbound = new Int32Array(world.storages.length);
    this.#tickKind = engine.register(() => this.#tick());
    this.#retryKind = engine.register((operation, stamp) => {
      if (operations.stamp[operation] !== stamp) return;
      operations.book(operation, BOOK.retryDelay);
      this.#enqueue(operation);
    });
    const optimizerKind = engine.register(() => {
      this.#optimizeAll();
      engine.schedule(engine.now + OPTIMIZER_INTERVAL_SECONDS, optimizerKind);
    });
    engine.schedule(OPTIMIZER_INTERVAL_SECONDS, optimizerKind);
    mover.handle('transfer', {
      done: (operation) => this.#done(operation),
      failed: (operation, failure) => this.#failed(operation, failure),
    });
  }

  get queued(): number {
    return this.#queued;
  }

  get active(): number {
    return this.#active;
  }

  get isReachable(): boolean {
    return this.#conditions.services.transfers.down === 'no';
  }

  /** Takes a transfer whose source and destination are set. `priority` is 1 to 5, 5 first. */
  submit(operation: number, priority: number): void {
    this.#operations.submittedAt[operation] = this.#engine.now;
    this.#operations.service[operation] = 'transfers';
    this.#operations.extra[operation] = priority;
    const { source, destination, protocol } = this.#operations;
    const link = this.#world.link(source[operation]!, destination[operation]!);
    protocol[operation] = this.#world.transferProtocols(link.source, link.destination).destination;
    this.#enqueue(operation);
  }

  /** Whether nothing is queued or active on a link. */
  isIdle(link: number): boolean {
    const queue = this.#links[link];
    return queue === undefined || (queue.queued === 0 && queue.active === 0);
  }

  /** Numbers of a link for the minute's sample; undefined where it was never used. */
  linkState(link: number): { queued: number; active: number; limit: number } | undefined {
    const queue = this.#links[link];
    return queue === undefined ? undefined : { queued: queue.queued, active: queue.active, limit: this.#limit(queue) };
  }

  /** The bytes a link moved in the minute that ends now; the optimizer looks at them. */
  noteMoved(link: number, minute: number, bytes: number): void {
    const queue = this.#links[link];
    if (queue !== undefined) queue.moved[minute % MINUTES_KEPT] = queue.moved[minute % MINUTES_KEPT]! + bytes;
  }

  /** Begins a minute of statistics. */
  beginMinute(minute: number): void {
    const slot = minute % MINUTES_KEPT;
    for (const queue of this.#used) {
      queue.finished[slot] = 0;
      queue.failed[slot] = 0;
      queue.durations[slot] = 0;
      queue.sizes[slot] = 0;
      queue.moved[slot] = 0;
    }
  }

  /** Books the waiting of all that is queued, at the end of the run. */
  closeBooks(): void {
    for (const queue of this.#used) {
      this.#advance(queue);
      for (const activities of queue.queues) {
        for (const fifo of activities) {
          while (fifo.length > 0) {
            const operation = fifo.shift();
            this.#bookWaiting(operation, queue, 1);
            this.#operations.bookedTo[operation] = this.#engine.now;
          }
        }
      }
    }
  }

  #linkQueue(link: Link): LinkQueue {
    let queue = this.#links[link.index];
    if (queue === undefined) {
      queue = new LinkQueue(link, this.#rangeOf(link));
      this.#links[link.index] = queue;
      this.#used.push(queue);
    }
    return queue;
  }

  /** FTS's order of look-up: the pair, from the source to all, from all to the destination, the default. */
  #rangeOf(link: Link): OptimizerRange {
    const { linkLimits, defaultLinkLimit } = this.#definition;
    const source = this.#world.storages[link.source]!.name;
    const destination = this.#world.storages[link.destination]!.name;
    const own = linkLimits.get(link.name);
    const limit: LinkLimit =
      own ?? linkLimits.get(`${source} -> *`) ?? linkLimits.get(`* -> ${destination}`) ?? defaultLinkLimit;
    const max = Math.min(limit.max, this.#slotsOut(link.source), this.#slotsIn(link.destination));
    return { min: Math.min(limit.min, max), max, specific: own !== undefined };
  }

  #slotsOut(storage: number): number {
    const limit = this.#definition.storageLimits.get(this.#world.storages[storage]!.name);
    return (limit ?? this.#definition.defaultStorageLimit).outbound;
  }

  #slotsIn(storage: number): number {
    const limit = this.#definition.storageLimits.get(this.#world.storages[storage]!.name);
    return (limit ?? this.#definition.defaultStorageLimit).inbound;
  }

  #limit(queue: LinkQueue): number {
    if (this.#definition.optimizerMode === 0) return queue.range.max;
    return queue.optimizer?.value ?? Math.min(queue.range.max, ACTIVE_WITHOUT_OPTIMIZER);
  }

  #enqueue(operation: number): void {
    const { source, destination, activity, extra } = this.#operations;
    const queue = this.#linkQueue(this.#world.link(source[operation]!, destination[operation]!));
    const priority = PRIORITIES - extra[operation]!;
    const place = this.#activityIndex(activity[operation]!);
    const activities = queue.queues[priority]!;
    while (activities.length <= place) activities.push(new Fifo());
    activities[place]!.push(operation);
    this.#advance(queue);
    if (queue.queued === 0) {
      this.#addWaiting(queue);
      queue.reason = this.isReachable ? WAIT.scheduler : WAIT.fault;
    }
    queue.queued++;
    queue.queuedByPriority[priority]!++;
    this.#queued++;
    this.#bookWaiting(operation, queue, -1);
    this.#wake();
  }

  #activityIndex(activity: string): number {
    let index = this.#activityByName.get(activity);
    if (index === undefined) {
      index = this.#activities.push(activity) - 1;
      this.#activityByName.set(activity, index);
      const { activityShares } = this.#definition;
      this.#shares.push(activityShares.size === 0 ? 1 : shareOf(activityShares, activity));
    }
    return index;
  }

  #addWaiting(queue: LinkQueue): void {
    const waiting = this.#waiting;
    let place = waiting.length;
    while (place > 0 && waiting[place - 1]!.link.index > queue.link.index) place--;
    waiting.splice(place, 0, queue);
  }

  /** Schedules the next tick, on the grid of the scheduling interval. */
  #wake(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    const interval = SCHEDULING_INTERVAL_SECONDS * this.#conditions.services.transfers.slowFactor;
    const next = (Math.floor(this.#engine.now / interval) + 1) * interval;
    this.#engine.schedule(next, this.#tickKind);
  }

  #tick(): void {
    this.#ticking = false;
    const reachable = this.isReachable;
    if (reachable) this.#startWhatFits();
    for (const queue of this.#waiting) {
      this.#advance(queue);
      queue.reason = reachable ? this.#whyWaiting(queue) : WAIT.fault;
    }
    if (this.#queued > 0) this.#wake();
  }

  /** One file at a time over all links, so that links that share a storage get its slots in turn. */
  #startWhatFits(): void {
    const open = this.#open;
    open.length = 0;
    for (const queue of this.#waiting) if (queue.active < this.#limit(queue)) open.push(queue);
    if (open.length === 0) return;
    this.#turn = (this.#turn + 1) % open.length;
    for (let left = open.length, place = this.#turn; left > 0 && this.#active < this.#definition.maxActive;) {
      if (place >= left) place = 0;
      const queue = open[place]!;
      if (this.#hasSlots(queue)) this.#startNext(queue);
      if (queue.queued > 0 && queue.active < this.#limit(queue) && this.#hasSlots(queue)) {
        place++;
        continue;
      }
      // Out of the round: the order of the others stays.
      open.splice(place, 1);
      left--;
    }
    if (this.#waiting.some((queue) => queue.queued === 0)) {
      this.#waiting = this.#waiting.filter((queue) => queue.queued > 0);
    }
  }

  #hasSlots(queue: LinkQueue): boolean {
    const { source, destination } = queue.link;
    return (
      queue.queued > 0 &&
      this.#outbound[source]! < this.#slotsOut(source) &&
      this.#inbound[destination]! < this.#slotsIn(destination)
    );
  }

  #whyWaiting(queue: LinkQueue): number {
    if (queue.active >= this.#limit(queue)) return WAIT.linkSlots;
    if (this.#outbound[queue.link.source]! >= this.#slotsOut(queue.link.source)) return WAIT.sourceSlots;
    if (this.#inbound[queue.link.destination]! >= this.#slotsIn(queue.link.destination)) return WAIT.destinationSlots;
    return WAIT.scheduler;
  }

  /** The highest priority present, then an activity by its share, then the first in its queue. */
  #startNext(queue: LinkQueue): void {
    const priority = queue.queuedByPriority.findIndex((queued) => queued > 0);
    const activities = queue.queues[priority]!;
    const place = this.#nextActivity(queue, activities);
    const operation = activities[place]!.shift();
    queue.queued--;
    queue.queuedByPriority[priority]!--;
    this.#queued--;
    this.#advance(queue);
    this.#bookWaiting(operation, queue, 1);
    this.#operations.bookedTo[operation] = this.#engine.now;
    queue.active++;
    this.#active++;
    const { source, destination } = queue.link;
    this.#outbound[source]!++;
    this.#inbound[destination]!++;
    const entity = this.#entity(operation);
    const attempt = this.#operations.attempts[operation]!;
    const setUp =
      this.#setUpSeconds(source, entity, 2 * attempt) + this.#setUpSeconds(destination, entity, 2 * attempt + 1);
    const route = this.#world.transferRoute(source, destination);
    this.#mover.begin(operation, route, this.#operations.sizeBytes[operation]!, setUp);
  }

  #nextActivity(queue: LinkQueue, activities: readonly Fifo[]): number {
    if (activities.length === 1) return 0;
    const queued = activities.map((fifo) => fifo.length);
    const weights = this.#definition.activityShares.size === 0 ? queued : this.#shares;
    const place = drawActivity(queued, weights, this.#random.uniform(queue.link.index, queue.draws++));
    return place >= 0 ? place : queued.findIndex((count) => count > 0);
  }

  #setUpSeconds(storage: number, entity: number, index: number): number {
    const slow = this.#conditions.storages[storage]!.slowFactor;
    return draw(this.#world.storages[storage]!.definition.setUp, this.#setUps, entity, index) * slow;
  }

  #leaveSlots(operation: number): LinkQueue {
    const { source, destination } = this.#operations;
    const queue = this.#linkQueue(this.#world.link(source[operation]!, destination[operation]!));
    queue.active--;
    this.#active--;
    this.#outbound[queue.link.source]!--;
    this.#inbound[queue.link.destination]!--;
    return queue;
  }

  #done(operation: number): void {
    const queue = this.#leaveSlots(operation);
    const slot = this.#minuteSlot();
    queue.finished[slot]!++;
    queue.durations[slot]! += this.#engine.now - this.#operations.startedAt[operation]!;
    queue.sizes[slot]! += this.#operations.sizeBytes[operation]!;
    this.#listener.transferred(operation);
  }

  #failed(operation: number, failure: Failure): void {
    const queue = this.#leaveSlots(operation);
    const retryable = isRetryable(failure.errorClass);
    if (retryable && this.#operations.attempts[operation]! <= this.#definition.retries) {
      queue.retries++;
      const stamp = this.#operations.stamp[operation]!;
      this.#engine.schedule(this.#engine.now + this.#definition.retryDelaySeconds, this.#retryKind, operation, stamp);
      return;
    }
    // As in FTS, only the final failure of a retryable kind counts against a link.
    if (retryable) queue.failed[this.#minuteSlot()]!++;
    this.#listener.transferFailed(operation, failure);
  }

  #minuteSlot(): number {
    return Math.floor(this.#engine.now / 60) % MINUTES_KEPT;
  }

  /** Adds the time since the last look to the reason for which the link's queue waited. */
  #advance(queue: LinkQueue): void {
    const { now } = this.#engine;
    queue.waited[queue.reason]! += now - queue.reasonSince;
    queue.reasonSince = now;
  }

  #bookWaiting(operation: number, queue: LinkQueue, sign: 1 | -1): void {
    for (let reason = 0; reason < WAIT_BOOKS.length; reason++) {
      this.#operations.addToBook(operation, WAIT_BOOKS[reason]!, sign * queue.waited[reason]!);
    }
    if (queue.reason === WAIT.fault) this.#operations.faultSubject[operation] = 'transfers';
  }

  #optimizeAll(): void {
    const { optimizerMode } = this.#definition;
    if (optimizerMode === 0 || !this.isReachable) return;
    for (const queue of this.#used) {
      if (queue.active === 0 && queue.queued === 0) continue;
      queue.optimizer = optimize(
        queue.optimizer,
        this.#observe(queue),
        queue.range,
        { mode: optimizerMode, remembers: false },
        this.#engine.now,
      );
    }
  }

  #observe(queue: LinkQueue): Parameters<typeof optimize>[1] {
    const finishedInHalfHour = sum(queue.finished);
    const meanDuration = finishedInHalfHour === 0 ? 0 : sum(queue.durations) / finishedInHalfHour;
    const minutes = observationWindowSeconds(meanDuration) / 60;
    const current = Math.floor(this.#engine.now / 60);
    let finished = 0;
    let failed = 0;
    let moved = 0;
    let sizes = 0;
    for (let minute = Math.max(0, current - minutes + 1); minute <= current; minute++) {
      const slot = minute % MINUTES_KEPT;
      finished += queue.finished[slot]!;
      failed += queue.failed[slot]!;
      moved += queue.moved[slot]!;
      sizes += queue.sizes[slot]!;
    }
    return {
      active: queue.active,
      queued: queue.queued,
      throughputBps: moved / (minutes * 60),
      successPercent: successPercent(finished, failed),
      retries: queue.retries,
      fileSizeMeanBytes: finished === 0 ? 0 : sizes / finished,
    };
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
