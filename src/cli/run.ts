// `fdr run FILE`: rehearses a scenario, judges it and writes the report.
import type { Command } from 'commander';
import { addOutOption, addScenarioOptions } from './options.ts';

export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('Rehearse a scenario: simulate its day, judge its expectations and write the report.')
    .argument('<file>', 'scenario file');
  addScenarioOptions(command);
  addOutOption(command)
    .option('--junit <file>', 'also write the expectations as JUnit XML to this file')
    .addHelpText('after', '\nExample:\n  fdr run scenarios/escape-fdr-2020.yaml --seed 7 --set clock.duration=6h');
}
