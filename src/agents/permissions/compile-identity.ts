import { isHex } from '../../lib/ascii-set.ts';
import type { ProvingSource } from '../identity/claim.ts';
import { PROVING_SOURCES } from '../identity/claim.ts';
import {
  type IdentityPolicy,
  type KeySource,
  PUBLIC_KEY_ALGORITHMS,
  SECRET_ALGORITHMS,
  type TokenIssuer,
} from '../identity/identity-policy.ts';
import { IDENTIFY_SOURCES } from './identify.ts';
import type { AgentDocument, AgentEntry, AgentRow, JwtRow } from './schema.ts';

/** Called for every error: the keys that lead to it, and what is wrong. */
export type Report = (path: readonly (string | number)[], message: string) => void;

/** Seconds that clocks may differ when a row does not say. */
const CLOCK_SKEW_S = 60;

/** Compiles `identity:`. Without `sources`, those count by which some agent is identified: others could identify nobody. */
export function compileIdentity({ identity }: AgentDocument, rows: readonly AgentEntry[], error: Report): IdentityPolicy {
  const headers = Object.keys(identity?.headers ?? {});
  const policy: IdentityPolicy = {
    sources: new Set(identity?.sources ?? sourcesUsed(rows)),
    xfcc: identity?.xfcc === undefined ? undefined : { trustedHops: identity.xfcc.trustedHops ?? 0 },
    trustedHeaders: headers.map((name) => name.toLowerCase()),
    jwtAuthn: identity?.jwtAuthn ?? [],
    issuers: (identity?.jwt ?? []).map((row, index) => compileIssuer(row, ['identity', 'jwt', index], error)),
  };
  reportRepeatedIssuers(identity?.jwt ?? [], error);
  if (identity?.sources?.includes('header') && headers.length === 0)
    error(['identity', 'sources'], 'source "header" needs a header that Envoy sanitises: headers: {x-agent: {sanitizedBy: envoy}}');
  for (const [name, row] of rows) reportUnprovable(name, row, policy, error);
  return policy;
}

/** Before any agent is named: what needs no configuration, so that the inventory can tell callers apart. */
const SOURCES_WITHOUT_AGENTS: readonly ProvingSource[] = ['spiffe', 'mtls-san', 'mtls-cn', 'api-key'];

function sourcesUsed(rows: readonly AgentEntry[]): readonly ProvingSource[] {
  if (rows.length === 0) return SOURCES_WITHOUT_AGENTS;
  const used = new Set(rows.flatMap(([, { identify }]) => keysOf(identify).map((key) => IDENTIFY_SOURCES[key])));
  return PROVING_SOURCES.filter((source) => used.has(source));
}

type IdentifyKey = keyof typeof IDENTIFY_SOURCES;

function keysOf(identify: AgentRow['identify']): readonly IdentifyKey[] {
  return (Object.keys(IDENTIFY_SOURCES) as readonly IdentifyKey[]).filter((key) => identify?.[key] !== undefined);
}

function compileIssuer(row: JwtRow, path: readonly (string | number)[], error: Report): TokenIssuer {
  const keys = keySourceOf(row, path, error);
  const known: TokenIssuer['algorithms'] = keys.kind === 'secret-file' ? SECRET_ALGORITHMS : PUBLIC_KEY_ALGORITHMS;
  const foreign = (row.algorithms ?? []).filter((algorithm) => !known.includes(algorithm));
  if (foreign.length > 0) error([...path, 'algorithms'], algorithmMessage(foreign, keys));
  return {
    issuer: row.issuer,
    audiences: row.audience,
    keys,
    algorithms: row.algorithms ?? known,
    type: row.type,
    required: row.required ?? [],
    clockSkewS: row.clockSkew ?? CLOCK_SKEW_S,
    maxAgeS: row.maxAge,
  };
}

function algorithmMessage(foreign: readonly string[], { kind }: KeySource): string {
  const named = foreign.join(', ');
  return kind === 'secret-file'
    ? `a secret cannot check ${named}; give jwksFile or jwksUrl, or list ${SECRET_ALGORITHMS.join(', ')}`
    : `public keys cannot check ${named}: anybody who knows such a key could sign with it; give secretFile, or list others`;
}

function keySourceOf({ jwksUrl, jwksFile, secretFile }: JwtRow, path: readonly (string | number)[], error: Report): KeySource {
  const given = [jwksUrl, jwksFile, secretFile].filter((one) => one !== undefined);
  if (given.length !== 1) error(path, `name one of jwksUrl, jwksFile and secretFile; found ${given.length}`);
  if (secretFile !== undefined) return { kind: 'secret-file', path: secretFile };
  if (jwksFile !== undefined) return { kind: 'file', path: jwksFile };
  const url = jwksUrl ?? '';
  if (jwksUrl !== undefined && !isSafeUrl(url)) error([...path, 'jwksUrl'], 'keys are fetched by https, or by http from this machine only');
  return { kind: 'url', url };
}

function isSafeUrl(written: string): boolean {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

function reportRepeatedIssuers(rows: readonly JwtRow[], error: Report): void {
  rows.forEach(({ issuer }, index) => {
    if (rows.findIndex((row) => row.issuer === issuer) < index)
      error(['identity', 'jwt', index, 'issuer'], `issuer "${issuer}" has a row already; name its audiences there`);
  });
}

/** What an agent is identified by has to be something that can be proven under this policy: otherwise nobody would ever be that agent. */
function reportUnprovable(name: string, row: AgentRow, policy: IdentityPolicy, error: Report): void {
  const path = ['agents', name, 'identify'];
  if (keysOf(row.identify).length === 0)
    error(['agents', name], `nobody can be "${name}": it needs identify, e.g. identify: {spiffe: spiffe://…}`);
  for (const key of keysOf(row.identify)) {
    const source = IDENTIFY_SOURCES[key];
    if (source === 'mcp-client' || source === 'user-agent') continue;
    if (!policy.sources.has(source)) error([...path, key], `identity.sources leaves out "${source}"; nobody could be "${name}"`);
  }
  if (row.identify?.jwt !== undefined && policy.issuers.length === 0 && policy.jwtAuthn.length === 0)
    error([...path, 'jwt'], 'no token can be verified: name its issuer in identity.jwt, or what jwt_authn leaves in identity.jwtAuthn');
  for (const header of Object.keys(row.identify?.header ?? {}))
    if (!policy.trustedHeaders.includes(header.toLowerCase()))
      error([...path, 'header', header], `"${header}" could come from the client; identity.headers must say sanitizedBy: envoy for it`);
  for (const hash of row.identify?.apiKeyHash ?? [])
    if (hash.length < 12 || hash.length > 64 || !isHex(hash) || hash !== hash.toLowerCase())
      error(
        [...path, 'apiKeyHash'],
        'expected 12 to 64 hex digits in lower case: the hash of the key that the inventory shows, never the key',
      );
}
