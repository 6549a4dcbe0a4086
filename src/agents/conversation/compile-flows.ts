import { compileGlob } from '../../lib/glob.ts';
import { createConditionCompiler } from '../conditions/condition.ts';
import { ToolValue } from '../conditions/environment.ts';
import type { FlowRule } from './flows.ts';
import type { FlowRow } from './schema.ts';
import type { ToolClass, ToolClassRow } from './tool-class.ts';

/** Rows of `flows:` ready to judge. What is wrong with one goes to `error`, with its place in the document. */
export function compileFlows(
  rows: readonly FlowRow[],
  error: (path: readonly (string | number)[], message: string) => void,
): readonly FlowRule[] {
  const conditions = createConditionCompiler();
  return rows.map(({ all, to, action, allowAsked = true, unless }, index) => {
    const compiled = unless === undefined ? undefined : conditions.compile(unless);
    if (compiled?.ok === false) error(['flows', index, 'unless'], compiled.message);
    if (!compiled?.ok) return { all, to, action, allowAsked };
    const { condition } = compiled;
    // A condition that fails exempts nothing.
    return { all, to, action, allowAsked, unless: ({ name, args }) => condition.evaluate({ tool: new ToolValue(name, args) }) === 'true' };
  });
}

/** `toolClasses:` ready to ask, in the order of the file. */
export function compileToolClasses(rows: Readonly<Record<string, readonly ToolClass[]>>): readonly ToolClassRow[] {
  return Object.entries(rows).map(([glob, classes]) => {
    const { matches } = compileGlob(glob, { separator: '' });
    return { matches, classes };
  });
}
