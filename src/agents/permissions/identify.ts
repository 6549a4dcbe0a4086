import { unreachable } from '../../lib/assert.ts';
import { compileGlob, isGlob } from '../../lib/glob.ts';
import type { Source } from '../identity/claim.ts';
import type { Identity, Proof } from '../identity/identity.ts';
import { textsOf } from '../identity/token-person.ts';
import type { IdentifyRow } from './schema.ts';

/** How an agent is told: every source its row names has to match. */
export interface Identification {
  readonly sources: ReadonlySet<Source>;
  /** Whether it names a source that can be proven. */
  readonly proves: boolean;
  /** One of them is among `identityKeys` of everybody it matches; undefined: there are no such. */
  readonly keys: readonly string[] | undefined;
  matches(identity: Identity): boolean;
}

/** The source behind each key of `identify`. */
export const IDENTIFY_SOURCES = {
  spiffe: 'spiffe',
  jwt: 'jwt',
  mtlsSan: 'mtls-san',
  mtlsCn: 'mtls-cn',
  apiKeyHash: 'api-key',
  header: 'header',
  mcpClient: 'mcp-client',
  userAgent: 'user-agent',
} as const satisfies Record<keyof IdentifyRow, Source>;

type Test = (identity: Identity) => boolean;

/** Compiles `identify`. SPIFFE ids and DNS names are globs whose `*` stays within a segment or label; all others match any run with it. */
export function compileIdentify(row: IdentifyRow): Identification {
  const tests = new Map<Source, Test>();
  const add = (source: Source, test: Test | undefined): void => void (test !== undefined && tests.set(source, test));
  add('spiffe', row.spiffe && proofTest('spiffe', anyOf(row.spiffe, '/'), ({ id }) => id));
  add('mtls-san', row.mtlsSan && proofTest('mtls-san', anyOf(row.mtlsSan, '.'), ({ name }) => name));
  add('mtls-cn', row.mtlsCn && proofTest('mtls-cn', anyOf(row.mtlsCn, ''), ({ name }) => name));
  add('jwt', row.jwt && tokenTest(row.jwt));
  add('api-key', row.apiKeyHash && keyTest(row.apiKeyHash));
  add('header', row.header && headerTest(row.header));
  add('mcp-client', row.mcpClient && hintTest('mcp-client', anyOf(row.mcpClient, '')));
  add('user-agent', row.userAgent && hintTest('user-agent', anyOf(row.userAgent, '')));
  const all = [...tests.values()];
  const proves = [...tests.keys()].some((source) => source !== 'mcp-client' && source !== 'user-agent');
  return {
    sources: new Set(tests.keys()),
    proves,
    keys: keysOf(row),
    matches(identity) {
      const [strongest] = identity.proofs;
      if (proves && (strongest === undefined || !tests.has(strongest.source))) return false;
      for (const test of all) if (!test(identity)) return false;
      return all.length > 0;
    },
  };
}

type TextTest = (text: string) => boolean;

function anyOf(written: readonly string[], separator: string): TextTest {
  const globs = written.map((one) => compileGlob(one, { separator }));
  const [only, ...others] = globs;
  return only !== undefined && others.length === 0 ? only.matches : (text) => globs.some((glob) => glob.matches(text));
}

type ProofOf<Kind extends Proof['source']> = Extract<Proof, { source: Kind }>;

/** One certificate can have several names; all of them are its own. */
function proofTest<Kind extends Proof['source']>(source: Kind, test: TextTest, textOf: (proof: ProofOf<Kind>) => string): Test {
  const isOfKind = (proof: Proof): proof is ProofOf<Kind> => proof.source === source;
  return ({ proofs }) => {
    for (const proof of proofs) if (isOfKind(proof) && test(textOf(proof))) return true;
    return false;
  };
}

/** Every claim of the row has to match in the one token that counts: the first. */
function tokenTest(row: Readonly<Record<string, readonly string[]>>): Test {
  const claims = Object.entries(row).map(([name, written]) => ({ name, test: anyOf(written, '') }));
  return ({ proofs }) => {
    const token = proofs.find((proof) => proof.source === 'jwt');
    return token !== undefined && claims.every(({ name, test }) => textsOf(token.payload, name).some(test));
  };
}

/** Hashes are given by their first digits, twelve at least, as the inventory shows them. */
function keyTest(prefixes: readonly string[]): Test {
  return ({ proofs }) => proofs.some((proof) => proof.source === 'api-key' && prefixes.some((prefix) => proof.hash.startsWith(prefix)));
}

function headerTest(row: Readonly<Record<string, readonly string[]>>): Test {
  const headers = Object.entries(row).map(([name, written]) => ({ name: name.toLowerCase(), test: anyOf(written, '') }));
  return ({ proofs }) =>
    headers.every(({ name, test }) => proofs.some((proof) => proof.source === 'header' && proof.name === name && test(proof.value)));
}

function hintTest(source: 'mcp-client' | 'user-agent', test: TextTest): Test {
  return ({ hints }) => hints.some((hint) => hint.source === source && test(hint.source === 'mcp-client' ? hint.name : hint.value));
}

/** Claims of tokens that say who somebody is. */
const NAMING_CLAIMS = ['sub', 'azp', 'client_id', 'appid'] as const;
/** Digits of the hash of a key. */
const KEY_DIGITS = 12;

/** Of the first source whose values are all written without `*`. */
function keysOf({ spiffe, mtlsSan, mtlsCn, jwt = {}, header = {}, apiKeyHash }: IdentifyRow): readonly string[] | undefined {
  const claim = NAMING_CLAIMS.find((name) => literals(jwt[name]) !== undefined);
  const field = Object.keys(header).find((name) => literals(header[name]) !== undefined);
  return (
    literals(spiffe)?.map((id) => key('spiffe', id)) ??
    literals(mtlsSan)?.map((name) => key('mtls-san', name)) ??
    literals(mtlsCn)?.map((name) => key('mtls-cn', name)) ??
    (claim === undefined ? undefined : jwt[claim]?.map((text) => key(`jwt ${claim}`, text))) ??
    (field === undefined ? undefined : header[field]?.map((text) => key(`header ${field.toLowerCase()}`, text))) ??
    (apiKeyHash?.every((prefix) => prefix.length >= KEY_DIGITS)
      ? apiKeyHash.map((prefix) => key('api-key', prefix.slice(0, KEY_DIGITS)))
      : undefined)
  );
}

/** What callers are looked up by. */
export function identityKeys({ proofs }: Identity): readonly string[] {
  const keys: string[] = [];
  for (const proof of proofs) {
    switch (proof.source) {
      case 'spiffe':
        keys.push(key('spiffe', proof.id));
        break;
      case 'mtls-san':
      case 'mtls-cn':
        keys.push(key(proof.source, proof.name));
        break;
      case 'jwt':
        for (const claim of NAMING_CLAIMS) for (const text of textsOf(proof.payload, claim)) keys.push(key(`jwt ${claim}`, text));
        break;
      case 'header':
        keys.push(key(`header ${proof.name}`, proof.value));
        break;
      case 'api-key':
        keys.push(key('api-key', proof.hash.slice(0, KEY_DIGITS)));
        break;
      default:
        unreachable(proof);
    }
  }
  return keys;
}

function literals(written: readonly string[] | undefined): readonly string[] | undefined {
  return written === undefined || written.some(isGlob) ? undefined : written;
}

function key(source: string, value: string): string {
  return `${source}\n${value}`;
}
