// `fdr lake import cric FILE`: makes a lake file from what an information system exports.
import type { Command } from 'commander';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { FdrError } from '../core/errors.ts';
import { formatImportWarning } from '../lake/cric/report.ts';
import { importCric } from '../lake/cric/import-cric.ts';
import { readSiteMapping } from '../lake/cric/site-mapping.ts';
import { readSource } from '../language/source.ts';
import { reasonOfFileError } from './file-errors.ts';
import { existingPath } from './input-file.ts';
import type { CommonOptions } from './options.ts';
import { Terminal } from './terminal.ts';

interface ImportOptions extends CommonOptions {
  readonly mapping?: string;
  readonly output?: string;
  readonly force?: boolean;
}

export function registerLakeImport(program: Command): void {
  const lake = program.command('lake').description('Make a lake file from what others export.');
  lake
    .command('import')
    .description('Make a lake file from an export of an information system.')
    .command('cric')
    .description(
      'Turn a CRIC export of RSEs (JSON) into a commented lake file: what was inferred or assumed says so, ' +
        'and warnings name what to look at.',
    )
    .argument('<file>', 'the export, as /api/doma/rse/query/?json gives it')
    .option('--mapping <file>', 'YAML file from storages or host endings to sites, such as `in2p3.fr: CC-IN2P3`')
    .option('-o, --output <file>', 'lake file to write (default: stdout)')
    .option('--force', 'overwrite the lake file where it is there already')
    .addHelpText('after', '\nExample:\n  fdr lake import cric rses.json --mapping sites.yaml -o lake.yaml')
    .action(importFile);
}

function importFile(file: string, options: ImportOptions): void {
  const terminal = new Terminal(options);
  const source = readSource(existingPath(file, 'file'));
  const mapping =
    options.mapping === undefined ? undefined : readSiteMapping(readSource(existingPath(options.mapping, 'file')));
  const { yaml, warnings, ...counts } = importCric(source, mapping);
  for (const warning of warnings) terminal.note(formatImportWarning(file, warning));
  if (options.output !== undefined) writeLake(options.output, yaml, options.force === true);
  terminal.json({
    schema: 'fdr.lake-import/1',
    file,
    output: options.output ?? null,
    ...counts,
    warnings,
    lake: yaml,
  });
  const done = `${counts.storages} storages with ${counts.protocols} protocols at ${counts.sites} sites`;
  if (options.output !== undefined) terminal.result(`${options.output}: ${done}`);
  else if (!options.json) terminal.data(yaml);
}

/** Writes the whole file or none of it, and never over one that is there unless told to. */
function writeLake(path: string, text: string, force: boolean): void {
  if (!force && existsSync(path)) {
    throw new FdrError('file-exists', `${path} is there already`, { hint: 'Choose another name, or give --force.' });
  }
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, text, { flag: 'wx' });
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    const reason = reasonOfFileError(error);
    if (reason === undefined) throw error;
    throw new FdrError('path-not-usable', `${path} cannot be written: ${reason}`, {
      hint: 'Choose another place with -o.',
      cause: error,
    });
  }
}
