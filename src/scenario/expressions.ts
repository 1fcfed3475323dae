// RSE expressions in a scenario: their form, and what they select in the lake.
import { parseRseExpression, RseExpressionError, type RseExpression, selectStorages } from '../lake/rse-expression.ts';
import type { Storage } from '../lake/lake.ts';
import { printable } from '../language/pointer.ts';
import { referenceHint } from '../language/references.ts';
import type { ScenarioContext } from './names.ts';

/**
 * The storages an expression selects; undefined where that is not known (the expression or the lake is wrong). An
 * expression that selects nothing is an error.
 */
export function selectOrReport(
  text: string,
  pointer: string,
  context: ScenarioContext,
): readonly Storage[] | undefined {
  const { report, lake, lakeNames } = context;
  let expression: RseExpression;
  try {
    expression = parseRseExpression(text);
  } catch (error) {
    if (!(error instanceof RseExpressionError)) throw error;
    report.errorAt(pointer, error.offset, error.message, error.hint);
    return undefined;
  }
  if (expression.kind === 'name' && lakeNames !== undefined && !lakeNames.storages.known.has(expression.name)) {
    const isTag = [...(lake?.storages.values() ?? [])].some((storage) => storage.attributes.has(expression.name));
    if (!isTag) {
      const { where } = lakeNames.storages;
      report.error(pointer, `no storage "${printable(text)}"${where}`, referenceHint(text, lakeNames.storages));
      return undefined;
    }
  }
  if (lake === undefined) return undefined;
  const selected = selectStorages(expression, lake.storages.values());
  if (selected.length === 0) {
    report.error(pointer, `no storage of the lake matches ${printable(text)}`, emptyHint(expression, lake.storages));
    return undefined;
  }
  return selected.flatMap((name) => lake.storages.get(name) ?? []);
}

/** For the first comparison that nothing matches: what values there are. */
function emptyHint(expression: RseExpression, storages: ReadonlyMap<string, Storage>): string {
  if (expression.kind === 'comparison') {
    const values = new Set<string>();
    for (const storage of storages.values()) {
      const value = storage.attributes.get(expression.key);
      if (value !== undefined) values.add(value);
    }
    if (values.size === 0) return `no storage has ${expression.key}`;
    return `${expression.key} is one of ${[...values].slice(0, 8).join(', ')}`;
  }
  if (!('left' in expression)) return '';
  for (const side of [expression.left, expression.right]) {
    if (side.kind === 'comparison' && selectStorages(side, storages.values()).length === 0) {
      return emptyHint(side, storages);
    }
  }
  return '';
}
