// The schemas of what a run folder holds are published as they are checked.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { summarySchema } from '../record/summary-schema.ts';
import { buildReport } from './build-report.ts';
import { toReportFile } from './render-json.ts';
import { reportSchema } from './report-schema.ts';
import { runForTests } from './run-for-tests.ts';

const published = async (schema: object): Promise<string> =>
  format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
const ajv = new Ajv2020({ strictTypes: false, allErrors: true });

describe('the published schemas', () => {
  it('schema/summary.schema.json is the one that summary.json is checked by', async () => {
    await expect(await published(summarySchema)).toMatchFileSnapshot('../../schema/summary.schema.json');
  });

  it('schema/report.schema.json is the one that report.json is made by', async () => {
    await expect(await published(reportSchema)).toMatchFileSnapshot('../../schema/report.schema.json');
  });

  it('a summary with everything in it is valid', () => {
    const validate = ajv.compile(summarySchema);
    validate(JSON.parse(JSON.stringify(runForTests().summary)));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('a summary with a key that nobody knows is not', () => {
    const validate = ajv.compile(summarySchema);
    expect(validate({ ...runForTests().summary, extra: 1 })).toBe(false);
  });

  it('the report of a run is valid', () => {
    const validate = ajv.compile(reportSchema);
    validate(JSON.parse(JSON.stringify(toReportFile(buildReport(runForTests())))));
    expect(validate.errors ?? []).toEqual([]);
  });
});
