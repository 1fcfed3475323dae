// No figure without its source: every number in the scenarios and lakes that ship is tagged published, derived or assumed.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { untaggedFigures } from './support/figures.ts';

const folder = join(import.meta.dirname, '..', 'scenarios');

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();

const linesOf = (text: string): number[] => untaggedFigures(text).map(({ line }) => line);

describe('the scenarios and lakes that ship', () => {
  it('are found', () => {
    expect(files).toContain('escape-fdr-2020.yaml');
  });

  it.each(files)('%s has a tag for each of its figures', (name) => {
    const untagged = untaggedFigures(readFileSync(join(folder, name), 'utf8'));
    expect(untagged.map(({ line, text }) => `scenarios/${name}:${line}: ${text}`)).toEqual([]);
  });

  it.each(files)('%s loses the check as soon as its tags are taken away', (name) => {
    const text = readFileSync(join(folder, name), 'utf8').replace(/\[(published|derived|assumed):/g, '[');
    expect(untaggedFigures(text).length).toBeGreaterThan(0);
  });
});

describe('the check of tags', () => {
  it('catches an untagged figure and says which', () => {
    expect(untaggedFigures('sites:\n  CERN: { uplink: 100 Gbit/s, at: [46.2, 6] }\n')).toEqual([
      { line: 2, text: 'CERN: { uplink: 100 Gbit/s, at: [46.2, 6] }', figures: ['100', '46.2', '6'] },
    ]);
  });

  it.each(['published: a paper', 'derived: 2 x 3', 'assumed: no source'])(
    'accepts [%s] at the end of the line',
    (tag) => {
      expect(linesOf(`a:\n  size: 50 MB # [${tag}]\n`)).toEqual([]);
    },
  );

  it.each(['[guessed: so]', '[assumed]', '[assumed: ]', 'assumed: no brackets', '[Published: x]'])(
    'does not take %s for a tag',
    (comment) => {
      expect(linesOf(`a:\n  size: 50 MB # ${comment}\n`)).toEqual([2]);
    },
  );

  it('does not take a tag in a value for one', () => {
    expect(linesOf('a:\n  list: ["[assumed: x]", 3]\n')).toEqual([2]);
    expect(linesOf('a:\n  text: "# [assumed: x]"\n  size: 3\n')).toEqual([3]);
  });

  it('accepts a tag in the comment lines directly above', () => {
    expect(linesOf('a:\n  b: x\n  # first line\n  # [assumed: x]\n  # last line\n  size: 50 MB\n')).toEqual([]);
  });

  it('does not accept a tag above another line, or above a line that is indented otherwise', () => {
    expect(linesOf('a:\n  # [assumed: x]\n  - b\nc:\n  size: 50 MB\n')).toEqual([5]);
    expect(linesOf('a:\n  x: y\n  # [assumed: x]\n  b: z\n  size: 50 MB\n')).toEqual([5]);
    expect(linesOf('a:\n  x: y\n# [assumed: x]\n  size: 50 MB\n')).toEqual([4]);
  });

  it('lets the header of a block speak for the block, at its end, above it, or as its first line', () => {
    expect(linesOf('a:\n  b: # [assumed: x]\n    size: 5 MB\n    deep:\n      files: 3\n')).toEqual([]);
    expect(linesOf('a:\n  # [assumed: x]\n  b:\n    size: 5 MB\n')).toEqual([]);
    expect(linesOf('a:\n  b:\n    # [assumed: x]\n    size: 5 MB\n    files: 3\n')).toEqual([]);
    expect(linesOf('a:\n  - to: x # [assumed: x]\n    lifetime: 3d\n  - to: y\n    lifetime: 4d\n')).toEqual([5]);
  });

  it('does not let one tag speak for a whole top-level section', () => {
    expect(linesOf('# [assumed: all]\nstorages:\n  A:\n    read: 1 MB/s\n')).toEqual([4]);
    expect(linesOf('storages: # [assumed: all]\n  A:\n    read: 1 MB/s\n')).toEqual([3]);
    expect(linesOf('storages:\n  # [assumed: all]\n  B: {}\n  A:\n    read: 1 MB/s\n')).toEqual([5]);
  });

  it('lets a top-level section speak for the lines directly in it', () => {
    expect(linesOf('clock:\n  # [assumed: x]\n  start: 2020-01-01T00:00:00Z\n  duration: 1h\n')).toEqual([]);
    expect(linesOf('sites: # [assumed: x]\n  A: { uplink: 1 MB/s }\n  B:\n    uplink: 1 MB/s\n')).toEqual([4]);
  });

  it('does not take names with digits, keys, versions and prose for figures', () => {
    const text = [
      'fdr: 1',
      'fdr-lake: 1',
      'name: 24 hours',
      'description: >-',
      '  30 sites and 5 experiments',
      '',
      '  # 3',
      'a:',
      '  at: EULAKE-1',
      "  url: 'davs://door05.example:8452/x'",
      '  2020: x',
      "  'A1 -> B2': { to: B2 }",
      '  uses: [{ name: 1G-files, at: A1 }]',
      '  # 7 is in a comment',
      '',
    ].join('\n');
    expect(linesOf(text)).toEqual([]);
  });

  it.each(["'>= 95%'", '"<=30min"', '-3', '.5', '1..8', '06:00+1d', '[1, 2]', 'zipf 0.85', 'A1 -> B2, capacity: 10%'])(
    'takes %s for a figure',
    (value) => {
      expect(linesOf(`a:\n  b: { c: ${value} }\n`)).toEqual([2]);
    },
  );
});
