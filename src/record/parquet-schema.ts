// Kinds of columns in the Parquet files of a run folder.
import type { SchemaElement } from 'hyparquet-writer';

/** A text; what does not apply is empty, never null, so that `<>` and `NOT IN` mean what they say. */
export function textElement(name: string): SchemaElement {
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' };
}

export function integerElement(name: string, type: 'INT32' | 'INT64'): SchemaElement {
  return { name, type, repetition_type: 'REQUIRED' };
}

export function realElement(name: string): SchemaElement {
  return { name, type: 'DOUBLE', repetition_type: 'REQUIRED' };
}

/**
 * A time in UTC, to the microsecond; null where it is not known. It carries no zone, so that every reader shows the
 * run's clock and none converts it to where the reader sits.
 */
export function timeElement(name: string, repetition: 'OPTIONAL' | 'REQUIRED' = 'OPTIONAL'): SchemaElement {
  return {
    name,
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' },
    repetition_type: repetition,
  };
}
