// What a workflow asks that cannot be, or that is of no use.
import { meanOf } from '../core/law.ts';
import { formatCount, formatDuration } from '../core/units.ts';
import type { Lake } from '../lake/lake.ts';
import { LIMITS } from '../language/limits.ts';
import { child } from '../language/pointer.ts';
import type { ProblemReport } from '../language/report.ts';
import { destinationsOf, originsOf, selected } from './holdings.ts';
import type { Access, ReplicationStep, Scenario, TransitionStep, Workflow } from './scenario.ts';

/** Checks every workflow of a scenario whose names are right. Pointers count list entries by their place. */
export function checkWorkflows(scenario: Scenario, lake: Lake, report: ProblemReport): void {
  const owners = new Map<string, string>();
  for (const experiment of scenario.experiments.values()) {
    for (const workflow of experiment.workflows.values()) {
      const at = child(child(child('/experiments', experiment.name), 'workflows'), workflow.name);
      checkWorkflow(workflow, at, lake, report);
      // Datasets are named after scope and workflow: two with the same would be one.
      const full = `${experiment.name}/${workflow.name}`;
      const key = `${workflow.scope}:${workflow.name}`;
      const other = owners.get(key);
      if (other !== undefined) {
        report.keyError(at, `has scope and name of ${other}: their datasets would be the same`, 'give it a `scope`');
      }
      owners.set(key, full);
    }
  }
}

function checkWorkflow(workflow: Workflow, at: string, lake: Lake, report: ProblemReport): void {
  const origins = originsOf(workflow);
  if (origins.size === 0) return;
  checkDoubles(workflow, at, report);
  if (workflow.inject !== undefined) {
    const { from, at: storage } = workflow.inject;
    const to = lake.storages.get(storage)?.site;
    if (to !== undefined && from !== to && from !== '' && lake.sites.get(to)?.inbound === false) {
      report.error(
        child(child(at, 'inject'), 'at'),
        `nobody outside ${to} can write to ${storage}`,
        `say \`from: ${to}\``,
      );
    }
  }
  for (const [index, step] of workflow.replicate.entries()) {
    checkRule(step, workflow, origins, child(child(at, 'replicate'), index), lake, report);
  }
  checkTransitions(workflow, at, lake, report);
  const destinations = destinationsOf(workflow, lake);
  for (const [index, access] of workflow.access.entries()) {
    checkAccess(access, new Set([...origins, ...destinations]), child(child(at, 'access'), index), lake, report);
  }
}

function checkDoubles(workflow: Workflow, at: string, report: ProblemReport): void {
  for (const key of ['access', 'uses'] as const) {
    const seen = new Set<string>();
    for (const [index, { name }] of workflow[key].entries()) {
      const place = child(child(at, key), index);
      if (seen.has(name))
        report.error(child(place, 'name'), `a second "${name}" in this workflow`, 'give each its own `name`');
      seen.add(name);
    }
  }
}

/** The storages of an expression that a transfer from the origins can get to. */
function reachable(to: string, origins: ReadonlySet<string>, lake: Lake): { all: string[]; open: string[] } {
  const all = selected(to, lake);
  const open = all.filter(({ name, site }) => lake.sites.get(site)?.inbound !== false || origins.has(name));
  return { all: all.map(({ name }) => name), open: open.map(({ name }) => name) };
}

function checkRule(
  step: ReplicationStep,
  workflow: Workflow,
  origins: ReadonlySet<string>,
  at: string,
  lake: Lake,
  report: ProblemReport,
): void {
  const { all, open } = reachable(step.to, origins, lake);
  if (all.length >= step.copies && open.length < step.copies) {
    const closed = all.filter((name) => !open.includes(name));
    const site = lake.storages.get(closed[0] ?? '')?.site ?? '';
    report.error(child(at, 'to'), `no transfer can get to ${closed.join(', ')}`, `${site} has no inbound path`);
    return;
  }
  if (all.length > 0 && all.every((name) => origins.has(name)) && origins.size === 1) {
    report.warning(child(at, 'to'), `the data is at ${all.join(', ')} already`, 'nothing will be copied');
  }
  if (step.sources !== '') {
    const sources = selected(step.sources, lake).map(({ name }) => name);
    const holders = new Set([...origins, ...destinationsOf(workflow, lake)]);
    if (sources.length > 0 && !sources.some((name) => holders.has(name))) {
      report.warning(
        child(at, 'sources'),
        "none of these storages ever holds the workflow's data",
        'the rule will be stuck',
      );
    }
  }
  if (step.lifetimeSeconds !== undefined && step.atSeconds === undefined && step.lifetimeSeconds < 60) {
    report.warning(child(at, 'lifetime'), `copies that stay only ${formatDuration(step.lifetimeSeconds)}`);
  }
}

function checkTransitions(workflow: Workflow, at: string, lake: Lake, report: ProblemReport): void {
  const steps = [...workflow.transition.entries()].sort(([, a], [, b]) => a.afterSeconds - b.afterSeconds);
  let before: TransitionStep | undefined;
  for (const [index, step] of steps) {
    const place = child(child(at, 'transition'), index);
    const { all, open } = reachable(step.to, originsOf(workflow), lake);
    if (all.length > 0 && open.length === 0) {
      const site = lake.storages.get(all[0] ?? '')?.site ?? '';
      report.error(child(place, 'to'), `no transfer can get to ${all.join(', ')}`, `${site} has no inbound path`);
    }
    const wait = step.afterSeconds - (before?.afterSeconds ?? 0);
    if (before?.lifetimeSeconds !== undefined && before.release && before.lifetimeSeconds < wait) {
      const stays = formatDuration(before.lifetimeSeconds);
      report.warning(
        child(place, 'after'),
        `by then the data is gone: it stays ${stays} where the transition before puts it`,
      );
    }
    if (before !== undefined && before.afterSeconds === step.afterSeconds) {
      report.warning(
        child(place, 'after'),
        'at the same time as another transition',
        'which of them is first is not sure',
      );
    }
    before = step;
  }
}

function checkAccess(
  access: Access,
  holders: ReadonlySet<string>,
  at: string,
  lake: Lake,
  report: ProblemReport,
): void {
  if (access.from !== 'nearest') {
    if (lake.storages.has(access.from) && !holders.has(access.from)) {
      report.warning(child(at, 'from'), `${access.from} never holds the workflow's data`, 'every session will fail');
    }
    const site = lake.storages.get(access.from)?.site;
    if (site !== undefined && site !== access.at && lake.sites.get(site)?.inbound === false) {
      report.error(child(at, 'from'), `nobody outside ${site} can read from ${access.from}`);
    }
  }
  const cache = lake.caches.get(access.through);
  if (cache !== undefined && access.rangeBytes > cache.capacityBytes) {
    report.error(child(child(at, 'reads'), 'ranges'), 'a range is larger than the cache');
  }
}

/** Operations that a scenario plans and files that it finds, at most; reports it where they are more than the limit. */
export function checkPlannedOperations(scenario: Scenario, lake: Lake, report: ProblemReport): number {
  let total = 0;
  let largest = { at: '', operations: 0 };
  const add = (at: string, operations: number): void => {
    total += operations;
    if (operations > largest.operations) largest = { at, operations };
  };
  for (const experiment of scenario.experiments.values()) {
    for (const workflow of experiment.workflows.values()) {
      const at = child(child(child('/experiments', experiment.name), 'workflows'), workflow.name);
      add(at, operationsOf(workflow, scenario.clock.durationSeconds));
    }
  }
  for (const background of scenario.background.values()) {
    const storages = selected(background.between, lake).length;
    const end = Math.min(background.toSeconds, scenario.clock.durationSeconds);
    const rounds = Math.max(0, Math.ceil((end - background.fromSeconds) / background.everySeconds));
    add(child('/background', background.name), rounds * storages * (1 + Math.max(0, storages - 1)));
  }
  if (total > LIMITS.operations) {
    const limit = formatCount(LIMITS.operations);
    report.error(largest.at, `the scenario plans about ${formatCount(total)} operations; the limit is ${limit}`);
  }
  return total;
}

function operationsOf(workflow: Workflow, durationSeconds: number): number {
  const { inject } = workflow;
  const injected = inject === undefined ? 0 : inject.datasets * inject.filesPerDataset;
  const files = workflow.uses.reduce((sum, data) => sum + data.datasets * data.filesPerDataset, injected);
  const copies = workflow.replicate.reduce((sum, step) => sum + step.copies, 0) + workflow.transition.length;
  let reads = 0;
  for (const { schedule, sessions, filesPerSession } of workflow.access) {
    const window = Math.max(0, Math.min(schedule.toSeconds, durationSeconds) - schedule.fromSeconds);
    const intensity = schedule.shape.reduce((sum, part) => sum + part, 0) / schedule.shape.length;
    const count = 'count' in sessions ? sessions.count : sessions.perSecond * window * intensity;
    reads += count * meanOf({ kind: 'uniform', ...filesPerSession });
  }
  return files + files * copies + reads;
}
