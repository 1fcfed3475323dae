// What is wrong with a value where the schema asks for a quantity.
import { nearest } from '../core/nearest.ts';
import { parseMoment, parseMoneyPerByte, parseQuantity, QuantityError } from '../core/units.ts';
import type { QuantityBounds, QuantityForm } from './schema-parts.ts';

/** What is wrong with a value where a quantity belongs, or undefined where nothing is. */
export function quantityMistake(
  value: unknown,
  form: QuantityForm,
  bounds: QuantityBounds,
): { message: string; hint: string } | undefined {
  if (typeof value === 'string' && bounds.orWords?.includes(value) === true) return undefined;
  let base: number;
  try {
    base = baseValue(value, form);
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    const { message, hint } = error;
    if (bounds.orWords === undefined || hint.endsWith('?')) return { message, hint };
    const meant = nearest(String(value), bounds.orWords);
    if (meant !== undefined) return { message, hint: `did you mean ${meant}?` };
    return { message, hint: `${hint}, or ${bounds.orWords.join(' or ')}` };
  }
  if (bounds.positive === true && base <= 0) return { message: 'must be more than 0', hint: '' };
  if (bounds.most !== undefined && base > bounds.most) {
    return { message: `"${String(value)}" is too large`, hint: `the most is ${bounds.mostText ?? bounds.most}` };
  }
  return undefined;
}

function baseValue(value: unknown, form: QuantityForm): number {
  if (form === 'money-per-byte') return parseMoneyPerByte(value).perByte;
  if (form === 'moment') return parseMoment(value).seconds;
  return parseQuantity(value, form);
}
