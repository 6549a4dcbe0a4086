import { ANONYMOUS } from '../../src/agents/identity/identity.ts';
import type { CallerRecord, ExchangeRecord } from '../../src/exchange/events.ts';
import type { Finding } from '../../src/policy/finding.ts';
import { emptyFacts } from '../../src/wire/frame.ts';

export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
export const PARENT_ID = '00f067aa0ba902b7';

/** A chat completion that was allowed. */
export function exchangeRecord(change: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    exchangeId: 'ex-1',
    startUnixMs: 1_790_000_000_000,
    endUnixMs: 1_790_000_000_250,
    method: 'POST',
    host: 'api.bank.example:8443',
    path: '/v1/chat/completions',
    scheme: 'https',
    status: 200,
    traceparent: `00-${TRACE_ID}-${PARENT_ID}-01`,
    tracestate: undefined,
    userAgent: 'openai-node/7.57',
    caller: undefined,
    auth: 'bearer',
    callerHash: 'a1b2c3d4e5f6',
    routeName: 'llm',
    dialect: 'openai-chat',
    provider: 'openai',
    operation: 'chat',
    facts: { ...emptyFacts(), model: 'gpt-4o', responseModel: 'gpt-4o-2024-08-06', stream: false, inputTokens: 12, outputTokens: 8 },
    requestContentType: 'application/json',
    responseContentType: 'application/json',
    requestBytes: 120,
    responseBytes: 300,
    policyVersion: 'p0123456789a',
    profile: 'default',
    mode: 'enforce',
    verdict: 'allow',
    findings: [],
    uninspected: [],
    outcome: 'completed',
    ...change,
  };
}

/** An agent of the policy that has proven who it is. */
export function callerRecord(change: Partial<CallerRecord> = {}): CallerRecord {
  return {
    agent: 'support',
    standing: 'proven',
    identity: ANONYMOUS,
    addressHash: undefined,
    conversation: undefined,
    calls: [],
    uses: [],
    tools: [],
    ...change,
  };
}

export function finding(change: Partial<Finding> = {}): Finding {
  return {
    detector: 'pii.email',
    family: 'pii',
    severity: 'medium',
    confidence: 0.95,
    lane: 'output',
    direction: 'response',
    start: 10,
    end: 27,
    action: 'redact',
    taken: 'redact',
    references: ['owasp-llm:LLM02:2026'],
    ...change,
  };
}

/** A denied prompt injection. */
export const deniedRecord = (change: Partial<ExchangeRecord> = {}): ExchangeRecord =>
  exchangeRecord({
    exchangeId: 'ex-2',
    status: 403,
    verdict: 'deny',
    outcome: 'denied',
    findings: [
      finding({
        detector: 'injection.direct',
        family: 'injection',
        severity: 'high',
        lane: 'user',
        direction: 'request',
        action: 'deny',
        taken: 'deny',
      }),
    ],
    ...change,
  });
