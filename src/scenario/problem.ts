// Problems as the scenario's loader reports them; they live in core since lakes have them too.
export { formatProblem, ProblemsError, sortProblems } from '../core/problem.ts';
export type { Problem } from '../core/problem.ts';
