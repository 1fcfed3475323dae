// What is made from the schemas of the two languages: JSON Schemas for editors and the reference for people.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { formatCount, formatDuration, QUANTITY_NOUNS, type QUANTITY_PATTERNS } from '../src/core/units.ts';
import { lakeSchema } from '../src/lake/schema.ts';
import { describeLanguage } from '../src/language/describe.ts';
import { LIMITS } from '../src/language/limits.ts';
import { publishedSchema } from '../src/language/publish.ts';
import { NAME_RULE } from '../src/language/schema-parts.ts';
import { scenarioSchema } from '../src/scenario/schema.ts';

const NOTE = '<!-- Made by scripts/write-schemas.ts from the schemas. Change those, not this file. -->';

/** The generated files by path, as they must stand in the project. */
export async function publishedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>([
    ['schema/lake.schema.json', JSON.stringify(publishedSchema(lakeSchema))],
    ['schema/scenario.schema.json', JSON.stringify(publishedSchema(scenarioSchema))],
    ['docs/reference/lake.md', await page('lake', lakeSchema)],
    ['docs/reference/scenario.md', await page('scenario', scenarioSchema)],
    ['docs/reference/languages.md', await languagesPage()],
  ]);
  const options = (await resolveConfig(inProject('package.json'))) ?? {};
  for (const [path, text] of files) files.set(path, await format(text, { ...options, filepath: path }));
  return files;
}

export function inProject(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

async function page(language: 'lake' | 'scenario', schema: object): Promise<string> {
  const prose = await readFile(inProject(`scripts/reference/${language}.md`), 'utf8');
  const example = await readFile(inProject(`docs/reference/every-key.${language}.yaml`), 'utf8');
  return [NOTE, prose, describeLanguage(schema), '## All in one file', fenced('yaml', example)].join('\n\n');
}

async function languagesPage(): Promise<string> {
  const prose = await readFile(inProject('scripts/reference/languages.md'), 'utf8');
  const filled = prose
    .replace('<!-- quantities -->', quantityTable())
    .replace('<!-- limits -->', limitTable())
    .replace('<!-- names -->', NAME_RULE);
  return [NOTE, filled].join('\n\n');
}

function quantityTable(): string {
  const units: Readonly<Record<keyof typeof QUANTITY_PATTERNS, string>> = {
    bytes: '`B kB MB GB TB PB EB` (1000), `KiB MiB GiB TiB PiB EiB` (1024)',
    rate: 'size per time, in bits `bit/s` (also `b/s`, `bps`) or bytes `B/s`, with the same prefixes; also `/min`, `/h`, `/d`',
    duration: '`us ms s min h d w`; `m` is `min`; several in a row, largest first',
    share: '`%`, 0% to 100%',
    'time-of-day': 'hours and minutes, also seconds; `+1d` is the day after',
    'event-rate': '`/s /min /h /d`',
    'money-per-byte': 'amount, currency (ISO 4217), per size',
    moment: 'a time of day, or a duration',
  };
  const rows = Object.entries(QUANTITY_NOUNS).map(([kind, { noun, examples }]) => {
    const shown = examples.map((example) => `\`${example}\``).join(', ');
    return `| ${noun.replace(/^an? /, '')} | ${shown} | ${units[kind as keyof typeof units]} |`;
  });
  return ['| quantity | for example | units |', '| --- | --- | --- |', ...rows].join('\n');
}

function limitTable(): string {
  const words: Readonly<Record<keyof typeof LIMITS, string>> = {
    fileBytes: 'size of a file',
    nesting: 'mappings and lists inside each other',
    values: 'values in a file, aliases expanded',
    pieces: 'words, signs, spaces and line ends in a file',
    textLength: 'characters of one text',
    nameLength: 'characters of a name',
    sites: 'sites',
    storages: 'storages',
    caches: 'caches',
    links: 'links of the network, distances',
    experiments: 'experiments',
    workflows: 'workflows of an experiment',
    background: 'background activities',
    faults: 'faults',
    expectations: 'expectations',
    steps: 'steps of one kind in a workflow',
    durationSeconds: 'length of the clock',
    datasets: 'datasets of a workflow',
    filesPerDataset: 'files of a dataset',
    operations: 'operations planned in all',
  };
  const rows = Object.entries(LIMITS).map(([key, value]) => {
    const shown = key === 'fileBytes' ? '5 MB' : key === 'durationSeconds' ? formatDuration(value) : formatCount(value);
    return `| ${words[key as keyof typeof words]} | ${shown} |`;
  });
  return ['| limit | most |', '| --- | --- |', ...rows].join('\n');
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}
