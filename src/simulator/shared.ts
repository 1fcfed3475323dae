// What every part of a simulation stands on.
import type { RandomStream } from '../core/random.ts';
import type { Process } from '../plan/plan.ts';
import type { Conditions } from './conditions.ts';
import type { Datasets } from './datasets.ts';
import type { Engine } from './engine.ts';
import type { Operations } from './operations.ts';
import type { World } from './world.ts';

export interface Shared {
  readonly engine: Engine;
  readonly world: World;
  readonly operations: Operations;
  readonly conditions: Conditions;
  readonly datasets: Datasets;
  readonly processes: readonly Process[];
  /** The number of each process's experiment; background activities share one. */
  readonly experimentOf: readonly number[];
  /** The numbers of the storages that an RSE expression matches. */
  readonly selectStorages: (expression: string) => ReadonlySet<number>;
  /** A number that is the operation's file's own, whatever order things happen in. */
  readonly fileOf: (operation: number) => number;
  /** The random stream of this name. */
  readonly random: (name: string) => RandomStream;
  readonly durationSeconds: number;
}
