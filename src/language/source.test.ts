import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ProblemsError } from '../core/problem.ts';
import { readSource } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'fdr-source-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What is said of a file, without the folder it lies in. */
function complaint(path: string): string {
  try {
    readSource(path);
  } catch (error) {
    if (error instanceof ProblemsError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  return 'read';
}

describe('reading a file', () => {
  it('drops a UTF-8 byte-order mark', () => {
    expect(readSource(file('bom.yaml', '\ufefffdr: 1\n')).text).toBe('fdr: 1\n');
  });

  it('names its bytes by their SHA-256', () => {
    // Of "abc": FIPS 180-2, appendix B.1.
    expect(readSource(file('abc.yaml', 'abc')).sha256).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('says that a file is missing', () => {
    expect(complaint(join(folder, 'nowhere.yaml'))).toBe('nowhere.yaml: no such file');
    expect(complaint(join(file('abc.yaml', 'abc'), 'below.yaml'))).toBe('abc.yaml/below.yaml: no such file');
  });

  it('says that a directory is no file', () => {
    expect(complaint(folder)).toContain('is a directory; name the YAML file in it');
  });

  it('says that a symbolic link leads to itself', () => {
    symlinkSync('loop.yaml', join(folder, 'loop.yaml'));
    expect(complaint(join(folder, 'loop.yaml'))).toBe('loop.yaml: is a symbolic link to itself');
  });

  it.skipIf(process.getuid?.() === 0)('says that a file may not be read', () => {
    const path = file('secret.yaml', 'fdr: 1\n');
    chmodSync(path, 0);
    expect(complaint(path)).toBe('secret.yaml: may not be read (permission denied)');
  });

  it('refuses a file of more than 5 MB without reading it as YAML', () => {
    expect(complaint(file('large.yaml', 'x'.repeat(5_000_001)))).toBe(
      'large.yaml: is larger than 5 MB, the most that is read',
    );
    expect(complaint(file('just.yaml', 'x'.repeat(5_000_000)))).toBe('read');
  });

  it('does not read on and on where there is no end', () => {
    expect(complaint('/dev/zero')).toBe('/dev/zero: is larger than 5 MB, the most that is read');
  });

  it('points at the first byte that is not UTF-8, and at the first control character', () => {
    expect(complaint(file('latin.yaml', Buffer.from('a: 1\nb: é\n', 'latin1')))).toBe(
      'latin.yaml:2:4: bytes that are not UTF-8; save the file as UTF-8',
    );
    expect(complaint(file('cut.yaml', Buffer.from('a: é').subarray(0, 4)))).toBe(
      'cut.yaml:1:4: bytes that are not UTF-8; save the file as UTF-8',
    );
    expect(complaint(file('nul.yaml', 'a: 1\nb: \u0000\n'))).toBe(
      'nul.yaml:2:4: a control character (U+0000); remove it; is this a text file?',
    );
  });
});
