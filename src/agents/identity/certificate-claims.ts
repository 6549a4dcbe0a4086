import { FIXED } from '../../lib/limits.ts';
import type { CertificateVia, Claim, ProvingSource } from './claim.ts';
import { commonNames } from './distinguished-name.ts';
import type { ClaimContext, HeaderValues } from './read-claims.ts';
import { isSpiffeId } from './spiffe-id.ts';
import { parseXfcc, type XfccElement } from './xfcc.ts';

interface CertificateNames {
  readonly via: CertificateVia;
  readonly uris: readonly string[];
  readonly dns: readonly string[];
  /** Distinguished name, as RFC 2253 writes it. */
  readonly subject: string | undefined;
}

/** What the client's certificate claims. Where policy believes `x-forwarded-client-cert`, only that is read: the connection is a proxy's. */
export function certificateClaims(context: ClaimContext, seen: HeaderValues, claims: Claim[]): void {
  if (!CERTIFICATE_SOURCES.some((source) => context.policy.sources.has(source))) return;
  const names = context.policy.xfcc === undefined ? connectionNames(context.attributes) : forwardedNames(context, seen, claims);
  if (names === undefined) return;
  const { sources } = context.policy;
  if (sources.has('spiffe')) claimSpiffe(names, claims);
  if (sources.has('mtls-san')) for (const name of names.dns) claims.push(bounded({ kind: 'mtls-san', name, via: names.via }));
  if (sources.has('mtls-cn')) claimCommonName(names, claims);
}

const CERTIFICATE_SOURCES = ['spiffe', 'mtls-san', 'mtls-cn'] as const satisfies readonly ProvingSource[];

/** The certificate that this Envoy has checked on its own connection. */
function connectionNames(attributes: ReadonlyMap<string, string>): CertificateNames | undefined {
  const uris = listed(attributes.get('connection.uri_san_peer_certificate'));
  const dns = listed(attributes.get('connection.dns_san_peer_certificate'));
  const subject = attributes.get('connection.subject_peer_certificate');
  return uris.length + dns.length === 0 && !subject ? undefined : { via: 'tls', uris, dns, subject };
}

function listed(value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [value];
}

/**
 * The element that counts: the last one is what this Envoy appended (APPEND_FORWARD) or set (SANITIZE_SET) for its own peer; each trusted
 * hop moves one further towards the client. What stands before could have been written by anybody.
 */
function forwardedNames({ policy }: ClaimContext, seen: HeaderValues, claims: Claim[]): CertificateNames | undefined {
  const values = seen.get('x-forwarded-client-cert');
  if (values === undefined) return undefined;
  const refuse = (reason: 'claim-oversized' | 'claim-malformed'): undefined =>
    void claims.push({ kind: 'refused', source: 'spiffe', reason });
  if (values.reduce((units, { length }) => units + length, 0) > FIXED.xfccUnits) return refuse('claim-oversized');
  const elements = parseXfcc(values.join(','));
  const element: XfccElement | undefined = elements?.[elements.length - 1 - (policy.xfcc?.trustedHops ?? 0)];
  if (element === undefined || !element.hashed) return refuse('claim-malformed');
  return { via: 'xfcc', uris: element.uris, dns: element.dns, subject: element.subject };
}

/** An SVID has exactly one URI (X.509-SVID, section 2). */
function claimSpiffe({ uris, via }: CertificateNames, claims: Claim[]): void {
  const ids = uris.filter((uri) => uri.startsWith('spiffe:'));
  const [id] = ids;
  if (id === undefined) return;
  if (uris.length > 1) claims.push({ kind: 'refused', source: 'spiffe', reason: 'claim-duplicate' });
  else claims.push(isSpiffeId(id) ? { kind: 'spiffe', id, via } : { kind: 'refused', source: 'spiffe', reason: 'claim-malformed' });
}

function claimCommonName({ subject, via }: CertificateNames, claims: Claim[]): void {
  if (subject === undefined || subject === '') return;
  const names = subject.length > FIXED.claimUnits ? undefined : commonNames(subject);
  const [name, ...others] = names ?? [];
  if (names === undefined) claims.push({ kind: 'refused', source: 'mtls-cn', reason: 'claim-malformed' });
  else if (others.length > 0) claims.push({ kind: 'refused', source: 'mtls-cn', reason: 'claim-duplicate' });
  else if (name !== undefined && name !== '') claims.push({ kind: 'mtls-cn', name, via });
}

function bounded(claim: Extract<Claim, { kind: 'mtls-san' }>): Claim {
  return claim.name.length > FIXED.claimUnits ? { kind: 'refused', source: 'mtls-san', reason: 'claim-oversized' } : claim;
}
