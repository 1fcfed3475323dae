// The traffic of functional tests and other people: between which storages it can go, and its intents.
import type { RandomStream } from '../core/random.ts';
import type { Lake, Storage } from '../lake/lake.ts';
import { selectStorages } from '../lake/rse-expression.ts';
import { canCopyThirdParty } from '../lake/third-party-copy.ts';
import type { Background, ReplicationStep } from '../scenario/scenario.ts';
import { fileSizeBytes } from '../workload/sizes.ts';
import type { Intent } from './plan.ts';

export interface StoragePair {
  readonly source: string;
  readonly destination: string;
}

/**
 * The ordered pairs of storages that `between` selects and that can exchange a file: neither is on tape, and the
 * transfer service can copy from one to the other (src/lake/third-party-copy.ts). In the lake's order.
 */
export function backgroundPairs(between: string, lake: Lake): StoragePair[] {
  const storages = selectStorages(between, lake.storages.values())
    .map((name) => lake.storages.get(name))
    .filter((storage): storage is Storage => storage !== undefined && storage.tape === undefined);
  const pairs: StoragePair[] = [];
  for (const source of storages) {
    for (const destination of storages) {
      if (source !== destination && canCopyThirdParty(lake, source, destination)) {
        pairs.push({ source: source.name, destination: destination.name });
      }
    }
  }
  return pairs;
}

/**
 * Every `everySeconds`, for each pair: a dataset of one file at the pair's source, and a rule on it to the destination.
 * Rules to one destination share one step.
 */
export function* backgroundIntents(
  process: number,
  background: Background,
  pairs: readonly StoragePair[],
  sizes: RandomStream,
  durationSeconds: number,
): Generator<Intent, void> {
  const steps = stepByDestination(background, pairs);
  const until = Math.min(background.toSeconds, durationSeconds);
  let dataset = 0;
  for (let round = 0; ; round++) {
    const atSeconds = background.fromSeconds + round * background.everySeconds;
    if (!(atSeconds < until) || pairs.length === 0) return;
    for (const pair of pairs) {
      yield {
        kind: 'inject',
        atSeconds,
        process,
        dataset,
        file: 0,
        files: 1,
        sizeBytes: fileSizeBytes(background.size, sizes, dataset, 0),
        storage: pair.source,
        injection: undefined,
        last: true,
      };
      yield { kind: 'replicate', atSeconds, process, dataset, step: steps.get(pair.destination)! };
      dataset++;
    }
  }
}

function stepByDestination(background: Background, pairs: readonly StoragePair[]): Map<string, ReplicationStep> {
  const steps = new Map<string, ReplicationStep>();
  for (const { destination } of pairs) {
    if (steps.has(destination)) continue;
    steps.set(destination, {
      to: destination,
      copies: 1,
      lifetimeSeconds: background.lifetimeSeconds,
      afterSeconds: 0,
      atSeconds: undefined,
      activity: background.activity,
      priority: 3,
      asynchronous: false,
      deleteSourceWhenDone: false,
      sources: '',
    });
  }
  return steps;
}
