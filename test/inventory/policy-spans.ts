import type { IncomingSpan } from '../../src/inventory/incoming.ts';
import { policySpans } from '../../src/telemetry/policy-span.ts';
import { agentPolicy } from '../agents/agent-policy.ts';
import { ownSpan } from './spans.ts';

let spans = 0;

export interface Told {
  readonly yaml: string;
  readonly version?: string;
  /** Unix milliseconds. */
  readonly loadedMs: number;
  readonly heardMs: number;
}

/** What a filter tells the inventory of the policy it goes by. */
export function toldPolicy({ yaml, version = '1f3a5c7e', loadedMs, heardMs }: Told): readonly IncomingSpan[] {
  const policy = { version, mode: 'enforce', agents: agentPolicy(yaml) } as const;
  const randomHex = (digits: number): string => (0xa0000 + ++spans).toString(16).padStart(digits, '0');
  return policySpans({ policy, sinceUnixMs: loadedMs }, { nowUnixMs: heardMs, randomHex, withGrants: true }).map((span) => ({
    ...span,
    service: 'sluice',
    scope: 'sluice',
  }));
}

/** An exchange of an agent that used and was refused this. */
export function usingSpan(agent: string, uses: readonly string[], endUnixMs: number): IncomingSpan {
  const spanId = (0xb0000 + ++spans).toString(16).padStart(16, '0');
  return ownSpan({ spanId, startUnixMs: endUnixMs - 5, endUnixMs }, { 'gen_ai.agent.name': agent, 'sluice.agent.uses': uses });
}
