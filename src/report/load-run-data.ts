// Loads what the reports are made from out of a run folder.
import { join } from 'node:path';
import { readSeries } from '../record/read-series.ts';
import type { FinishedRunFolder } from '../record/run-folder.ts';
import { findings } from '../verdict/findings.ts';
import { loadScenario } from '../scenario/load.ts';
import { chooseBins } from './bins.ts';
import { checkSummary } from './check-summary.ts';
import { readOperationFigures } from './operation-figures.ts';
import type { RunData } from './run-data.ts';

/** Scenario and lake are read as they were run. Throws an `FdrError` where a file of the folder is not readable. */
export async function loadRunData(folder: FinishedRunFolder): Promise<RunData> {
  const { summary } = folder;
  checkSummary(summary, join(folder.path, 'summary.json'));
  const { checked } = loadScenario(join(folder.path, 'scenario.yaml'), { set: ['lake=lake.yaml'] });
  const series = await readSeries(folder.seriesFile, summary.clock.durationSeconds);
  return {
    summary,
    series,
    scenario: checked.scenario,
    lake: checked.lake,
    findings: findings(summary, checked),
    operations: await readOperationFigures(
      folder.operationFiles,
      summary.clock.start,
      chooseBins(summary.clock.durationSeconds),
    ),
  };
}
