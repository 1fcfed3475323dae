// How full each storage gets over the day: what is there, what the plan writes, and what goes at the end of its life.
import type { CheckedScenario } from '../scenario/scenario.ts';
import type { Demand } from './demand.ts';
import { partAt, partStart, type TimeGrid } from './time-grid.ts';

export interface SpaceUse {
  readonly storage: string;
  readonly capacityBytes: number;
  readonly startBytes: number;
  /** At the end of each part. */
  readonly usedBytes: Float64Array;
}

/**
 * Copies count from the time they are asked for, their lives from then too, and a source's copy goes when the copy that
 * frees it is asked for: all a little early. Data of `uses` is there from the start, beside what the lake calls used.
 */
export function spaceOf(checked: CheckedScenario, demand: Demand): SpaceUse[] {
  const { grid } = demand;
  const changes = new Map<string, Float64Array>();
  const changesOf = (storage: string): Float64Array => {
    let values = changes.get(storage);
    if (values === undefined) {
      values = new Float64Array(grid.count);
      changes.set(storage, values);
    }
    return values;
  };
  for (const flow of demand.flows) {
    if (flow.to.storage !== '') addStay(changesOf(flow.to.storage), flow.bytes, flow.lifetimeSeconds, grid);
    if (flow.freedPerByte > 0) {
      const source = changesOf(flow.from.storage);
      flow.bytes.forEach((bytes, bin) => (source[bin]! -= bytes * flow.freedPerByte));
    }
  }
  return [...checked.lake.storages.values()].map((storage) => {
    const startBytes = storage.usedBytes + (demand.existingBytes.get(storage.name) ?? 0);
    const usedBytes = new Float64Array(grid.count);
    let used = startBytes;
    const values = changes.get(storage.name);
    for (let bin = 0; bin < grid.count; bin++) {
      used += values?.[bin] ?? 0;
      usedBytes[bin] = used;
    }
    return { storage: storage.name, capacityBytes: storage.capacityBytes, startBytes, usedBytes };
  });
}

function addStay(
  changes: Float64Array,
  bytes: Float64Array,
  lifetimeSeconds: number | undefined,
  grid: TimeGrid,
): void {
  for (let bin = 0; bin < grid.count; bin++) {
    changes[bin]! += bytes[bin]!;
    if (lifetimeSeconds === undefined) continue;
    const goneSeconds = partStart(grid, bin) + lifetimeSeconds;
    // What goes within its own part is gone in the next: it was there.
    if (goneSeconds < grid.durationSeconds)
      changes[Math.min(grid.count - 1, Math.max(partAt(grid, goneSeconds), bin + 1))]! -= bytes[bin]!;
  }
}
