import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANONYMOUS, type Identity, type Proof } from '../../../src/agents/identity/identity.ts';
import { createAgentFinder } from '../../../src/agents/permissions/agent-finder.ts';
import { strangerRule } from '../../../src/agents/permissions/compile-rule.ts';
import { compileIdentify, identityKeys } from '../../../src/agents/permissions/identify.ts';

const NAMES = ['a', 'b', 'team/a', 'team.b'] as const;
const GLOBS = [...NAMES, '*', 'team/*', 'a*'] as const;
const HASHES = ['0123456789ab', '0123456789abcd', 'ffffffffffff'] as const;
const name = fc.constantFrom(...NAMES);
const globs = fc.array(fc.constantFrom(...GLOBS), { minLength: 1, maxLength: 2 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const source = fc.oneof(
  globs.map((spiffe) => ({ spiffe })),
  globs.map((mtlsSan) => ({ mtlsSan })),
  globs.map((mtlsCn) => ({ mtlsCn })),
  fc.dictionary(fc.constantFrom('sub', 'azp', 'team.name'), globs, { minKeys: 1, maxKeys: 2 }).map((jwt) => ({ jwt })),
  fc.array(fc.constantFrom(...HASHES, '0123'), { minLength: 1, maxLength: 2 }).map((apiKeyHash) => ({ apiKeyHash })),
  fc.dictionary(fc.constantFrom('X-Agent', 'x-team'), globs, { minKeys: 1, maxKeys: 2 }).map((header) => ({ header })),
  globs.map((userAgent) => ({ userAgent })),
);
const row = fc.tuple(source, fc.option(source, { freq: 1 })).map(([one, other]) => ({ ...one, ...other }));

const proof: fc.Arbitrary<Proof> = fc.oneof(
  name.map((id) => ({ source: 'spiffe', id, via: 'tls' }) as const),
  name.map((one) => ({ source: 'mtls-san', name: one, via: 'tls' }) as const),
  name.map((one) => ({ source: 'mtls-cn', name: one, via: 'tls' }) as const),
  fc
    .tuple(name, name, fc.array(name, { maxLength: 2 }))
    .map(([sub, azp, names]) => ({ source: 'jwt', payload: { sub, azp, team: { name: names } }, by: 'sluice' }) as const),
  fc.constantFrom(...HASHES).map((hash) => ({ source: 'api-key', hash: `${hash}${'0'.repeat(8)}` }) as const),
  fc.tuple(fc.constantFrom('x-agent', 'x-team'), name).map(([header, value]) => ({ source: 'header', name: header, value }) as const),
);
const identity: fc.Arbitrary<Identity> = fc
  .tuple(fc.array(proof, { maxLength: 3 }), maybe(name))
  .map(([proofs, agent]) => ({ ...ANONYMOUS, proofs, hints: agent === undefined ? [] : [{ source: 'user-agent', value: agent }] }));

const stranger = strangerRule('deny');

describe('the row of a caller', () => {
  test('is the one that a look at every row finds', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), identity, (rows, caller) => {
        const agents = rows.map((written, index) => ({
          identification: compileIdentify(written),
          rule: { ...stranger, name: `agent-${index}` },
        }));
        const first = (proves: boolean) =>
          agents.find(({ identification }) => identification.proves === proves && identification.matches(caller));
        const expected = (first(true) ?? first(false))?.rule.name ?? stranger.name;
        found += Number(expected !== stranger.name);
        expect(createAgentFinder(agents, stranger)(caller).name).toBe(expected);
      }),
      { numRuns: 5000 },
    );
    expect(found).toBeGreaterThan(500);
  });

  test.each([
    ['a SPIFFE id', { spiffe: ['a', 'b'] }, 2],
    ['a token’s subject', { jwt: { sub: ['a'] } }, 1],
    ['a header', { header: { 'X-Agent': ['a'] } }, 1],
    ['a key', { apiKeyHash: ['0123456789abcd'] }, 1],
    ['a pattern', { spiffe: ['team/*'] }, undefined],
    ['a short piece of a hash', { apiKeyHash: ['0123'] }, undefined],
  ])('is looked up by %s', (_, written, keys) => {
    expect(compileIdentify(written).keys?.length).toBe(keys);
  });

  test('is looked up by everything that is proven of the caller', () => {
    const proofs: Proof[] = [
      { source: 'spiffe', id: 'a', via: 'tls' },
      { source: 'jwt', payload: { sub: 'a', client_id: ['b', 'c'] }, by: 'sluice' },
    ];
    expect(identityKeys({ ...ANONYMOUS, proofs })).toHaveLength(4);
  });
});
