// `fdr lake import cric` as a user meets it: the lake on stdout or in a file, warnings beside it, and no file without being asked.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fdr, temporaryFolder } from '../support/fdr.ts';

const EXPORT = 'src/lake/cric/test-data/cric-rse-escape-2020-09.json';
const IMPORT = ['lake', 'import', 'cric'];

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

describe('fdr lake import cric', () => {
  it('puts the lake on stdout and the warnings on stderr', async () => {
    const { code, stdout, stderr } = await fdr([...IMPORT, EXPORT]);
    expect(code).toBe(0);
    expect(Object.keys((parse(stdout) as { storages: object }).storages)).toHaveLength(14);
    expect(stderr.trim().split('\n')).toHaveLength(4);
    expect(stderr).toContain(`${EXPORT}:152 CNAF_CMS_TEMP: site-not-inferred: has no site`);
  });

  it('names the file that cannot be written, as it was given', async () => {
    const output = join(folder.path, 'no-folder', 'lake.yaml');
    const { code, stderr } = await fdr([...IMPORT, EXPORT, '-o', output, '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `${output} cannot be written: there is no such file or folder\nChoose another place with -o.\n`,
    );
  });

  it('writes a file, says so, and does not write over it unless told to', async () => {
    const output = join(folder.path, 'lake.yaml');
    const first = await fdr([...IMPORT, EXPORT, '-o', output]);
    expect(first).toMatchObject({ code: 0, stdout: `${output}: 14 storages with 28 protocols at 10 sites\n` });
    const lake = readFileSync(output, 'utf8');

    writeFileSync(output, 'mine');
    const second = await fdr([...IMPORT, EXPORT, '-o', output, '--quiet']);
    expect(second.code).toBe(2);
    expect(second.stderr).toBe(`${output} is there already\nChoose another name, or give --force.\n`);
    expect(readFileSync(output, 'utf8')).toBe('mine');

    expect((await fdr([...IMPORT, EXPORT, '-o', output, '--force'])).code).toBe(0);
    expect(readFileSync(output, 'utf8')).toBe(lake);
  });

  it('takes sites from a mapping file', async () => {
    const mapping = join(folder.path, 'sites.yaml');
    writeFileSync(mapping, 'CNAF_CMS_TEMP: CNAF\n');
    const { code, stdout, stderr } = await fdr([...IMPORT, EXPORT, '--mapping', mapping, '--json']);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as { schema: string; sites: number; warnings: unknown[]; lake: string };
    expect(result).toMatchObject({
      schema: 'fdr.lake-import/1',
      file: EXPORT,
      output: null,
      sites: 9,
      storages: 14,
      protocols: 28,
    });
    expect(result.lake).toContain('    site: CNAF # ');
    expect(result.warnings).toHaveLength(2);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  it('an imported lake passes fdr check', async () => {
    const output = join(folder.path, 'checked.yaml');
    await fdr([...IMPORT, EXPORT, '-o', output]);
    expect(await fdr(['check', output])).toMatchObject({ code: 0 });
  });

  it.each([
    ['a login page', '<html><title>Sign in</title>', 'is a web page ("Sign in") and not JSON'],
    ['half a download', '{"A": {"protocols": ', 'ends in the middle: the JSON is cut off'],
    ['nothing', '', 'is empty'],
  ])('%s: one line, exit code 2, and no file', async (name, text, message) => {
    const place = join(folder.path, name);
    mkdirSync(place);
    writeFileSync(join(place, 'rses.json'), text);
    const { code, stdout, stderr } = await fdr([...IMPORT, join(place, 'rses.json'), '-o', join(place, 'lake.yaml')]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
    expect(readdirSync(place)).toEqual(['rses.json']);
  });

  it('a folder that is not there is named, and nothing is left behind', async () => {
    const { code, stderr } = await fdr([...IMPORT, EXPORT, '-o', join(folder.path, 'none/lake.yaml'), '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no such file or folder');
  });

  it('a file that is not there is answered with the one that was meant', async () => {
    const { code, stderr } = await fdr([...IMPORT, EXPORT.replace('09', '90')]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `${EXPORT.replace('09', '90')}: there is no such file; did you mean ${EXPORT}?\n`,
    });
  });
});
