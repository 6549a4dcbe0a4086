import type { ExchangeRecord } from '../exchange/events.ts';
import type { Finding, FindingAction } from '../policy/finding.ts';
import type { Direction, Lane } from '../text/lane.ts';
import { ATTR } from './semconv.ts';
import type { Attributes } from './span.ts';

/** A finding as attributes of its span and its log record: where and what kind, never the text. */
export function findingAttributes(record: ExchangeRecord, finding: Finding): Attributes {
  return {
    [ATTR.detector]: finding.detector,
    [ATTR.family]: finding.family,
    [ATTR.severity]: finding.severity,
    [ATTR.confidence]: finding.confidence,
    [ATTR.lane]: finding.lane,
    [ATTR.direction]: finding.direction,
    [ATTR.action]: finding.action,
    [ATTR.actionTaken]: finding.taken,
    [ATTR.start]: finding.start,
    [ATTR.length]: finding.end - finding.start,
    [ATTR.references]: finding.references,
    ...whyAttributes(finding),
    [ATTR.exchangeId]: record.exchangeId,
    [ATTR.guardrailName]: 'sluice',
    [ATTR.securityTarget]: securityTarget(finding.lane, finding.direction),
    [ATTR.securityVerdict]: SECURITY_VERDICTS[finding.action],
    [ATTR.securityAction]: SECURITY_ACTIONS[finding.taken],
    [ATTR.securityPolicyId]: record.profile,
    [ATTR.securityPolicyVersion]: record.policyVersion,
    [ATTR.securityRule]: finding.detector,
    [ATTR.securityRisk]: finding.family,
    [ATTR.securityScore]: finding.confidence,
  };
}

function whyAttributes({ subject, rule, reason, explanation }: Finding): Attributes {
  return {
    ...(subject !== undefined && { [ATTR.subject]: subject }),
    ...(rule !== undefined && { [ATTR.policyRule]: rule }),
    ...(reason !== undefined && { [ATTR.findingReason]: reason }),
    ...(explanation !== undefined && { [ATTR.explanation]: explanation }),
  };
}

/** Whether a finding was stopped before its text left. */
export const isPrevented = (finding: Finding): boolean => finding.taken !== 'observe';

const SECURITY_VERDICTS = { observe: 'warn', redact: 'modify', tokenize: 'modify', deny: 'deny' } as const satisfies Record<
  FindingAction,
  string
>;
const SECURITY_ACTIONS = { observe: 'allow', redact: 'modify', tokenize: 'modify', deny: 'block' } as const satisfies Record<
  FindingAction,
  string
>;

function securityTarget(lane: Lane, direction: Direction): string {
  if (lane === 'tool-arguments') return 'tool_call';
  if (lane === 'tool-definition') return 'tool_definition';
  if (lane === 'document') return 'knowledge_result';
  return direction === 'request' ? 'llm_input' : 'llm_output';
}
