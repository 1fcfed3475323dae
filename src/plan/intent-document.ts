// One intent as JSON for people and scripts: names in place of numbers.
import type { CheckedScenario } from '../scenario/scenario.ts';
import { DayClock } from './day-clock.ts';
import { datasetName, type Intent, type Plan } from './plan.ts';

export function intentDocument(intent: Intent, plan: Plan, { scenario }: CheckedScenario): object {
  const at = new DayClock(scenario.clock.start).moment(intent.atSeconds).toISOString();
  const common = { at, atSeconds: intent.atSeconds, kind: intent.kind };
  if (intent.kind === 'fault') return { ...common, phase: intent.phase, fault: intent.fault.text };
  const process = plan.processes[intent.process]!;
  const who = { ...common, experiment: process.experiment, workflow: process.workflow };
  switch (intent.kind) {
    case 'inject': {
      const { file, files, sizeBytes, storage, last } = intent;
      return { ...who, dataset: datasetName(process, intent.dataset), file, files, sizeBytes, storage, last };
    }
    case 'replicate': {
      const { to, copies, lifetimeSeconds, priority } = intent.step;
      return {
        ...who,
        dataset: datasetName(process, intent.dataset),
        to,
        copies,
        lifetimeSeconds: lifetimeSeconds ?? null,
        priority,
      };
    }
    case 'transition':
      return {
        ...who,
        dataset: datasetName(process, intent.dataset),
        to: intent.step.to,
        release: intent.step.release,
      };
    case 'access':
      return {
        ...who,
        access: intent.access.name,
        session: intent.session,
        site: intent.access.at,
        through: intent.access.through,
      };
  }
}
