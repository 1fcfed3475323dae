// Holds a run's summary against its schema before reports are made from it.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { FdrError } from '../core/errors.ts';
import { summarySchema } from '../record/summary-schema.ts';
import type { Summary } from '../record/summary.ts';

/** Throws an `FdrError` that names the first place where the summary is not what it should be. */
export function checkSummary(summary: Summary, path: string): void {
  const validate = new Ajv2020({ strictTypes: false, allErrors: true }).compile(summarySchema);
  validate(summary);
  // A key that is not known here may come from a newer version of the same schema, which only ever adds.
  const first = validate.errors?.find(({ keyword }) => keyword !== 'additionalProperties');
  if (first === undefined) return;
  throw new FdrError('run-damaged', `${path} is damaged: ${first.instancePath} ${first.message ?? ''}`, {
    hint: 'run the scenario again',
  });
}
