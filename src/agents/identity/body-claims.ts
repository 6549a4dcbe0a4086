import { FIXED } from '../../lib/limits.ts';
import type { Claim, PersonSource, SessionSource } from './claim.ts';
import { pushBounded } from './read-claims.ts';

/** What the body of a request says of its sender; every field as the client wrote it. */
export interface BodyFacts {
  /** `params.clientInfo.name` of MCP's `initialize`. */
  readonly mcpClient?: string | undefined;
  /** OpenAI `user`. */
  readonly user?: string | undefined;
  /** OpenAI `safety_identifier`. */
  readonly safetyIdentifier?: string | undefined;
  /** Anthropic `metadata.user_id`. */
  readonly metadataUserId?: string | undefined;
  /** OpenAI `conversation`, A2A `contextId`. */
  readonly conversationId?: string | undefined;
  /** OpenAI `previous_response_id`. */
  readonly previousResponseId?: string | undefined;
}

/** The claims of a body: all of them stated, none of them proof. Persons and sessions are hashed. */
export function readBodyClaims(facts: BodyFacts, hash: (text: string) => string): readonly Claim[] {
  const claims: Claim[] = [];
  const person = (text: string | undefined, from: PersonSource): void => {
    if (text) claims.push({ kind: 'person', hash: hash(text.slice(0, FIXED.claimUnits)), from });
  };
  const session = (text: string | undefined, from: SessionSource): void => {
    if (text) claims.push({ kind: 'session', id: hash(text.slice(0, FIXED.claimUnits)), from });
  };
  if (facts.mcpClient) pushBounded(claims, 'mcp-client', facts.mcpClient, { kind: 'mcp-client', name: facts.mcpClient });
  person(facts.safetyIdentifier, 'safety-identifier');
  person(facts.user, 'openai-user');
  person(facts.metadataUserId, 'anthropic-user');
  session(facts.conversationId, 'conversation');
  session(facts.previousResponseId, 'previous-response');
  return claims;
}
