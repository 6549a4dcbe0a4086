import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { createLaneEngine } from '../../src/detect/lane-engine.ts';
import { type CompileOptions, compilePolicy } from '../../src/policy/compile.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import type { Lane } from '../../src/text/lane.ts';

export const OPTIONS: CompileOptions = {
  createEngine: createLaneEngine,
  catalogue: CATALOGUE,
  dialects: ['openai-chat', 'anthropic-messages', 'generic'],
};

/** The policy of a YAML text; fails the test with its errors when it does not load. */
export function loaded(text: string, options: Partial<CompileOptions> = {}): Policy {
  const result = compilePolicy({ file: 'p.yaml', text }, { ...OPTIONS, ...options });
  if (!result.ok) throw new Error(result.errors.map(formatProblem).join('\n'));
  return result.policy;
}

/** Errors of a YAML text, formatted; empty when it loads. */
export function errorsOf(text: string, options: Partial<CompileOptions> = {}): readonly string[] {
  const result = compilePolicy({ file: 'p.yaml', text }, { ...OPTIONS, ...options });
  return result.ok ? [] : result.errors.map(formatProblem);
}

/** Warnings of a YAML text that loads. */
export function warningsOf(text: string): readonly string[] {
  const result = compilePolicy({ file: 'p.yaml', text }, OPTIONS);
  return result.ok ? result.warnings.map(formatProblem) : ['the policy does not load'];
}

/** What a detector does in a lane for traffic on a route name: its severity and action, or `off`. */
export function does(policy: Policy, id: string, { lane = 'user', routeName }: { lane?: Lane; routeName?: string } = {}): string {
  const { profile } = policy.route({ routeName, host: 'api.test', path: '/' });
  const rule = profile.engine(lane, 'request')?.rules.find((one) => one.id === id);
  return rule === undefined ? 'off' : `${rule.severity} ${rule.action}`;
}
