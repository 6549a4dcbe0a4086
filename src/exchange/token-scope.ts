import type { Identity, Proof } from '../agents/identity/identity.ts';
import type { WireFacts } from '../wire/frame.ts';

export interface TokenCaller {
  /** Of the policy; undefined: nobody was asked who calls. */
  readonly agent: string | undefined;
  readonly identity: Identity | undefined;
  /** Keyed hash of the request's credential; undefined: it has none. */
  readonly credentialHash: string | undefined;
}

/** What tokens are valid for: caller, person, conversation. To be hashed with a key. */
export function tokenScope({ agent, identity, credentialHash }: TokenCaller, facts: WireFacts): readonly (string | undefined)[] {
  const proven = identity?.persons.filter((person) => person.proven).map(({ hash }) => hash) ?? [];
  const stated = [facts.safetyIdentifier, facts.userId, facts.metadataUserId].map((name) => name ?? '');
  return [agent, provenCaller({ identity }) ?? credentialHash, ...proven, 'stated', ...stated, conversation(facts)];
}

/** What proves who calls, as far as it lasts, as text; undefined: nothing does. */
export function provenCaller({ identity }: Pick<TokenCaller, 'identity'>): string | undefined {
  const proof = identity?.proofs[0];
  return proof && JSON.stringify(lasting(proof));
}

/** Whether anything tells this caller from others. */
export function isKnownCaller({ identity, credentialHash }: TokenCaller): boolean {
  return identity?.proofs[0] !== undefined || credentialHash !== undefined;
}

/** What stays when a token is renewed. */
function lasting(proof: Proof): object {
  if (proof.source !== 'jwt') return proof;
  const { iss, sub, azp, client_id: client } = proof.payload as Readonly<Partial<Record<'iss' | 'sub' | 'azp' | 'client_id', unknown>>>;
  return { source: 'jwt', iss, sub, azp, client };
}

/** The id of an answer that is gone on from names a turn, and another one in every turn. */
function conversation({ conversationId }: WireFacts): string | undefined {
  return conversationId?.startsWith('resp_') === true ? undefined : conversationId;
}
