/** Something wrong with, or doubtful in, a policy file: where it stands (lines and columns from 1), what it is and what to do. */
export interface PolicyProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A problem that keeps the policy from being loaded. */
export type PolicyError = PolicyProblem;

/** `file:line:column: message`, the form that editors and terminals make clickable. */
export function formatProblem({ file, line, column, message }: PolicyProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** By line, then column: the order in which somebody reads the file. */
export function inReadingOrder<P extends PolicyProblem>(problems: readonly P[]): P[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
