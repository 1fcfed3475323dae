// What stands in an operation's way: things that are down, refuse its credentials, or fail a share of what they do.
import type { ErrorScope } from '../core/operation.ts';
import type { RandomStream } from '../core/random.ts';
import type { Condition, Conditions } from './conditions.ts';
import type { Failure, Operations } from './operations.ts';
import type { World } from './world.ts';
import type { Shared } from './shared.ts';

/** `hangs`: nothing is heard until the timeout. Otherwise the failure shows at once. */
export interface Obstacle {
  readonly hangs: boolean;
  readonly failure: Failure;
  readonly subject: string;
}

/** More than an operation has attempts, and than a lake has storages: each attempt of each operation has its own draws. */
const ATTEMPTS = 64;
const STORAGES = 1024;
/** Draws of one attempt, so that each question has its own luck. */
const DRAWS_PER_ATTEMPT = 16;
const DRAW = {
  source: 0,
  destination: 1,
  path: 2,
  cache: 3,
  client: 4,
  corruptSource: 5,
  corruptDestination: 6,
  corruptPath: 7,
  corruptCache: 8,
} as const;

export class Obstacles {
  readonly #operations: Operations;
  readonly #conditions: Conditions;
  readonly #world: World;
  readonly #experiments: readonly string[];
  readonly #random: RandomStream;
  readonly #entity: (operation: number) => number;

  constructor(shared: Shared) {
    this.#operations = shared.operations;
    this.#conditions = shared.conditions;
    this.#world = shared.world;
    this.#experiments = shared.processes.map((process) => process.experiment);
    this.#random = shared.random('failures');
    this.#entity = shared.fileOf;
  }

  /** What keeps an operation from going on now, or undefined. */
  inTheWay(operation: number): Obstacle | undefined {
    const source = this.#operations.source[operation]!;
    const destination = this.#operations.destination[operation]!;
    const protocol = this.#operations.protocol[operation]!;
    const cache = this.#operations.cache[operation]!;
    return (
      (source < 0 ? undefined : this.#atStorage(source, this.#sourceProtocol(operation), 'source')) ??
      (destination < 0 ? undefined : this.#atStorage(destination, protocol, 'destination')) ??
      (cache < 0
        ? undefined
        : this.#at(this.#conditions.caches[cache]!, protocol, 'source', this.#world.caches[cache]!.name)) ??
      this.#onPath(operation) ??
      this.#atClient(operation)
    );
  }

  /** Whether this attempt is among the share that fails, decided once the set-up is done. */
  failsByChance(operation: number): Failure | undefined {
    const source = this.#operations.source[operation]!;
    const destination = this.#operations.destination[operation]!;
    const protocol = this.#operations.protocol[operation]!;
    const cache = this.#operations.cache[operation]!;
    const from = this.#sourceProtocol(operation);
    if (source >= 0 && this.#drawn(operation, this.#conditions.storages[source]!, from, DRAW.source)) {
      return { errorClass: 'transfer-failed', scope: 'source' };
    }
    if (
      destination >= 0 &&
      this.#drawn(operation, this.#conditions.storages[destination]!, protocol, DRAW.destination)
    ) {
      return { errorClass: 'transfer-failed', scope: 'destination' };
    }
    if (cache >= 0 && this.#drawn(operation, this.#conditions.caches[cache]!, protocol, DRAW.cache)) {
      return { errorClass: 'transfer-failed', scope: 'source' };
    }
    const path = this.#path(operation);
    if (path !== undefined && this.#drawn(operation, path, protocol, DRAW.path)) {
      return { errorClass: 'transfer-failed', scope: 'network' };
    }
    const client = this.#conditions.experiments.get(this.#experiments[this.#operations.process[operation]!]!);
    if (client !== undefined && this.#drawn(operation, client, protocol, DRAW.client)) {
      return { errorClass: 'transfer-failed', scope: 'client' };
    }
    return undefined;
  }

  /** Whether the bytes arrived wrong and somebody checked. Where checksums are off, nobody knows. */
  isFoundCorrupt(operation: number): Failure | undefined {
    const source = this.#operations.source[operation]!;
    const destination = this.#operations.destination[operation]!;
    const checkedAt = destination >= 0 ? destination : source;
    if (checkedAt >= 0 && !this.#world.storages[checkedAt]!.definition.verifyChecksum) return undefined;
    const cache = this.#operations.cache[operation]!;
    if (cache >= 0 && this.#uniform(operation, DRAW.corruptCache) < this.#conditions.caches[cache]!.corruptShare) {
      return { errorClass: 'checksum-mismatch', scope: 'source' };
    }
    const path = this.#path(operation);
    if (path !== undefined && this.#uniform(operation, DRAW.corruptPath) < path.corruptShare) {
      return { errorClass: 'checksum-mismatch', scope: 'network' };
    }
    if (source >= 0 && this.#uniform(operation, DRAW.corruptSource) < this.#conditions.storages[source]!.corruptShare) {
      return { errorClass: 'checksum-mismatch', scope: 'source' };
    }
    if (
      destination >= 0 &&
      this.#uniform(operation, DRAW.corruptDestination) < this.#conditions.storages[destination]!.corruptShare
    ) {
      return { errorClass: 'checksum-mismatch', scope: 'destination' };
    }
    return undefined;
  }

  #atStorage(storage: number, protocol: string, scope: ErrorScope): Obstacle | undefined {
    const condition = this.#conditions.storages[storage]!;
    const name = this.#world.storages[storage]!.name;
    const obstacle = this.#at(condition, protocol, scope, name);
    // Only who answers and lets one in can say that there is no room.
    if (obstacle !== undefined || scope !== 'destination' || !condition.full) return obstacle;
    return { hangs: false, failure: { errorClass: 'no-space', scope }, subject: name };
  }

  /** Expired credentials show only where somebody answers. */
  #atClient(operation: number): Obstacle | undefined {
    const experiment = this.#experiments[this.#operations.process[operation]!]!;
    if (this.#conditions.experiments.get(experiment)?.expired !== true) return undefined;
    return { hangs: false, failure: { errorClass: 'credential-expired', scope: 'client' }, subject: experiment };
  }

  /** What the source calls the protocol; a transfer's record has the destination's name for it. */
  #sourceProtocol(operation: number): string {
    const { source, destination, protocol } = this.#operations;
    const from = source[operation]!;
    const to = destination[operation]!;
    return from < 0 || to < 0 ? protocol[operation]! : this.#world.transferProtocols(from, to).source;
  }

  #at(condition: Condition, protocol: string, scope: ErrorScope, subject: string): Obstacle | undefined {
    const down = condition.downFor(protocol);
    if (down !== 'no') {
      const errorClass = down === 'hanging' ? 'timeout' : 'connection-refused';
      return { hangs: down === 'hanging', failure: { errorClass, scope }, subject };
    }
    if (condition.expired) return { hangs: false, failure: { errorClass: 'credential-expired', scope }, subject };
    return undefined;
  }

  #onPath(operation: number): Obstacle | undefined {
    const path = this.#path(operation);
    if (path === undefined || path.down === 'no') return undefined;
    const [from, to] = this.#ends(operation);
    const subject = `${this.#world.sites[from]!.name} -> ${this.#world.sites[to]!.name}`;
    const errorClass = path.down === 'hanging' ? 'timeout' : 'connection-refused';
    return { hangs: path.down === 'hanging', failure: { errorClass, scope: 'network' }, subject };
  }

  #path(operation: number): Condition | undefined {
    if (!this.#conditions.anyPath) return undefined;
    const [from, to] = this.#ends(operation);
    return from < 0 || to < 0 || from === to ? undefined : this.#conditions.path(from, to);
  }

  #ends(operation: number): [number, number] {
    const { source, destination, sourceSite, destinationSite } = this.#operations;
    const from = source[operation]! < 0 ? sourceSite[operation]! : this.#world.storages[source[operation]!]!.site;
    const to =
      destination[operation]! < 0 ? destinationSite[operation]! : this.#world.storages[destination[operation]!]!.site;
    return [from, to];
  }

  #drawn(operation: number, condition: Condition, protocol: string, which: number): boolean {
    if (condition.failing.length === 0) return false;
    return this.#uniform(operation, which) < condition.failingShare(protocol);
  }

  #uniform(operation: number, which: number): number {
    const { destination, attempts, luck } = this.#operations;
    const turn = attempts[operation]! + ATTEMPTS * (destination[operation]! + 1 + STORAGES * luck[operation]!);
    return this.#random.uniform(this.#entity(operation), turn * DRAWS_PER_ATTEMPT + which);
  }
}
