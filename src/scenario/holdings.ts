// Which storages, sites and caches a scenario touches: what there is sense in breaking or judging.
import type { Lake, Storage } from '../lake/lake.ts';
import { parseRseExpression, RseExpressionError, selectStorages } from '../lake/rse-expression.ts';
import type { Access, Scenario, Workflow } from './scenario.ts';

/** The storages of the lake that an expression selects; none where it cannot be read. */
export function selected(expression: string, lake: Lake): Storage[] {
  try {
    const names = selectStorages(parseRseExpression(expression), lake.storages.values());
    return names.flatMap((name) => lake.storages.get(name) ?? []);
  } catch (error) {
    // Reported where the expression stands.
    if (error instanceof RseExpressionError) return [];
    throw error;
  }
}

/** Where a workflow's data is before anything is copied. */
export function originsOf(workflow: Workflow): Set<string> {
  const origins = new Set(workflow.uses.map(({ at }) => at));
  if (workflow.inject !== undefined) origins.add(workflow.inject.at);
  return origins;
}

/** Where a workflow's data may come to lie by its rules and transitions. */
export function destinationsOf(workflow: Workflow, lake: Lake): Set<string> {
  const steps = [...workflow.replicate, ...workflow.transition];
  return new Set(steps.flatMap(({ to }) => selected(to, lake)).map(({ name }) => name));
}

/** What a scenario touches, by kind and name; links are `from -> to`, of storages and of sites. */
export interface Touched {
  readonly storage: Set<string>;
  readonly site: Set<string>;
  readonly cache: Set<string>;
  readonly experiment: Set<string>;
  readonly workflow: Set<string>;
  /** Of storages. */
  readonly link: Set<string>;
  /** Ordered pairs of sites between which anything may move. */
  readonly network: Set<string>;
}

/** Beyond so many pairs of storages, links are not told apart: then everything counts as touched. */
const MOST_PAIRS = 200_000;

export function touchedBy(scenario: Scenario, lake: Lake): Touched {
  const touched: Touched = {
    storage: new Set(),
    site: new Set(),
    cache: new Set(),
    experiment: new Set(scenario.experiments.keys()),
    workflow: new Set(),
    link: new Set(),
    network: new Set(),
  };
  for (const experiment of scenario.experiments.values()) {
    for (const workflow of experiment.workflows.values()) {
      touched.workflow.add(`${experiment.name}/${workflow.name}`);
      touchWorkflow(workflow, lake, touched);
    }
  }
  for (const background of scenario.background.values()) {
    const storages = selected(background.between, lake).map(({ name }) => name);
    touchLinks(storages, storages, lake, touched);
  }
  for (const name of touched.storage) {
    const site = lake.storages.get(name)?.site;
    if (site !== undefined) touched.site.add(site);
  }
  return touched;
}

function touchWorkflow(workflow: Workflow, lake: Lake, touched: Touched): void {
  const origins = originsOf(workflow);
  const destinations = destinationsOf(workflow, lake);
  const holders = [...new Set([...origins, ...destinations])];
  for (const name of holders) touched.storage.add(name);
  // A copy may come from any other: which one is chosen, the catalogue decides on the day.
  touchLinks(holders, [...destinations], lake, touched);
  if (workflow.inject !== undefined) {
    const { from, at } = workflow.inject;
    touchNetwork(from, lake.storages.get(at)?.site, touched);
  }
  for (const access of workflow.access) touchAccess(access, holders, lake, touched);
}

function touchAccess(access: Access, holders: readonly string[], lake: Lake, touched: Touched): void {
  if (access.through !== '') touched.cache.add(access.through);
  const reader = lake.caches.get(access.through)?.site ?? access.at;
  touched.site.add(access.at);
  touched.site.add(reader);
  touchNetwork(reader, access.at, touched);
  for (const name of access.from === 'nearest' ? holders : [access.from]) {
    touched.storage.add(name);
    touchNetwork(lake.storages.get(name)?.site, reader, touched);
  }
}

function touchLinks(from: readonly string[], to: readonly string[], lake: Lake, touched: Touched): void {
  for (const name of [...from, ...to]) touched.storage.add(name);
  if (touched.link.size + from.length * to.length > MOST_PAIRS) return;
  for (const source of from) {
    for (const destination of to) {
      if (source === destination) continue;
      touched.link.add(`${source} -> ${destination}`);
      touchNetwork(lake.storages.get(source)?.site, lake.storages.get(destination)?.site, touched);
    }
  }
}

function touchNetwork(from: string | undefined, to: string | undefined, touched: Touched): void {
  if (from === undefined || to === undefined || from === '' || to === '') return;
  touched.site.add(from);
  touched.site.add(to);
  if (from !== to) touched.network.add(`${from} -> ${to}`);
}
