// Whether the day can fit, before anything runs: what the plan asks against what the lake can give. See docs/plan.md.
import { formatBytes } from '../core/units.ts';
import type { CheckedScenario } from '../scenario/scenario.ts';
import { DayClock } from './day-clock.ts';
import { demandOf, type Demand } from './demand.ts';
import { expectationFindings } from './expectation-bounds.ts';
import { faultFindings } from './fault-findings.ts';
import { finding, type Finding } from './finding.ts';
import type { Plan } from './plan.ts';
import { resourceFindings } from './resource-findings.ts';
import { resourcesOf, type Resource } from './resources.ts';
import { spaceOf, type SpaceUse } from './space.ts';
import { partStart, periodsOf, regrid, type TimeGrid } from './time-grid.ts';
import { transferFindings } from './transfer-findings.ts';

export interface Feasibility {
  /** `infeasible` where a finding is an error, `tight` where one is a warning. */
  readonly verdict: 'fits' | 'tight' | 'infeasible';
  /** The gravest first. */
  readonly findings: readonly Finding[];
  readonly demand: Demand;
  /** Asked and available by bin of the demand's grid. */
  readonly resources: readonly Resource[];
  readonly space: readonly SpaceUse[];
  /** The parts of the day that are shown: hours of a day. */
  readonly periods: TimeGrid;
}

/** Streams the plan once; what is kept grows with routes and hours, not with files. */
export function checkFeasibility(checked: CheckedScenario, plan: Plan): Feasibility {
  const demand = demandOf(checked, plan);
  const resources = resourcesOf(checked, demand);
  const space = spaceOf(checked, demand);
  const periods = periodsOf(plan.durationSeconds);
  const clock = new DayClock(checked.scenario.clock.start);
  const findings = [
    ...expectationFindings(checked, demand, resources, clock),
    ...resourceFindings(resources, demand.grid, periods, clock),
    ...spaceFindings(space, demand.grid, clock),
    ...faultFindings(checked, demand, resources, clock),
    ...transferFindings(checked, demand),
  ];
  const bySeverity = (severity: Finding['severity']): Finding[] =>
    findings.filter((candidate) => candidate.severity === severity);
  const byPressure = (one: Finding, other: Finding): number => pressureOf(other) - pressureOf(one) || 0;
  const errors = bySeverity('error').toSorted(byPressure);
  const warnings = bySeverity('warning').toSorted(byPressure);
  return {
    verdict: errors.length > 0 ? 'infeasible' : warnings.length > 0 ? 'tight' : 'fits',
    findings: [...errors, ...warnings, ...bySeverity('ok')],
    demand,
    resources,
    space,
    periods,
  };
}

/** Expectations first, in their order; then by asked over available; what has no such figures comes last. */
function pressureOf({ asked, available, expectation }: Finding): number {
  if (expectation !== '') return Infinity;
  return asked === undefined || available === undefined ? 0 : Math.min(asked / available, Number.MAX_VALUE);
}

function spaceFindings(space: readonly SpaceUse[], grid: TimeGrid, clock: DayClock): Finding[] {
  return space.flatMap(({ storage, capacityBytes, startBytes, usedBytes }) => {
    const overAt = usedBytes.findIndex((used) => used > capacityBytes);
    if (overAt < 0) return [];
    const most = usedBytes.reduce((largest, used) => Math.max(largest, used), startBytes);
    return finding({
      severity: 'error',
      code: 'space',
      subject: `space ${storage}`,
      text: `full at ${clock.timeOfDay(partStart(grid, overAt))}: ${formatBytes(most)} is to be there, ${formatBytes(capacityBytes)} fits`,
      fromSeconds: partStart(grid, overAt),
      asked: most,
      available: capacityBytes,
      unit: 'bytes',
      hint: 'shorter lifetimes, other destinations or more capacity are needed',
    });
  });
}

/** One resource in the parts of the day that are shown, per second. */
export interface ResourceRow {
  readonly resource: Resource;
  readonly askedPerSecond: Float64Array;
  readonly availablePerSecond: Float64Array;
}

/** The table behind the findings: every resource that is used, asked and available by period. */
export function resourceRows({ resources, demand, periods }: Feasibility): ResourceRow[] {
  const perSecond = (values: Float64Array): Float64Array =>
    regrid(values, demand.grid, periods).map(
      (value, period) => value / Math.min(periods.stepSeconds, periods.durationSeconds - period * periods.stepSeconds),
    );
  return resources.map((resource) => ({
    resource,
    askedPerSecond: perSecond(resource.asked),
    availablePerSecond: perSecond(resource.available),
  }));
}
