import type { AgentRule } from '../agents/permissions/agent-policy.ts';
import { FIXED } from '../lib/limits.ts';
import type { Policy } from '../policy/policy.ts';
import { ATTR } from './semconv.ts';
import type { Attributes, SpanData } from './span.ts';

/** A policy and since when this process has gone by it. */
export interface PolicyInForce {
  readonly policy: Pick<Policy, 'version' | 'mode'> & { readonly agents: { readonly agents: readonly AgentRule[] } };
  /** Unix milliseconds. */
  readonly sinceUnixMs: number;
}

export interface PolicySpanSources {
  /** Unix milliseconds. */
  readonly nowUnixMs: number;
  /** Random lower-case hex digits. */
  readonly randomHex: (digits: number) => string;
  /** Whether what the agents are granted goes along. */
  readonly withGrants: boolean;
}

/** Entries of one span: receivers read no more of a list. */
const LINES_MAX = 256;

/**
 * A span `policy`, from when the policy came into force until now, and below it a span `grants <agent>` for each of its agents; of an agent
 * with more than 256 entries several. Over `FIXED.toldGrants` entries or `FIXED.toldAgents` agents the rest is only counted.
 */
export function policySpans(
  { policy, sinceUnixMs }: PolicyInForce,
  { nowUnixMs, randomHex, withGrants }: PolicySpanSources,
): readonly SpanData[] {
  const { agents } = policy.agents;
  const shared = { [ATTR.policyVersion]: policy.version, [ATTR.mode]: policy.mode };
  const root: SpanData = {
    traceId: randomHex(32),
    spanId: randomHex(16),
    parentSpanId: undefined,
    name: 'policy',
    kind: 'internal',
    startUnixMs: sinceUnixMs,
    endUnixMs: Math.max(sinceUnixMs, nowUnixMs),
    attributes: { ...shared, [ATTR.policyAgentCount]: agents.length },
    error: false,
  };
  const below = (name: string, attributes: Attributes): SpanData => ({
    ...root,
    spanId: randomHex(16),
    parentSpanId: root.spanId,
    name,
    attributes: { ...shared, ...attributes },
  });
  return withGrants ? [root, ...grantsOf(agents).map((grants) => below(`grants ${grants.agent.name}`, attributesOf(grants)))] : [root];
}

interface ToldGrants {
  readonly agent: AgentRule;
  readonly lines: readonly string[];
  readonly leftOut: number;
}

function grantsOf(agents: readonly AgentRule[]): readonly ToldGrants[] {
  let room: number = FIXED.toldGrants;
  return agents.slice(0, FIXED.toldAgents).flatMap((agent) => {
    const told = agent.grants.slice(0, room);
    room -= told.length;
    const leftOut = agent.grants.length - told.length;
    const parts = Array.from({ length: Math.max(1, Math.ceil(told.length / LINES_MAX)) }, (_, at) =>
      told.slice(at * LINES_MAX, (at + 1) * LINES_MAX),
    );
    return parts.map((lines) => ({ agent, lines, leftOut }));
  });
}

const attributesOf = ({ agent, lines, leftOut }: ToldGrants): Attributes => ({
  [ATTR.policyAgent]: agent.name,
  [ATTR.policyAgentStanding]: agent.standing,
  ...(lines.length === 0 ? {} : { [ATTR.policyAgentGrants]: lines }),
  ...(leftOut === 0 ? {} : { [ATTR.policyGrantsLeftOut]: leftOut }),
});
