// What is legal and senseless in faults, expectations and options: warnings.
import type { Lake } from '../lake/lake.ts';
import { networkPath } from '../lake/path.ts';
import { child } from '../language/pointer.ts';
import type { ProblemReport } from '../language/report.ts';
import { type Touched, touchedBy } from './holdings.ts';
import type { Expectation, Fault, Scenario } from './scenario.ts';

/** Warns of what will have no effect. `inlineLake`: the lake serves this scenario alone. */
export function checkSense(scenario: Scenario, lake: Lake, report: ProblemReport, inlineLake: boolean): void {
  const touched = touchedBy(scenario, lake);
  for (const [index, fault] of scenario.faults.entries()) {
    warnOfFault(fault, child('/faults', index), touched, report);
    warnOfNoLimit(fault, child('/faults', index), lake, report);
  }
  for (const [index, expectation] of scenario.expectations.entries()) {
    warnOfExpectation(expectation, child('/expect', index), touched, scenario, report);
  }
  if (scenario.simulation.quantumSeconds > 60) {
    report.warning('/simulation/quantum', 'longer than a minute', 'rates will be wrong for most of the transfers');
  }
  if (!inlineLake) return;
  for (const cache of lake.caches.keys()) {
    if (!touched.cache.has(cache)) report.warning(child('/lake/caches', cache), 'nobody reads through this cache');
  }
}

function warnOfFault(fault: Fault, at: string, touched: Touched, report: ProblemReport): void {
  const { target } = fault;
  if (fault.forSeconds === 0) return;
  switch (target.kind) {
    case 'service':
    case 'experiment':
      return;
    case 'link':
      if (!touched.network.has(`${target.from} -> ${target.to}`)) {
        report.warning(
          child(at, 'link'),
          `nothing moves from ${target.from} to ${target.to} on this day`,
          'the fault has no effect',
        );
      }
      return;
    default:
      if (!touched[target.kind].has(target.name)) {
        report.warning(child(at, target.kind), `nothing uses ${target.name} on this day`, 'the fault has no effect');
      }
  }
}

/** A share of what is not limited is not limited either. */
function warnOfNoLimit({ target, effect, forSeconds }: Fault, at: string, lake: Lake, report: ProblemReport): void {
  if (effect.is !== 'capacity' || forSeconds === 0) return;
  const site = target.kind === 'site' ? lake.sites.get(target.name) : undefined;
  const isUnlimited =
    target.kind === 'link'
      ? networkPath(lake, target.from, target.to).capacityBps === Infinity
      : site?.uplinkBps === Infinity && site.downlinkBps === Infinity;
  if (!isUnlimited) return;
  const where = target.kind === 'link' ? `${target.from} -> ${target.to}` : (site?.name ?? '');
  report.warning(child(at, 'capacity'), `${where} has no limit to take a share of`, 'the fault has no effect');
}

function warnOfExpectation(
  expectation: Expectation,
  at: string,
  touched: Touched,
  scenario: Scenario,
  report: ProblemReport,
): void {
  const { per, of, metric } = expectation;
  const noData = 'there will be no data to judge';
  if (per !== 'run' && per !== 'service') {
    for (const [index, name] of of.entries()) {
      const pointer = of.length > 1 ? child(child(at, 'of'), index) : child(at, 'of');
      if (!isTouched(per, name, touched)) report.warning(pointer, `nothing uses ${name} on this day`, noData);
    }
    if (of.length === 0 && touched[per].size === 0) {
      report.warning(child(at, 'per'), `nothing uses a ${per} on this day`, noData);
      return;
    }
  }
  const workflows = [...scenario.experiments.values()].flatMap((experiment) =>
    [...experiment.workflows.values()]
      .filter((workflow) => isJudged(per, of, experiment.name, workflow.name))
      .map((workflow) => workflow),
  );
  const about = `${metric}${expectation.statistic === 'value' ? '' : `.${expectation.statistic}`}`;
  if (
    (metric === 'access-latency' || metric === 'access-rate') &&
    workflows.every(({ access }) => access.length === 0)
  ) {
    report.warning(child(at, about), 'nobody reads anything there', noData);
  }
  const noRules = workflows.every(({ replicate }) => replicate.length === 0);
  if ((metric === 'time-to-data' || metric === 'time-to-first-copy') && noRules) {
    report.warning(child(at, about), 'there is no rule: nothing is replicated', noData);
  }
}

function isJudged(per: string, of: readonly string[], experiment: string, workflow: string): boolean {
  if (of.length === 0) return true;
  return of.includes(per === 'workflow' ? `${experiment}/${workflow}` : experiment);
}

function isTouched(per: keyof Omit<Touched, 'network'>, name: string, touched: Touched): boolean {
  if (per !== 'link' || !name.includes('*')) return touched[per].has(name);
  const [from, to] = name.split(' -> ');
  return [...touched.link].some((link) => {
    const [source, destination] = link.split(' -> ');
    return (from === '*' || from === source) && (to === '*' || to === destination);
  });
}
