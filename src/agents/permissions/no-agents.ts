import type { ProvingSource } from '../identity/claim.ts';
import type { AgentPolicy, AgentRule } from './agent-policy.ts';

const ANYBODY: AgentRule = {
  name: 'unknown',
  standing: 'unknown',
  profile: undefined,
  forbiddenTools: { declared: 'remove', called: 'deny' },
  judge: () => ({ allowed: true }),
};

const SOURCES: readonly ProvingSource[] = ['spiffe', 'mtls-san', 'mtls-cn', 'api-key'];

/** A policy that names no agent: everybody is let through, and seen as far as nothing has to be configured for it. */
export const NO_AGENTS: AgentPolicy = {
  identity: { sources: new Set(SOURCES), xfcc: undefined, trustedHeaders: [], jwtAuthn: [], issuers: [] },
  unknown: 'observe',
  agents: [],
  agentOf: () => ANYBODY,
  apiOf: () => undefined,
};
