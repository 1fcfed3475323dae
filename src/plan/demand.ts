// What the plan asks of the lake, added up from one pass over its intents: flows by route, and what each process does.
import type { CheckedScenario } from '../scenario/scenario.ts';
import { BACKGROUND_STEP, countPlan, type Counter } from './counter.ts';
import type { Flow } from './flow.ts';
import type { Plan, Process } from './plan.ts';
import { flowsOf } from './process-flows.ts';
import { binsOf, type TimeGrid } from './time-grid.ts';

/** What one process does by bin, as people see it in a timeline. */
export interface Activity {
  readonly process: Process;
  readonly injectedBytes: Float64Array;
  readonly injectedFiles: Float64Array;
  /** Rules' and transitions' copies, without those that need no transfer. */
  readonly copiedBytes: Float64Array;
  readonly rules: Float64Array;
  readonly transitions: Float64Array;
  readonly sessions: Float64Array;
  readonly readBytes: Float64Array;
}

export interface Demand {
  readonly grid: TimeGrid;
  readonly flows: readonly Flow[];
  readonly activities: readonly Activity[];
  /** Bytes there before the day by storage: those of `uses`. */
  readonly existingBytes: ReadonlyMap<string, number>;
}

/**
 * Streams the plan once. A dataset counts with the mean size of those that lie where it lies, so that nothing is kept per
 * dataset. Where an expression leaves a choice, the copies are spread evenly over what it selects; a copy that is already
 * there needs none. Sessions read from the place named, or from the nearest that will hold the data; a cache fetches each
 * byte once.
 */
export function demandOf({ lake }: CheckedScenario, plan: Plan): Demand {
  const grid = binsOf(plan.durationSeconds);
  const { counters, existingBytes } = countPlan(plan, grid);
  const flows: Flow[] = [];
  const activities: Activity[] = [];
  for (const counter of counters) {
    const own = flowsOf(counter, lake);
    flows.push(...own);
    activities.push(activityOf(counter, own, grid));
  }
  return { grid, flows, activities, existingBytes };
}

function activityOf(counter: Counter, flows: readonly Flow[], grid: TimeGrid): Activity {
  const zeros = (): Float64Array => new Float64Array(grid.count);
  const activity = {
    process: counter.process,
    injectedBytes: counter.injectedBytes,
    injectedFiles: counter.injectedFiles,
    copiedBytes: zeros(),
    rules: zeros(),
    transitions: zeros(),
    sessions: zeros(),
    readBytes: zeros(),
  };
  for (const flow of flows) {
    if (flow.kind === 'copy') addTo(activity.copiedBytes, flow.bytes);
    // What a cache fetches is not read by anybody yet.
    if (flow.kind === 'read' && flow.to.cache === '') addTo(activity.readBytes, flow.bytes);
  }
  for (const [step, byHolding] of counter.due) {
    const isRule = 'copies' in step || step === BACKGROUND_STEP;
    for (const due of byHolding) addTo(isRule ? activity.rules : activity.transitions, due);
  }
  for (const starts of counter.sessions.values()) addTo(activity.sessions, starts);
  return activity;
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let bin = 0; bin < sums.length; bin++) sums[bin]! += values[bin]!;
}
