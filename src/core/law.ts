// A law: how a quantity (a file size, a latency) is distributed. Values are in the base unit of what it describes.
import type { RandomStream } from './random.ts';

export type Law =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'exponential'; readonly mean: number; readonly min: number; readonly max: number }
  /** `sigma` is the standard deviation of the natural logarithm; the mean is median x exp(sigma^2 / 2). */
  | {
      readonly kind: 'lognormal';
      readonly median: number;
      readonly sigma: number;
      readonly min: number;
      readonly max: number;
    };

export function constant(value: number): Law {
  return { kind: 'constant', value };
}

/** Draws the value of one entity. The same (stream, entity, index) gives the same value. */
export function draw(law: Law, stream: RandomStream, entity: number, index = 0): number {
  switch (law.kind) {
    case 'constant':
      return law.value;
    case 'uniform':
      return law.min + (law.max - law.min) * stream.uniform(entity, index);
    case 'exponential':
      return clamp(law.mean * stream.exponential(entity, index), law.min, law.max);
    case 'lognormal':
      return clamp(law.median * Math.exp(law.sigma * stream.normal(entity, index)), law.min, law.max);
  }
}

/** The mean of a law, without regard to its clipping. */
export function meanOf(law: Law): number {
  switch (law.kind) {
    case 'constant':
      return law.value;
    case 'uniform':
      return (law.min + law.max) / 2;
    case 'exponential':
      return law.mean;
    case 'lognormal':
      return law.median * Math.exp((law.sigma * law.sigma) / 2);
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
