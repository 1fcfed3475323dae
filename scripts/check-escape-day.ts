// Checks the summary of the ESCAPE day against the figures published for it: `node bin/node.js scripts/check-escape-day.ts FILE`.
import { readFileSync } from 'node:fs';
import type { Summary } from '../src/record/summary.ts';

const EXPERIMENTS = ['SKA', 'LOFAR', 'CTA', 'MAGIC', 'LSST', 'VIRGO', 'FAIR', 'ATLAS', 'CMS'];

const summary = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Summary;
const problems: string[] = [];

function expectEqual(what: string, measured: unknown, expected: unknown): void {
  if (measured !== expected) problems.push(`${what}: expected ${String(expected)}, got ${String(measured)}`);
}

const search = summary.experiments['SKA']?.workflows['pulsar-search'];
expectEqual('SKA pulsar search, files injected', search?.injectedFiles, 3500);
expectEqual('SKA pulsar search, bytes injected', search?.injectedBytes, 175e9);
expectEqual('SKA pulsar search, bytes copied to EULAKE-1', search?.destinations['EULAKE-1']?.bytes, 175e9);
const pulse = summary.experiments['SKA']?.workflows['single-pulse-search'];
expectEqual('SKA single pulse, files injected', pulse?.injectedFiles, 20);
expectEqual('SKA single pulse, bytes injected', pulse?.injectedBytes, 1e9);
for (const name of EXPERIMENTS) expectEqual(`${name} is in the summary`, name in summary.experiments, true);

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
