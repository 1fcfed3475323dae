// Everything that can hold a flow back, with what is asked of it and what it can give, part by part of the day.
import type { Lake } from '../lake/lake.ts';
import type { CheckedScenario, Fault } from '../scenario/scenario.ts';
import type { Demand } from './demand.ts';
import type { Flow } from './flow.ts';
import { faultsOn, type Reduction } from './fault-share.ts';
import {
  costPerFile,
  placesOf,
  RESOURCE_KINDS,
  slotsOf,
  type Place,
  type ResourceKind,
  type ResourceUnit,
} from './places.ts';
import { partSeconds, partStart, type TimeGrid } from './time-grid.ts';

export interface Resource {
  readonly kind: ResourceKind;
  /** `EULAKE-1`, `CERN`, `CERN -> DESY`, `EULAKE-1 -> DESY-DCACHE`, `SKA/pulsar-search`; empty for the whole service. */
  readonly name: string;
  readonly unit: ResourceUnit;
  /** Without faults: bytes per second, or slots. Infinity where the lake sets no limit. */
  readonly perSecond: number;
  readonly asked: Float64Array;
  /** With what faults take of it on average; Infinity where there is no limit. Resources may share it: not to be changed. */
  readonly available: Float64Array;
  /** With what faults take of it whatever happens: what is under way may go on, and what comes and goes may stay. */
  readonly availableAtMost: Float64Array;
  readonly flows: readonly Flow[];
  /** Those that reduce it. */
  readonly faults: readonly Fault[];
}

/** All resources that some flow uses, in the order of RESOURCE_KINDS and then by name. */
export function resourcesOf(checked: CheckedScenario, demand: Demand): Resource[] {
  const { lake, scenario } = checked;
  const found = new Map<string, { place: Place; asked: Float64Array; flows: Flow[] }>();
  for (const flow of demand.flows) {
    if (flow.totalFiles === 0) continue;
    for (const place of [...placesOf(flow, lake), ...slotsOf(flow, lake)]) {
      const key = `${place.kind} ${place.name}`;
      let entry = found.get(key);
      if (entry === undefined) {
        entry = { place, asked: new Float64Array(demand.grid.count), flows: [] };
        found.set(key, entry);
      }
      entry.flows.push(flow);
      addDemand(entry.asked, place, flow, lake);
    }
  }
  // Most links have the same limit and no fault: they share their arrays.
  const wholes = new Map<number, Float64Array>();
  const wholeOf = (place: Place): Float64Array => {
    let whole = wholes.get(place.perSecond);
    if (whole === undefined) wholes.set(place.perSecond, (whole = withoutFaults(place, demand.grid)));
    return whole;
  };
  return [...found.values()]
    .map(({ place, asked, flows }) => {
      const reductions = faultsOn(place.kind, place.name, lake, scenario.faults);
      return { ...place, asked, flows, ...capacityOf(place, wholeOf(place), reductions, demand.grid) };
    })
    .sort(
      (one, other) =>
        RESOURCE_KINDS.indexOf(one.kind) - RESOURCE_KINDS.indexOf(other.kind) ||
        (one.name < other.name ? -1 : one.name > other.name ? 1 : 0),
    );
}

function addDemand(asked: Float64Array, place: Place, flow: Flow, lake: Lake): void {
  const values = place.unit === 'bytes' ? flow.bytes : flow.files;
  const factor = place.unit === 'bytes' ? 1 : costPerFile(place, flow, lake);
  for (let bin = 0; bin < asked.length; bin++) asked[bin]! += values[bin]! * factor;
}

/** What a resource gives by bin where nothing is wrong with it. */
function withoutFaults(resource: { readonly perSecond: number }, grid: TimeGrid): Float64Array {
  const available = new Float64Array(grid.count);
  for (let bin = 0; bin < grid.count; bin++) available[bin] = resource.perSecond * partSeconds(grid, bin);
  return available;
}

function capacityOf(
  place: Place,
  whole: Float64Array,
  reductions: readonly Reduction[],
  grid: TimeGrid,
): { available: Float64Array; availableAtMost: Float64Array; faults: Fault[] } {
  const faults = reductions.map(({ fault }) => fault);
  if (reductions.length === 0 || place.perSecond === Infinity) {
    return { available: whole, availableAtMost: whole, faults };
  }
  const available = whole.slice();
  const availableAtMost = whole.slice();
  for (const { fault, share, shareAtMost } of reductions) {
    takeOff(available, fault, share, grid);
    takeOff(availableAtMost, fault, shareAtMost, grid);
  }
  return { available, availableAtMost, faults };
}

function takeOff(available: Float64Array, fault: Fault, share: number, grid: TimeGrid): void {
  for (let bin = 0; bin < grid.count; bin++) {
    const start = partStart(grid, bin);
    const length = partSeconds(grid, bin);
    const overlap = Math.min(start + length, fault.atSeconds + fault.forSeconds) - Math.max(start, fault.atSeconds);
    if (overlap > 0) available[bin]! *= 1 - (1 - share) * (overlap / length);
  }
}
