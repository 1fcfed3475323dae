// `fdr report RUN`: makes the reports of a run again, from its folder alone.
import type { Command } from 'commander';
import { writeReports } from '../report/write-reports.ts';
import type { CommonOptions } from './options.ts';
import { Terminal } from './terminal.ts';

export function registerReport(program: Command): void {
  program
    .command('report')
    .description(
      'Make the reports of a run again, from its folder alone: report.html, report.md, report.json and junit.xml.',
    )
    .argument('<run>', 'the run folder, as fdr run named it at its end')
    .addHelpText('after', '\nExample:\n  fdr report reports/escape-fdr-2020-20201124T000000-1a2b3c')
    .action(makeReports);
}

async function makeReports(folder: string, options: CommonOptions): Promise<void> {
  const terminal = new Terminal(options);
  const paths = await writeReports(folder);
  terminal.json({ schema: 'fdr.reports/1', run: folder, ...paths });
  terminal.result(Object.values(paths).join('\n'));
}
