import { added, NONE_YET } from '../../lib/growing-list.ts';
import type { ClaimRefusal } from '../refusal.ts';
import { type Claim, PERSON_SOURCES, SESSION_SOURCES, SOURCES, type TokenPayload } from './claim.ts';
import type { Hint, Identity, Person, Proof, Session } from './identity.ts';
import { actingFor } from './token-person.ts';

/** What became of a request's bearer token; undefined when it has none. */
export type TokenResult = { readonly ok: true; readonly payload: TokenPayload } | { readonly ok: false; readonly reason: ClaimRefusal };

/** Makes an identity of claims and of the token's verification. Without `token` a claim `jwt` counts for nothing. */
export function assembleIdentity(claims: readonly Claim[], token: TokenResult | undefined, hash: (text: string) => string): Identity {
  let proofs: Proof[] = token?.ok ? [{ source: 'jwt', payload: token.payload, by: 'sluice' }] : NONE_YET;
  let refusals: Identity['refusals'][number][] = token?.ok === false ? [{ source: 'jwt', reason: token.reason }] : NONE_YET;
  for (const claim of claims) {
    const proof = proofOf(claim);
    if (proof !== undefined) proofs = added(proofs, proof);
    else if (claim.kind === 'refused') refusals = added(refusals, { source: claim.source, reason: claim.reason });
  }
  const named = proofs.flatMap((proof) => (proof.source === 'jwt' ? actingFor(proof.payload) : []));
  const persons = named.map((text): Person => ({ hash: hash(text), from: 'jwt-sub', proven: true }));
  return addClaims(
    { proofs: inOrder(proofs, ({ source }) => SOURCES.indexOf(source)), hints: [], persons, sessions: [], refusals },
    claims,
  );
}

/**
 * The identity with what else was stated: hints, persons and sessions of a body. Proofs stay as they are: nothing that is learnt after the
 * head can change which agent calls.
 */
export function addClaims(identity: Identity, claims: readonly Claim[]): Identity {
  const hints: Hint[] = [...identity.hints];
  const persons: Person[] = [...identity.persons];
  const sessions: Session[] = [...identity.sessions];
  for (const claim of claims) {
    if (claim.kind === 'mcp-client') hints.push({ source: claim.kind, name: claim.name });
    else if (claim.kind === 'user-agent') hints.push({ source: claim.kind, value: claim.value });
    else if (claim.kind === 'person') persons.push({ hash: claim.hash, from: claim.from, proven: false });
    else if (claim.kind === 'session') sessions.push({ id: claim.id, from: claim.from });
  }
  return {
    proofs: identity.proofs,
    hints: inOrder(hints, ({ source }) => SOURCES.indexOf(source)),
    persons: inOrder(persons, ({ from }) => PERSON_SOURCES.indexOf(from)),
    sessions: inOrder(sessions, ({ from }) => SESSION_SOURCES.indexOf(from)),
    refusals: identity.refusals,
  };
}

function inOrder<Item>(items: readonly Item[], rank: (item: Item) => number): readonly Item[] {
  if (items.length === 0) return NONE_YET;
  return items.length === 1 ? items : items.toSorted((a, b) => rank(a) - rank(b));
}

function proofOf(claim: Claim): Proof | undefined {
  switch (claim.kind) {
    case 'spiffe':
      return { source: 'spiffe', id: claim.id, via: claim.via };
    case 'mtls-san':
    case 'mtls-cn':
      return { source: claim.kind, name: claim.name, via: claim.via };
    case 'jwt-payload':
      return { source: 'jwt', payload: claim.payload, by: 'envoy' };
    case 'api-key':
      return { source: 'api-key', hash: claim.hash };
    case 'header':
      return { source: 'header', name: claim.name, value: claim.value };
    case 'jwt':
    case 'mcp-client':
    case 'user-agent':
    case 'person':
    case 'session':
    case 'refused':
      return undefined;
  }
}
