import type { Direction, Lane } from '../text/lane.ts';
import type { RefusalReason } from './refusal.ts';

/**
 * Everything that is found about who acts rather than about what a text says. `references` as detectors have them: OWASP LLM Top 10
 * (2026), OWASP Agentic Security Initiative, MITRE ATLAS.
 */
export const AGENT_FINDINGS = {
  'agent.stopped': {
    family: 'agent',
    severity: 'critical',
    confidence: 1,
    summary: 'The kill switch covers the caller.',
    references: ['asi:ASI10'],
  },
  'agent.unknown': {
    family: 'agent',
    severity: 'high',
    confidence: 1,
    summary: 'The caller is none of the agents of the policy.',
    references: ['asi:ASI03'],
  },
  'agent.claim-refused': {
    family: 'agent',
    severity: 'medium',
    confidence: 0.9,
    summary: 'The caller says who it is in a way that is not believed: a forged, broken or expired proof.',
    references: ['asi:ASI03'],
  },
  'agent.not-permitted': {
    family: 'agent',
    severity: 'high',
    confidence: 1,
    summary: 'The agent uses a model, provider, endpoint or method that the policy does not grant it.',
    references: ['asi:ASI03', 'owasp-llm:LLM06:2026'],
  },
  'tool.not-permitted': {
    family: 'tool',
    severity: 'high',
    confidence: 1,
    summary: 'A tool is declared for the agent or called by it that the policy does not grant it.',
    references: ['asi:ASI02', 'owasp-llm:LLM06:2026'],
  },
  'tool.unasked-result': {
    family: 'tool',
    severity: 'medium',
    confidence: 0.8,
    summary: 'A result of a tool answers a call that nobody made: a planted one, or a history that was cut.',
    references: ['asi:ASI06', 'atlas:AML.T0051.001'],
  },
  'tool.harmful-flow': {
    family: 'tool',
    severity: 'high',
    confidence: 0.85,
    summary: 'After untrusted content came into the conversation, a tool is called that cannot be taken back.',
    references: ['asi:ASI01', 'asi:ASI02', 'atlas:AML.T0053'],
  },
  'exfil.flow': {
    family: 'exfil',
    severity: 'critical',
    confidence: 0.9,
    summary: 'A conversation that holds untrusted content and private data calls a tool that sends data away.',
    references: ['asi:ASI01', 'owasp-llm:LLM02:2026', 'atlas:AML.T0086'],
  },
  'behaviour.budget': {
    family: 'behaviour',
    severity: 'medium',
    confidence: 1,
    summary: 'A tool is called more often than the policy grants, in one turn or at all.',
    references: ['owasp-llm:LLM10:2026'],
  },
  'tool.changed': {
    family: 'tool',
    severity: 'high',
    confidence: 0.9,
    summary: 'The definition of a tool is another than the one that was approved.',
    references: ['asi:ASI04', 'atlas:AML.T0104'],
  },
  'tool.unapproved': {
    family: 'tool',
    severity: 'medium',
    confidence: 1,
    summary: 'A tool is offered whose definition nobody has approved.',
    references: ['asi:ASI04'],
  },
  'tool.shadowed': {
    family: 'tool',
    severity: 'high',
    confidence: 0.8,
    summary: 'A tool has the name of a tool of another server, or one that looks like it.',
    references: ['asi:ASI04'],
  },
} as const satisfies Record<string, AgentFindingRow>;

interface AgentFindingRow {
  readonly family: 'agent' | 'tool' | 'exfil' | 'behaviour';
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** As of detectors: probability that a finding is right. */
  readonly confidence: number;
  readonly summary: string;
  readonly references: readonly string[];
}

export type AgentFindingId = keyof typeof AGENT_FINDINGS;

/** One of them, where it was found. */
export interface AgentFinding {
  readonly id: AgentFindingId;
  /** What policy wants. */
  readonly action: 'observe' | 'redact' | 'deny';
  readonly direction: Direction;
  /** `header` for what the head of a request says. */
  readonly lane: Lane;
  /** A name from traffic (a tool, a model): through `safeName` before anybody sees it. */
  readonly subject?: string | undefined;
  /** The place in the policy that decides, e.g. `agents.billing-bot.tools.deny[0]`. */
  readonly rule?: string | undefined;
  readonly reason?: RefusalReason | undefined;
  /** A sentence of ours: fixed words, numbers and names from the policy, nothing from traffic. */
  readonly explanation?: string | undefined;
}
