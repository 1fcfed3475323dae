// The files made from the languages' schemas are current, and say what the programs check.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inProject, publishedFiles } from '../scripts/published-files.ts';
import { parseMoment, parseMoneyPerByte, parseQuantity, QUANTITY_KINDS, QUANTITY_PATTERNS } from '../src/core/units.ts';

const files = await publishedFiles();

describe('the published schemas and the language reference', () => {
  it.each([...files.keys()])('%s is what scripts/write-schemas.ts writes', (path) => {
    expect(readFileSync(inProject(path), 'utf8')).toBe(files.get(path));
  });

  it.each(['lake', 'scenario'])('any JSON Schema validator accepts the file with every key of a %s', (language) => {
    const schema = JSON.parse(files.get(`schema/${language}.schema.json`) ?? '') as object;
    const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(schema);
    validate(parse(readFileSync(inProject(`docs/reference/every-key.${language}.yaml`), 'utf8'), { merge: true }));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(['lake', 'scenario'])('every key of a %s has a description', (language) => {
    const silent: string[] = [];
    const walk = (schema: Record<string, unknown>, path: string): void => {
      const { properties = {}, items, additionalProperties } = schema as Record<string, Record<string, unknown>>;
      for (const [key, value] of Object.entries(properties) as [string, Record<string, unknown>][]) {
        if (typeof value['description'] !== 'string' || value['description'].length < 4) silent.push(`${path}.${key}`);
        walk(value, `${path}.${key}`);
      }
      for (const inner of [items, additionalProperties]) if (typeof inner === 'object') walk(inner, `${path}.*`);
    };
    walk(JSON.parse(files.get(`schema/${language}.schema.json`) ?? '') as Record<string, unknown>, '');
    expect(silent).toEqual([]);
  });

  it('every key of the reference by example stands in the reference in words', () => {
    for (const language of ['lake', 'scenario']) {
      const page = files.get(`docs/reference/${language}.md`) ?? '';
      const example = readFileSync(inProject(`docs/reference/every-key.${language}.yaml`), 'utf8');
      const keys = [...example.matchAll(/^ +([a-z][a-z-]+):(?= |$)/gm)].map((match) => match[1] ?? '');
      const names = new Set(['pulsar-search', 'noise', 'davs', 'root', 'sdc1']);
      expect(keys.filter((key) => !page.includes(`\`${key}\``) && !names.has(key))).toEqual([]);
    }
  });

  it('the pattern of a quantity accepts exactly the texts that are read, but for what is too large', () => {
    const texts = fc.oneof(
      fc.stringMatching(/^[0-9]{1,3}(\.[0-9]{1,2})? ?[kMGTKim]{0,2}[bBist]{0,3}(\/[smhd])?$/),
      fc.stringMatching(/^([0-9]{1,2}(w|d|h|min|m|s|ms|us) ?){1,3}$/),
      fc.stringMatching(/^[0-9]{1,2}:[0-9]{2}(\+1d)?$/),
      fc.stringMatching(/^[0-9]{1,2}(%| %|\/h|\/min)$/),
    );
    const isRead = (read: () => unknown): boolean => {
      try {
        read();
        return true;
      } catch (error) {
        return String(error).includes('too large');
      }
    };
    fc.assert(
      fc.property(texts, (text) => {
        for (const kind of QUANTITY_KINDS) {
          expect(isRead(() => parseQuantity(text, kind))).toBe(new RegExp(QUANTITY_PATTERNS[kind], 'u').test(text));
        }
        expect(isRead(() => parseMoment(text))).toBe(new RegExp(QUANTITY_PATTERNS.moment, 'u').test(text));
        expect(isRead(() => parseMoneyPerByte(text))).toBe(
          new RegExp(QUANTITY_PATTERNS['money-per-byte'], 'u').test(text),
        );
      }),
      { seed: 20201124, numRuns: 500 },
    );
  });
});
