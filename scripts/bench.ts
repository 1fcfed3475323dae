// Prints how long simulated days take and how much memory they need: `npm run bench`. Figures to read, not a test.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Case {
  readonly name: string;
  readonly file: string;
  readonly set: readonly string[];
}

const SCALE = 'scripts/bench/scale.yaml';
const DATASETS = 'experiments.MANY.workflows.copies.inject.datasets.count';

const CASES: readonly Case[] = [
  { name: 'a minute on a laptop', file: 'scenarios/laptop.yaml', set: [] },
  { name: 'the ESCAPE day', file: 'scenarios/escape-fdr-2020.yaml', set: [] },
  { name: '100,000 transfers', file: SCALE, set: [`${DATASETS}=100`] },
  { name: '1,000,000 transfers', file: SCALE, set: [`${DATASETS}=1000`] },
];

interface Measured {
  readonly operations: number;
  readonly events: number;
  readonly wholeSeconds: number;
  /** Of the whole. */
  readonly recordingSeconds: number;
  readonly peakResidentBytes: number;
}

/** One case in a process of its own, so that peaks of memory do not mix. */
function measure({ file, set }: Case): Measured {
  const program = fileURLToPath(new URL('./bench/measure.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, file, ...set], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file}: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

const HEADER = ['day', 'operations', 'events', 'simulated s', 'recorded s', 'events/s', 'peak MB'];
const rows = CASES.map((one) => {
  const { operations, events, wholeSeconds, recordingSeconds, peakResidentBytes } = measure(one);
  return [
    one.name,
    operations.toLocaleString('en'),
    events.toLocaleString('en'),
    (wholeSeconds - recordingSeconds).toFixed(2),
    recordingSeconds.toFixed(2),
    Math.round(events / wholeSeconds).toLocaleString('en'),
    Math.round(peakResidentBytes / 1e6).toLocaleString('en'),
  ];
});
const widths = HEADER.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
for (const row of [HEADER, ...rows]) {
  const cells = row.map((cell, column) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
  );
  process.stdout.write(`${cells.join('  ')}\n`);
}
