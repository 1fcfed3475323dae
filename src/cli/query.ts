// `fdr query RUN SQL`: asks a run by SQL and prints the answer as a table, CSV or JSON.
import { type Command, Option } from 'commander';
import { queryRun, type QueryResult } from '../record/query.ts';
import { openRunFolder } from '../record/run-folder.ts';
import { type CommonOptions, oneOf } from './options.ts';
import { csvLine, jsonCell, tableText } from './query-format.ts';
import { Terminal } from './terminal.ts';

const FORMATS = ['table', 'csv', 'json'] as const;
type Format = (typeof FORMATS)[number];

/** A table is for looking at; whoever wants more rows takes CSV. */
const TABLE_ROWS = 200;

/** A reader that goes away ends the waiting too. */
const ENDS_OF_WAITING = ['drain', 'close', 'error'] as const;

interface QueryOptions extends CommonOptions {
  readonly format?: Format;
}

export function registerQuery(program: Command): void {
  program
    .command('query')
    .description(
      'Ask a run by SQL (DuckDB): the views operations, one row each, and series, one row per minute, subject and measure.',
    )
    .argument('<run>', 'the run folder, as fdr run named it at its end')
    .argument('<sql>', 'a query that reads, such as SELECT, DESCRIBE or SUMMARIZE')
    .addOption(
      new Option('--format <format>', `how the answer is printed: ${FORMATS.join(', ')}`)
        .argParser(oneOf(FORMATS))
        .default(undefined, 'table on a terminal, csv elsewhere'),
    )
    .addHelpText(
      'after',
      `\nExample:\n  fdr query reports/escape-fdr-2020-20201124T000000Z-1a2b3c \\\n    "SELECT source, destination, count(*) AS transfers FROM operations WHERE kind = 'transfer' GROUP BY ALL ORDER BY ALL"`,
    )
    .action(query);
}

async function query(path: string, sql: string, options: QueryOptions): Promise<void> {
  const terminal = new Terminal(options);
  const folder = openRunFolder(path);
  const result = await queryRun(folder, sql);
  try {
    if (folder.summary === undefined) terminal.note(`${path} is a run that did not end: this is what it had recorded`);
    const format = options.json ? 'json' : (options.format ?? (terminal.isInteractive ? 'table' : 'csv'));
    switch (format) {
      case 'table':
        await printTable(terminal, result);
        break;
      case 'csv':
        await printCsv(terminal, result);
        break;
      case 'json':
        await printJson(terminal, result, path);
        break;
    }
  } finally {
    result.close();
  }
}

async function printTable(terminal: Terminal, result: QueryResult): Promise<void> {
  const rows = [];
  let left = 0;
  for await (const some of result.rows()) {
    const wanted = some.slice(0, TABLE_ROWS - rows.length);
    rows.push(...wanted);
    left += some.length - wanted.length;
  }
  terminal.data(tableText(result.columns, rows, terminal.columns));
  if (left > 0) {
    terminal.note(`${left.toLocaleString('en')} more rows; --format csv prints them all`);
  }
}

async function printCsv(terminal: Terminal, result: QueryResult): Promise<void> {
  terminal.data(csvLine(result.columns.map(({ name }) => name)));
  for await (const rows of result.rows()) {
    if (terminal.closed) return;
    terminal.data(rows.map((row) => csvLine(row)).join(''));
    await untilWritten();
  }
}

/** One document, written as the rows come: `{schema, run, columns, rows}`, each row an object by column name. */
async function printJson(terminal: Terminal, result: QueryResult, path: string): Promise<void> {
  const columns = result.columns.map(({ name, type }) => ({ name, type }));
  const head = JSON.stringify({ schema: 'fdr.query/1', run: path, columns });
  terminal.data(`${head.slice(0, -1)},"rows":[`);
  let separator = '\n';
  for await (const rows of result.rows()) {
    if (terminal.closed) return;
    const texts = rows.map((row) => {
      const entries = row.map((cell, index) => [result.columns[index]!.name, jsonCell(cell)]);
      return JSON.stringify(Object.fromEntries(entries));
    });
    terminal.data(separator + texts.join(',\n'));
    separator = ',\n';
    await untilWritten();
  }
  terminal.data('\n]}\n');
}

/** Waits where the reader of stdout is slower than the query, so that the answer does not pile up in memory. */
async function untilWritten(): Promise<void> {
  const { stdout } = process;
  if (!stdout.writableNeedDrain || stdout.destroyed) return;
  await new Promise<void>((done) => {
    const end = (): void => {
      for (const event of ENDS_OF_WAITING) stdout.off(event, end);
      done();
    };
    for (const event of ENDS_OF_WAITING) stdout.on(event, end);
  });
}
