// The token issuer (IAM): a queueing station with so many workers, and the tokens its clients hold.
//
// A token serves one experiment at one storage for its lifetime. Whoever needs one that is not there or has expired
// waits; the first to wait makes the request. A request that fails is made again, three times in all, before those
// who wait are told.
import { draw } from '../core/law.ts';
import type { RandomStream } from '../core/random.ts';
import { BOOK } from './books.ts';
import type { Conditions } from './conditions.ts';
import type { Engine } from './engine.ts';
import type { Operations } from './operations.ts';
import type { World } from './world.ts';
import type { Shared } from './shared.ts';

const REQUEST_TRIES = 3;
const RETRY_SECONDS = 10;
/** How long a client waits for an issuer that does not answer. */
const CLIENT_TIMEOUT_SECONDS = 30;
const REFUSED_SECONDS = 0.1;

/** Told when the token that an operation waits for is there (`granted`) or cannot be had. */
export type TokenWaiter = (operation: number, granted: boolean) => void;

interface Wallet {
  readonly experiment: number;
  readonly storage: number;
  expiresAt: number;
  requested: boolean;
  tries: number;
  readonly waiting: { readonly operation: number; readonly generation: number; readonly waiter: TokenWaiter }[];
}

export class Tokens {
  readonly #engine: Engine;
  readonly #operations: Operations;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #wallets: Wallet[] = [];
  readonly #walletByKey = new Map<number, number>();
  readonly #queue: number[] = [];
  readonly #askKind: number;
  readonly #doneKind: number;
  readonly #failKind: number;
  /** The process that stands for an experiment in records, by experiment. */
  readonly #processOf: readonly number[];
  #busy = 0;
  #requests = 0;

  constructor(shared: Shared) {
    this.#engine = shared.engine;
    this.#operations = shared.operations;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#processOf = shared.experimentOf.reduce<number[]>((first, experiment, process) => {
      first[experiment] ??= process;
      return first;
    }, []);
    this.#random = shared.random('tokens');
    this.#askKind = shared.engine.register((wallet) => this.#ask(wallet));
    this.#doneKind = shared.engine.register((operation) => this.#answered(operation));
    this.#failKind = shared.engine.register((operation) => this.#failed(operation));
  }

  get queued(): number {
    return this.#queue.length;
  }

  get busy(): number {
    return this.#busy;
  }

  /** True if the experiment holds a token for the storage now; else `waiter` is called later. */
  need(experiment: number, storage: number, operation: number, waiter: TokenWaiter): boolean {
    const index = this.#wallet(experiment, storage);
    const wallet = this.#wallets[index]!;
    if (this.#engine.now < wallet.expiresAt) return true;
    wallet.waiting.push({ operation, generation: this.#operations.generation[operation]!, waiter });
    if (!wallet.requested) {
      wallet.requested = true;
      wallet.tries = 0;
      this.#ask(index);
    }
    return false;
  }

  #wallet(experiment: number, storage: number): number {
    const key = experiment * this.#world.storages.length + storage;
    let index = this.#walletByKey.get(key);
    if (index === undefined) {
      index = this.#wallets.length;
      this.#wallets.push({ experiment, storage, expiresAt: -1, requested: false, tries: 0, waiting: [] });
      this.#walletByKey.set(key, index);
    }
    return index;
  }

  #ask(index: number): void {
    const wallet = this.#wallets[index]!;
    wallet.tries++;
    const operations = this.#operations;
    const now = this.#engine.now;
    const operation = operations.open('token', this.#processOf[wallet.experiment]!, now);
    operations.extra[operation] = index;
    operations.extra2[operation] = this.#requests++;
    operations.submittedAt[operation] = now;
    operations.attempts[operation] = wallet.tries;
    operations.service[operation] = 'tokens';
    operations.name[operation] = this.#world.storages[wallet.storage]!.name;
    const condition = this.#conditions.services.tokens;
    if (condition.down !== 'no') {
      const wait = condition.down === 'refused' ? REFUSED_SECONDS : CLIENT_TIMEOUT_SECONDS;
      this.#engine.schedule(now + wait, this.#failKind, operation);
      return;
    }
    this.#queue.push(operation);
    this.#serve();
  }

  #serve(): void {
    const service = this.#world.lake.services.tokens;
    while (this.#busy < service.workers && this.#queue.length > 0) {
      const operation = this.#queue.shift()!;
      this.#busy++;
      this.#operations.startedAt[operation] = this.#engine.now;
      const number = this.#operations.extra2[operation]!;
      const condition = this.#conditions.services.tokens;
      const seconds = draw(service.latency, this.#random, number) * condition.slowFactor;
      const fails = condition.expired || this.#random.uniform(number, 7) < condition.failingShare('');
      this.#operations.state[operation] = fails ? 1 : 0;
      this.#engine.schedule(this.#engine.now + seconds, this.#doneKind, operation);
    }
  }

  #answered(operation: number): void {
    this.#busy--;
    const condition = this.#conditions.services.tokens;
    if (this.#operations.state[operation] === 1 || condition.down !== 'no') this.#failed(operation);
    else this.#granted(operation);
    this.#serve();
  }

  #granted(operation: number): void {
    const wallet = this.#wallets[this.#operations.extra[operation]!]!;
    this.#operations.book(operation, BOOK.token);
    this.#operations.end(operation, 'ok');
    wallet.expiresAt = this.#engine.now + this.#world.lake.services.tokens.lifetimeSeconds;
    wallet.requested = false;
    this.#tell(wallet, true);
  }

  #failed(operation: number): void {
    const index = this.#operations.extra[operation]!;
    const wallet = this.#wallets[index]!;
    const hung = this.#engine.now - this.#operations.submittedAt[operation]! >= CLIENT_TIMEOUT_SECONDS;
    this.#operations.faultSubject[operation] = 'tokens';
    this.#operations.book(operation, BOOK.fault);
    this.#operations.end(operation, 'failed', {
      errorClass: hung ? 'timeout' : 'service-unavailable',
      scope: 'service',
    });
    if (wallet.tries < REQUEST_TRIES) {
      this.#engine.schedule(this.#engine.now + RETRY_SECONDS * wallet.tries, this.#askKind, index);
      return;
    }
    wallet.requested = false;
    this.#tell(wallet, false);
  }

  #tell(wallet: Wallet, granted: boolean): void {
    for (const { operation, generation, waiter } of wallet.waiting.splice(0)) {
      if (this.#operations.is(operation, generation)) waiter(operation, granted);
    }
  }
}
