// From what a validated file says to base units. The schema has checked the forms, so nothing here fails.
import { constant, type Law } from '../core/law.ts';
import { parseQuantity, type QuantityKind } from '../core/units.ts';
import type { WrittenLaw } from './schema-parts.ts';

export function bytes(text: string): number {
  return parseQuantity(text, 'bytes');
}

/** Bytes per second; `unlimited` is Infinity. */
export function rate(text: string): number {
  return text === 'unlimited' ? Infinity : parseQuantity(text, 'rate');
}

export function seconds(text: string): number {
  return parseQuantity(text, 'duration');
}

/** 0..1. */
export function share(text: string): number {
  return parseQuantity(text, 'share');
}

/** A law in the base unit of what it describes. */
export function lawOf(written: WrittenLaw, kind: QuantityKind): Law {
  const value = (text: string): number => parseQuantity(text, kind);
  const bound = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : value(text));
  if (typeof written === 'string') return constant(value(written));
  if ('lognormal' in written) {
    const { median, sigma, min, max } = written.lognormal;
    return { kind: 'lognormal', median: value(median), sigma, min: bound(min, 0), max: bound(max, Infinity) };
  }
  if ('exponential' in written) {
    const { mean, min, max } = written.exponential;
    return { kind: 'exponential', mean: value(mean), min: bound(min, 0), max: bound(max, Infinity) };
  }
  return { kind: 'uniform', min: value(written.uniform.min), max: value(written.uniform.max) };
}
