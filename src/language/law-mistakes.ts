// What a law can say that has the right form and no sense.
import { child } from './pointer.ts';
import { lawOf } from './quantities.ts';
import type { ProblemReport } from './report.ts';
import type { WrittenLaw } from './schema-parts.ts';

/** Reports bounds in the wrong order, and a centre that lies outside them. */
export function checkLaw(
  report: ProblemReport,
  pointer: string,
  written: WrittenLaw,
  kind: 'bytes' | 'duration',
): void {
  const law = lawOf(written, kind);
  if (law.kind === 'constant') return;
  const at = child(pointer, law.kind);
  if (law.min > law.max) {
    report.mismatch(at, 'max', '`max` is less than `min`');
    return;
  }
  const centre = law.kind === 'lognormal' ? law.median : law.kind === 'exponential' ? law.mean : law.min;
  if (centre < law.min || centre > law.max) {
    const what = law.kind === 'lognormal' ? 'median' : 'mean';
    report.warning(child(at, what), `the ${what} lies outside \`min\` and \`max\`: most values will be a bound`);
  }
}
