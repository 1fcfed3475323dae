// One attempt to move a file: set-up, bytes, checks; and all the ways in which it can end.
//
// Uploads, transfers and downloads differ in who starts them and what follows; between the two this is the same.
import { assert } from '../core/errors.ts';
import { transferTimeoutSeconds } from '../transfers/errors.ts';
import { BOOK } from './books.ts';
import type { Conditions } from './conditions.ts';
import { Deadlines } from './deadlines.ts';
import type { Engine } from './engine.ts';
import type { Obstacles } from './obstacles.ts';
import type { Failure, Operations } from './operations.ts';
import type { Route, World } from './world.ts';
import type { Shared } from './shared.ts';

/** How long a refused connection takes to show. */
const REFUSED_SECONDS = 1;

/** Where an attempt stands; kept in the operation's `state`. 0: not with the mover. */
export const MOVING = { no: 0, setUp: 1, hanging: 2, failing: 3, flowing: 4, paused: 5 } as const;

export interface MoveHandler {
  /** The bytes are there and right. */
  done(operation: number): void;
  failed(operation: number, failure: Failure): void;
}

class Attempt {
  route: Route;
  sizeBytes = 0;
  /** Part of the set-up that is the catalogue's answer. */
  catalogueSeconds = 0;
  /** The storage that keeps room for it, or -1. */
  reservedAt = -1;
  failure: Failure | undefined = undefined;
  /** What is left to move once the protocol that hangs answers again. */
  leftBytes = 0;

  constructor(route: Route) {
    this.route = route;
  }
}

export class Mover {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #obstacles: Obstacles;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #handlers = new Map<string, MoveHandler>();
  readonly #attempts: (Attempt | undefined)[] = [];
  readonly #readyKind: number;
  readonly #failKind: number;
  readonly #timeouts: Deadlines;

  constructor(shared: Shared, obstacles: Obstacles) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    this.#obstacles = obstacles;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#readyKind = shared.engine.register((operation, stamp) => this.#ready(operation, stamp));
    this.#failKind = shared.engine.register((operation, stamp) => this.#failNow(operation, stamp));
    const { operations } = shared;
    this.#timeouts = new Deadlines(
      shared.engine,
      (operation, stamp) => operations.stamp[operation] === stamp,
      (operation, stamp) => this.#timeOut(operation, stamp),
    );
    shared.world.flows.onEnd = (operation) => this.#flowEnded(operation);
    shared.conditions.onChange(() => this.#conditionsChanged());
  }

  /** Who hears of operations of a kind. */
  handle(kind: string, handler: MoveHandler): void {
    this.#handlers.set(kind, handler);
  }

  /** Starts an attempt: after the catalogue's answer and the set-up, `sizeBytes` move along the route. */
  begin(operation: number, route: Route, sizeBytes: number, setUpSeconds: number, catalogueSeconds = 0): void {
    const operations = this.#operations;
    const { now } = this.#engine;
    operations.attempts[operation] = operations.attempts[operation]! + 1;
    if (Number.isNaN(operations.startedAt[operation]!)) operations.startedAt[operation] = now;
    const stamp = operations.stamp[operation]! + 1;
    operations.stamp[operation] = stamp;
    const attempt = (this.#attempts[operation] ??= new Attempt(route));
    attempt.route = route;
    attempt.sizeBytes = sizeBytes;
    attempt.catalogueSeconds = catalogueSeconds;
    attempt.reservedAt = -1;
    attempt.failure = undefined;
    const { timeoutSeconds, timeoutSecondsPerMiB } = this.#world.lake.services.transfers;
    const timeout = transferTimeoutSeconds(sizeBytes, timeoutSeconds, timeoutSecondsPerMiB);
    this.#timeouts.set(now + timeout, operation, stamp);
    if (this.#isStopped(operation, stamp)) return;
    operations.state[operation] = MOVING.setUp;
    const readyAt = now + catalogueSeconds + setUpSeconds + route.rttSeconds;
    this.#engine.schedule(readyAt, this.#readyKind, operation, stamp);
  }

  /** Starts the next part of an operation whose first part is done (a cache's misses, then its hits). */
  continueWith(operation: number, route: Route, sizeBytes: number): void {
    const attempt = this.#attempts[operation];
    assert(attempt !== undefined, 'an operation that is not moving goes on');
    attempt.route = route;
    attempt.sizeBytes = sizeBytes;
    this.#operations.state[operation] = MOVING.flowing;
    this.#operations.startFlow(operation, route, sizeBytes);
  }

  /** What holds an operation that the end of the run finds without a flow. */
  bookOf(operation: number): number {
    const { state, kind, attempts } = this.#operations;
    if (state[operation] === MOVING.setUp) return BOOK.setUp;
    if (state[operation] === MOVING.hanging || state[operation] === MOVING.failing) return BOOK.fault;
    if (state[operation] === MOVING.paused) return BOOK.fault;
    if (kind[operation] === 'stage') return BOOK.tape;
    return attempts[operation]! > 0 && kind[operation] !== 'token' ? BOOK.retryDelay : BOOK.token;
  }

  /** If something is in the way, lets the attempt hang or fail; true then. */
  #isStopped(operation: number, stamp: number): boolean {
    const obstacle = this.#obstacles.inTheWay(operation);
    if (obstacle === undefined) return false;
    const operations = this.#operations;
    operations.faultSubject[operation] = obstacle.subject;
    this.#attempts[operation]!.failure = obstacle.failure;
    if (obstacle.hangs) {
      operations.state[operation] = MOVING.hanging;
    } else {
      operations.state[operation] = MOVING.failing;
      this.#engine.schedule(this.#engine.now + REFUSED_SECONDS, this.#failKind, operation, stamp);
    }
    return true;
  }

  #ready(operation: number, stamp: number): void {
    const operations = this.#operations;
    if (operations.stamp[operation] !== stamp || operations.state[operation] !== MOVING.setUp) return;
    operations.book(operation, BOOK.setUp);
    const { catalogueSeconds } = this.#attempts[operation]!;
    operations.addToBook(operation, BOOK.setUp, -catalogueSeconds);
    operations.addToBook(operation, BOOK.catalogue, catalogueSeconds);
    if (this.#isStopped(operation, stamp)) return;
    const failure = this.#obstacles.failsByChance(operation) ?? this.#reserve(operation);
    if (failure !== undefined) {
      this.#fail(operation, failure);
      return;
    }
    const { route, sizeBytes } = this.#attempts[operation]!;
    if (Number.isNaN(operations.firstByteAt[operation]!)) operations.firstByteAt[operation] = this.#engine.now;
    operations.state[operation] = MOVING.flowing;
    operations.startFlow(operation, route, sizeBytes);
    if (this.#world.flows.rateOf(route.flowClass) === 0) this.#nameStall(operation);
  }

  #reserve(operation: number): Failure | undefined {
    const attempt = this.#attempts[operation]!;
    const destination = this.#operations.destination[operation]!;
    if (destination < 0) return undefined;
    const storage = this.#world.storages[destination]!;
    if (storage.usedBytes + storage.reservedBytes + attempt.sizeBytes > storage.capacityBytes) {
      return { errorClass: 'no-space', scope: 'destination' };
    }
    storage.reservedBytes += attempt.sizeBytes;
    attempt.reservedAt = destination;
    return undefined;
  }

  #release(attempt: Attempt): void {
    if (attempt.reservedAt < 0) return;
    const storage = this.#world.storages[attempt.reservedAt]!;
    storage.reservedBytes = Math.max(0, storage.reservedBytes - attempt.sizeBytes);
    attempt.reservedAt = -1;
  }

  #flowEnded(operation: number): void {
    const operations = this.#operations;
    operations.endFlow(operation, true);
    const failure = this.#obstacles.isFoundCorrupt(operation);
    if (failure !== undefined) {
      this.#fail(operation, failure);
      return;
    }
    const handler = this.#handlers.get(operations.kind[operation]!)!;
    const attempt = this.#attempts[operation]!;
    const destination = attempt.reservedAt;
    this.#release(attempt);
    if (destination >= 0) {
      this.#world.storages[destination]!.usedBytes += attempt.sizeBytes;
    }
    operations.state[operation] = MOVING.no;
    const stamp = operations.stamp[operation]!;
    handler.done(operation);
    // A handler that goes on with a further part keeps the attempt and its timeout; else the attempt is over.
    if (operations.stamp[operation] === stamp && operations.state[operation] === MOVING.no) {
      operations.stamp[operation] = stamp + 1;
    }
  }

  #failNow(operation: number, stamp: number): void {
    if (this.#operations.stamp[operation] !== stamp || this.#operations.state[operation] !== MOVING.failing) return;
    this.#operations.book(operation, BOOK.fault);
    this.#fail(operation, this.#attempts[operation]!.failure!);
  }

  #timeOut(operation: number, stamp: number): void {
    const operations = this.#operations;
    if (operations.stamp[operation] !== stamp) return;
    if (operations.state[operation] === MOVING.flowing) {
      const failure: Failure = { errorClass: 'timeout', scope: this.#stallScope(operation) };
      operations.endFlow(operation, false);
      this.#fail(operation, failure);
      return;
    }
    operations.book(operation, operations.state[operation] === MOVING.setUp ? BOOK.setUp : BOOK.fault);
    this.#fail(operation, this.#attempts[operation]!.failure ?? { errorClass: 'timeout', scope: 'network' });
  }

  /** Ends the attempt, not the operation. Its flow, if it had one, is over. */
  #fail(operation: number, failure: Failure): void {
    const operations = this.#operations;
    this.#release(this.#attempts[operation]!);
    operations.state[operation] = MOVING.no;
    operations.stamp[operation] = operations.stamp[operation]! + 1;
    this.#handlers.get(operations.kind[operation]!)!.failed(operation, failure);
  }

  /** On which side a transfer that moves nothing appears to be stuck. */
  #stallScope(operation: number): Failure['scope'] {
    const source = this.#operations.source[operation]!;
    const destination = this.#operations.destination[operation]!;
    if (source >= 0 && this.#conditions.storages[source]!.down === 'hanging') return 'source';
    if (destination >= 0 && this.#conditions.storages[destination]!.down === 'hanging') return 'destination';
    return 'network';
  }

  #nameStall(operation: number): void {
    const obstacle = this.#obstacles.inTheWay(operation);
    if (obstacle !== undefined) this.#operations.faultSubject[operation] = obstacle.subject;
  }

  /** What refuses connections drops those it had; what hangs lets them stand still. */
  #conditionsChanged(): void {
    const operations = this.#operations;
    for (const operation of operations.all()) {
      const isPaused = operations.state[operation] === MOVING.paused;
      if (!isPaused && (operations.state[operation] !== MOVING.flowing || operations.flow[operation]! < 0)) continue;
      const obstacle = this.#obstacles.inTheWay(operation);
      if (obstacle === undefined) {
        if (isPaused) this.#resume(operation);
        continue;
      }
      operations.faultSubject[operation] = obstacle.subject;
      if (obstacle.failure.errorClass === 'connection-refused') {
        if (isPaused) operations.book(operation, BOOK.fault);
        else operations.endFlow(operation, false);
        this.#fail(operation, obstacle.failure);
      } else if (obstacle.hangs && !isPaused && !this.#isCutOff(operation)) this.#pause(operation, obstacle.failure);
    }
  }

  /** Whether a place on the flow's way gives nothing, so that it stands still by itself. */
  #isCutOff(operation: number): boolean {
    const { flows } = this.#world;
    const { route } = this.#attempts[operation]!;
    return flows.pathOf(route.flowClass).some((resource) => flows.capacityOf(resource) === 0);
  }

  /** One protocol of a storage hangs: this flow stands still, those over other protocols go on. */
  #pause(operation: number, failure: Failure): void {
    const attempt = this.#attempts[operation]!;
    attempt.leftBytes = this.#operations.endFlow(operation, false);
    attempt.failure = failure;
    this.#operations.state[operation] = MOVING.paused;
  }

  #resume(operation: number): void {
    const attempt = this.#attempts[operation]!;
    this.#operations.book(operation, BOOK.fault);
    attempt.failure = undefined;
    this.#operations.state[operation] = MOVING.flowing;
    this.#operations.startFlow(operation, attempt.route, attempt.leftBytes);
  }
}
