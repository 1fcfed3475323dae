// The plan as one JSON document: totals, volumes by part of the day, run sheets.
import type { CheckedScenario } from '../scenario/scenario.ts';
import { DayClock } from './day-clock.ts';
import type { Feasibility } from './feasibility.ts';
import { overviewOf, type Volume } from './overview.ts';
import type { Plan } from './plan.ts';
import type { RunSheet } from './run-sheet.ts';
import { regrid } from './time-grid.ts';

export function planDocument(
  { scenario, lake }: CheckedScenario,
  plan: Plan,
  { demand, periods, verdict }: Feasibility,
  sheets: readonly RunSheet[],
): object {
  const overview = overviewOf(demand);
  const clock = new DayClock(scenario.clock.start);
  const byPeriod = (values: Float64Array): number[] => [...regrid(values, overview.bins, periods)];
  const volume = ({ name, bytes, files, totalBytes, totalFiles }: Volume): object => ({
    name,
    bytes: totalBytes,
    files: totalFiles,
    bytesByPeriod: byPeriod(bytes),
    filesByPeriod: byPeriod(files),
  });
  return {
    schema: 'fdr.plan/1',
    scenario: scenario.name,
    lake: lake.name,
    seed: scenario.seed,
    clock: { start: scenario.clock.start.toISOString(), durationSeconds: plan.durationSeconds },
    feasibility: verdict,
    periodSeconds: periods.stepSeconds,
    activities: overview.activities.map((activity) => ({
      experiment: activity.process.experiment,
      workflow: activity.process.workflow,
      totals: plan.totals.get(activity.process.index),
      injectedBytes: byPeriod(activity.injectedBytes),
      injectedFiles: byPeriod(activity.injectedFiles),
      toCopyBytes: byPeriod(activity.copiedBytes),
      rules: byPeriod(activity.rules),
      transitions: byPeriod(activity.transitions),
      sessions: byPeriod(activity.sessions),
      toReadBytes: byPeriod(activity.readBytes),
    })),
    sites: overview.sites.map((site) => ({
      site: site.site,
      in: volume(site.in),
      out: volume(site.out),
      within: volume(site.within),
    })),
    network: overview.sitePairs.map(volume),
    links: overview.links.map(volume),
    faults: scenario.faults.map(({ text, atSeconds, forSeconds, declared }) => ({
      text,
      atSeconds,
      forSeconds,
      declared,
    })),
    sheets: sheets.map((sheet) => ({
      ...sheet,
      entries: sheet.entries.map((entry) => ({
        ...entry,
        start: clock.moment(entry.fromSeconds).toISOString(),
        end: clock.moment(entry.toSeconds).toISOString(),
      })),
    })),
  };
}
