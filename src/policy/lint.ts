import { type CompileOptions, compilePolicy } from './compile.ts';
import { formatProblem, type PolicyProblem } from './problem.ts';
import type { PolicySource } from './yaml-source.ts';

/** What `sluice policy lint` prints and counts. */
export interface LintReport {
  readonly errors: readonly PolicyProblem[];
  readonly warnings: readonly PolicyProblem[];
  /** One line per problem, ready to print: `file:line:column: error: message`. Errors first. */
  readonly lines: readonly string[];
  /** Version of the policy when it can be loaded. */
  readonly version: string | undefined;
}

/** Loads a policy as the filter would, examples included, and reports what keeps it from working and what looks like a mistake. */
export function lintPolicy(source: PolicySource, options: CompileOptions): LintReport {
  const result = compilePolicy(source, options);
  if (result.ok) result.policy.warm();
  const errors = result.ok ? [] : result.errors;
  const warnings = result.ok ? result.warnings : [];
  return {
    errors,
    warnings,
    lines: [...labelled('error', errors), ...labelled('warning', warnings)],
    version: result.ok ? result.policy.version : undefined,
  };
}

function labelled(label: string, problems: readonly PolicyProblem[]): string[] {
  return problems.map((problem) => formatProblem({ ...problem, message: `${label}: ${problem.message}` }));
}
