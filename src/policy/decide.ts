import { AGENT_FINDINGS, type AgentFinding } from '../agents/finding.ts';
import { ACTIONS, type Action, type Match } from '../detect/scan.ts';
import type { Direction, Lane } from '../text/lane.ts';
import type { Finding, FindingAction } from './finding.ts';
import type { Policy } from './policy.ts';

/** What becomes of an exchange: the strongest action wanted; in observe mode `flag` at most. */
export type Verdict = 'allow' | 'flag' | 'redact' | 'deny';

/** Where a match was found, and what can still be done about it. */
export interface MatchContext {
  readonly lane: Lane;
  readonly direction: Direction;
  readonly mode: Policy['mode'];
  /** Whether the text had left before it was recognised: detected, not prevented. Default false. */
  readonly left?: boolean;
}

/** The finding of a match: what policy wants, and what is done in this mode. */
export function findingOf({ rule, start, end }: Match, { lane, direction, mode, left = false }: MatchContext): Finding {
  const { id, detector, severity, confidence } = rule;
  const action = rule.tokenizes === true ? 'tokenize' : rule.action;
  return {
    detector: id,
    family: detector.family,
    severity,
    confidence,
    lane,
    direction,
    start,
    end,
    action,
    taken: mode === 'observe' || left ? 'observe' : action,
    references: detector.references,
    ...(rule.exception !== undefined && { rule: rule.exception }),
  };
}

/** The finding of what an agent does. `exception`: the place of what has it only observed, instead of the rule that was broken. */
export function findingOfAgent(found: AgentFinding, mode: Policy['mode'], exception?: string): Finding {
  const { family, severity, confidence, references } = AGENT_FINDINGS[found.id];
  const { id, direction, lane, subject, reason, explanation } = found;
  const { action, rule } = exception === undefined ? found : { action: 'observe' as const, rule: exception };
  return {
    detector: id,
    family,
    severity,
    confidence,
    lane,
    direction,
    start: 0,
    end: 0,
    action,
    // The kill switch stops in every mode.
    taken: mode === 'observe' && id !== 'agent.stopped' ? 'observe' : action,
    references,
    ...(subject !== undefined && { subject }),
    ...(rule !== undefined && { rule }),
    ...(reason !== undefined && { reason }),
    ...(explanation !== undefined && { explanation }),
  };
}

/** The verdict of all findings of an exchange. */
export function verdictOf(findings: readonly Pick<Finding, 'action'>[], mode: Policy['mode']): Verdict {
  if (findings.length === 0) return 'allow';
  if (mode === 'observe') return 'flag';
  return VERDICTS[strongest(findings.map(({ action }) => action))];
}

const VERDICTS = { observe: 'flag', redact: 'redact', deny: 'deny' } as const satisfies Record<Action, Verdict>;

/** A token stands in place of a text as a redaction does. */
function strongest(actions: readonly FindingAction[]): Action {
  const ranks = actions.map((action) => ACTIONS.indexOf(action === 'tokenize' ? 'redact' : action));
  return ACTIONS[Math.max(...ranks)] ?? 'observe';
}
