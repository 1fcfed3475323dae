// Holds the direction of imports: which folder of src/ may know which, and that core stays free of any machine.
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { join } from 'node:path/posix';
import { filesUnder } from './support/sources.ts';

/** What each folder may import besides itself and core. Types count as much as values. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  workload: [],
  language: [],
  lake: ['language'],
  scenario: ['language', 'lake', 'workload'],
  plan: ['scenario', 'lake', 'workload'],
  catalogue: ['plan', 'scenario', 'lake', 'workload'],
  transfers: ['plan', 'scenario', 'lake', 'workload'],
  simulator: ['catalogue', 'transfers', 'plan', 'scenario', 'lake', 'workload'],
  record: ['plan', 'scenario', 'lake'],
  verdict: ['record', 'plan', 'scenario', 'lake'],
  report: ['verdict', 'record', 'plan', 'scenario', 'lake'],
  cli: [
    'report',
    'verdict',
    'record',
    'simulator',
    'catalogue',
    'transfers',
    'plan',
    'scenario',
    'lake',
    'language',
    'workload',
  ],
};

interface Imports {
  /** Every file or package that a source imports, loads by import(), or re-exports from. */
  readonly all: string[];
  /** Those whose code runs before the source's own: neither types nor import(). */
  readonly first: string[];
}

function importsOf(path: string, text: string): Imports {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const withCode = module.staticImports.filter(
    ({ entries }) => entries.length === 0 || entries.some((one) => !one.isType),
  );
  const first = withCode.map((entry) => entry.moduleRequest.value);
  const all = [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) =>
      entry.entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => text.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ];
  const folder = path.slice(0, path.lastIndexOf('/'));
  const resolved = (target: string): string => (target.startsWith('.') ? join(folder, target) : target);
  return { all: all.map(resolved), first: first.map(resolved) };
}

const imports = filesUnder('src', ['.ts']).map(({ path, text }) => [path, importsOf(path, text)] as const);
const graph = new Map(imports.map(([path, { all }]) => [path, all]));
const loadedFirst = new Map(imports.map(([path, { first }]) => [path, first]));

function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

describe('the direction of imports', () => {
  it('every folder of src/ is one that the rule knows', () => {
    expect([...new Set([...graph.keys()].map(roomOf))].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  });

  it('a folder imports only from those before it', () => {
    const wrong: string[] = [];
    for (const [path, targets] of graph) {
      // Tests may bring together what the sources must not.
      if (path.endsWith('.test.ts')) continue;
      const from = roomOf(path);
      for (const target of targets.filter((candidate) => candidate.startsWith('src/'))) {
        const to = roomOf(target);
        if (to !== from && to !== 'core' && !(MAY_IMPORT[from] ?? []).includes(to)) wrong.push(`${path} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('core, workload, plan, catalogue, transfers, simulator and verdict touch no machine: they import no node: module', () => {
    const pure = new Set(['core', 'workload', 'plan', 'catalogue', 'transfers', 'simulator', 'verdict']);
    const wrong = [...graph]
      .filter(([path]) => pure.has(roomOf(path)) && !path.endsWith('.test.ts'))
      .flatMap(([path, targets]) =>
        targets.filter((target) => target.startsWith('node:')).map((t) => `${path} -> ${t}`),
      );
    expect(wrong).toEqual([]);
  });

  it('no file imports itself by way of others', () => {
    expect(cycles(loadedFirst)).toEqual([]);
  });

  it('a file that is imported exists', () => {
    const missing = [...graph].flatMap(([path, targets]) =>
      targets
        .filter((target) => target.startsWith('src/') && target.endsWith('.ts') && !graph.has(target))
        .map((t) => `${path} -> ${t}`),
    );
    expect(missing).toEqual([]);
  });
});

/** The cycles of a graph, each as `a -> b -> a`, found by depth-first search. */
function cycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (node: string): void => {
    const start = trail.indexOf(node);
    if (start >= 0) {
      found.push([...trail.slice(start), node].join(' -> '));
      return;
    }
    if (done.has(node)) return;
    trail.push(node);
    for (const target of edges.get(node) ?? []) if (edges.has(target)) visit(target);
    trail.pop();
    done.add(node);
  };
  for (const node of edges.keys()) visit(node);
  return found;
}
