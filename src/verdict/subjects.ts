// The subjects an expectation speaks of, in the order of the lake and the scenario.
import type { SubjectKind } from '../core/sink.ts';
import { SERVICE_NAMES } from '../lake/lake.ts';
import type { RunAggregate } from '../record/aggregate.ts';
import type { CheckedScenario, ExpectationSubject } from '../scenario/scenario.ts';

/** Sites, storages, experiments and so on that the run knows, in the order of the lake or scenario, then by name. */
export function subjectsInOrder(
  checked: CheckedScenario,
  aggregate: RunAggregate,
  per: Exclude<ExpectationSubject, 'run'>,
): string[] {
  const recorded = aggregate.subjects(per satisfies SubjectKind);
  // A site's availability is its storages', a tape's queue its storage's: such subjects need no series of their own.
  const known = per === 'site' || per === 'storage' ? namesOf(checked, per) : [];
  const present = new Set([...recorded, ...known]);
  const ranks = ranksOf(checked, per, [...present]);
  const rank = (name: string): number => ranks.get(name) ?? Infinity;
  return [...present].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    if (first !== second) return first < second ? -1 : 1;
    return a < b ? -1 : 1;
  });
}

function namesOf({ lake, scenario }: CheckedScenario, per: ExpectationSubject): string[] {
  switch (per) {
    case 'site':
      return [...lake.sites.keys()];
    case 'storage':
      return [...lake.storages.keys()];
    case 'cache':
      return [...lake.caches.keys()];
    case 'service':
      return [...SERVICE_NAMES];
    case 'experiment':
      return [...scenario.experiments.keys()];
    case 'workflow':
      return [...scenario.experiments.values()].flatMap((experiment) =>
        [...experiment.workflows.keys()].map((workflow) => `${experiment.name}/${workflow}`),
      );
    case 'link':
    case 'run':
      return [];
  }
}

function ranksOf(checked: CheckedScenario, per: ExpectationSubject, present: readonly string[]): Map<string, number> {
  const ranks = new Map(namesOf(checked, per === 'link' ? 'storage' : per).map((name, index) => [name, index]));
  if (per !== 'link') return ranks;
  // Links are ordered by their source, then by their destination.
  const linkRanks = new Map<string, number>();
  for (const link of present) {
    const [from = '', to = ''] = link.split(' -> ');
    const [source, destination] = [ranks.get(from), ranks.get(to)];
    if (source !== undefined && destination !== undefined) linkRanks.set(link, source * ranks.size + destination);
  }
  return linkRanks;
}
