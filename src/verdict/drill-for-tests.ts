// Synthetic outcomes of a day in a mesh of storages with faults, drawn at random: what attribution is tested with.
import type { ErrorScope, OperationKind } from '../core/operation.ts';
import { RandomStream } from '../core/random.ts';
import type { OutcomeCell } from '../record/aggregate.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';

/** One attempt-free operation as a drill's fault sees it. */
export interface DrilledOperation {
  readonly kind: OperationKind;
  readonly source: string;
  readonly sourceSite: string;
  readonly destination: string;
  readonly destinationSite: string;
  readonly cache: string;
  readonly protocol: string;
  readonly experiment: string;
}

export interface DrillFault {
  readonly fromBucket: number;
  readonly toBucket: number;
  /** Share of what it hits that fails. */
  readonly share: number;
  readonly errorClass: string;
  readonly errorScope: ErrorScope;
  hits(operation: DrilledOperation): boolean;
}

export interface DrillLoad {
  readonly experiments: readonly string[];
  readonly protocols: readonly string[];
  /** Operations between each ordered pair of storages in each five minutes. */
  readonly transfersPerPair: number;
  readonly uploadsPerStorage: number;
  readonly downloadsPerStorage: number;
  readonly buckets: number;
  /** Share of all operations that fails for no common reason. */
  readonly background: number;
  readonly seed: number;
}

export const QUIET_DAY: DrillLoad = {
  experiments: ['SKA', 'CTA'],
  protocols: ['davs', 'root'],
  transfersPerPair: 2,
  uploadsPerStorage: 2,
  downloadsPerStorage: 2,
  buckets: 288,
  background: 0.01,
  seed: 1,
};

/** Plays the load under the faults and counts outcomes as the recorder does. */
export function playDrill(
  checked: CheckedScenario,
  faults: readonly DrillFault[],
  load: Partial<DrillLoad> = {},
): OutcomeCell[] {
  const full = { ...QUIET_DAY, ...load };
  const cells = new Map<string, OutcomeCell & { count: number }>();
  const stream = new RandomStream(full.seed, 'drill');
  let entity = 0;
  for (let bucket = 0; bucket < full.buckets; bucket++) {
    for (const operation of operationsOf(checked, full, stream, bucket)) {
      const outcome = outcomeOf(operation, bucket, faults, full, stream, entity++);
      count(cells, operation, bucket, outcome);
    }
  }
  return [...cells.values()];
}

function* operationsOf(
  { lake }: CheckedScenario,
  load: DrillLoad,
  stream: RandomStream,
  bucket: number,
): Generator<DrilledOperation> {
  const storages = [...lake.storages.values()];
  const caches = [...lake.caches.values()];
  const none = { source: '', sourceSite: '', destination: '', destinationSite: '', cache: '' };
  let index = 0;
  const common = (): { experiment: string; protocol: string } => ({
    experiment: load.experiments[stream.integer(load.experiments.length, bucket, 2 * index)] ?? '',
    protocol: load.protocols[stream.integer(load.protocols.length, bucket, 2 * index++ + 1)] ?? '',
  });
  for (const from of storages) {
    const source = { source: from.name, sourceSite: from.site };
    for (const to of storages) {
      if (from === to) continue;
      const ends = { ...source, destination: to.name, destinationSite: to.site };
      for (let one = 0; one < load.transfersPerPair; one++) yield { ...none, ...common(), ...ends, kind: 'transfer' };
    }
    for (let one = 0; one < load.uploadsPerStorage; one++) {
      const ends = { sourceSite: from.site, destination: from.name, destinationSite: from.site };
      yield { ...none, ...common(), ...ends, kind: 'upload' };
    }
    for (let one = 0; one < load.downloadsPerStorage; one++) {
      const reader = storages[stream.integer(storages.length, bucket, 100_000 + index)]!;
      yield { ...none, ...common(), ...source, kind: 'download', destinationSite: reader.site };
      for (const { name, site } of caches) {
        yield { ...none, ...common(), ...source, kind: 'download', destinationSite: site, cache: name };
      }
    }
  }
}

function outcomeOf(
  operation: DrilledOperation,
  bucket: number,
  faults: readonly DrillFault[],
  load: DrillLoad,
  stream: RandomStream,
  entity: number,
): { errorClass: string; errorScope: ErrorScope } {
  for (const [index, fault] of faults.entries()) {
    if (bucket < fault.fromBucket || bucket > fault.toBucket || !fault.hits(operation)) continue;
    if (stream.uniform(entity, index + 1) < fault.share) return fault;
  }
  if (stream.uniform(entity, 0) < load.background) return { errorClass: 'transfer-failed', errorScope: 'destination' };
  return { errorClass: '', errorScope: '' };
}

function count(
  cells: Map<string, OutcomeCell & { count: number }>,
  operation: DrilledOperation,
  bucket: number,
  { errorClass, errorScope }: { errorClass: string; errorScope: ErrorScope },
): void {
  const key = JSON.stringify([operation, bucket, errorClass, errorScope]);
  const cell = cells.get(key);
  if (cell !== undefined) cell.count++;
  else cells.set(key, { ...operation, service: '', bucket, errorClass, errorScope, count: 1 });
}
