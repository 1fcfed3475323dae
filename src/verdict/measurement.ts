// What is asked of a run when it is measured, and what comes out.
import type { Expectation } from '../scenario/scenario.ts';
import type { JudgedPart } from './judged-part.ts';
import type { Worst } from './windows.ts';

/** What is measured, of whom, and over which minutes. */
export interface Question {
  readonly expectation: Expectation;
  readonly subject: string;
  readonly part: JudgedPart;
  /** Which end of the scale is bad. */
  readonly worst: Worst;
}

export interface Measurement {
  /** In `unit`; Infinity for a duration that had no end within the run. */
  readonly value: number;
  readonly unit: string;
  /** Indexes into the minutes kept. */
  readonly window: { readonly from: number; readonly to: number };
  /** Prefix of the subject's books that the value belongs to: `in_`, `out_` or none. */
  readonly direction: '' | 'in_' | 'out_';
  /** What a reader should know beside the figure, or empty. */
  readonly note: string;
}
