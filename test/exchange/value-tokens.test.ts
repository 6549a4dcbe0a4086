import { describe, expect, it, test } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { detectorId } from '../../src/detect/detector.ts';
import { createLaneEngine } from '../../src/detect/lane-engine.ts';
import { createValueTokens, tokenKind, type ValueTokens } from '../../src/exchange/value-tokens.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { tokenHash } from '../support/token-exchange.ts';

const tokensOf = (scope: string): ValueTokens => createValueTokens({ scope: () => [scope], hash: tokenHash });

describe('a token', () => {
  it('is its kind and sixteen letters, and the same for the same value', () => {
    const token = tokensOf('anna').mint('PII_CARD', '4111');
    expect(token).toMatch(/^PII_CARD_[BCDFGHJKMPQRTVWX]{16}$/);
    expect(tokensOf('anna').mint('PII_CARD', '4111')).toBe(token);
  });

  test.each([
    ['scope', 'ben', 'PII_CARD', '4111'],
    ['kind', 'anna', 'PII_IBAN', '4111'],
    ['value', 'anna', 'PII_CARD', '4112'],
  ])('is another one for another %s', (_, scope, kind, value) => {
    expect(tokensOf(scope).mint(kind, value)?.slice(-16)).not.toBe(tokensOf('anna').mint('PII_CARD', '4111')?.slice(-16));
  });

  it('is read again only where it was minted', () => {
    const [anna, ben] = [tokensOf('anna'), tokensOf('ben')];
    const token = anna.mint('PII_CARD', '4111')!;
    expect([anna.valueOf(token), ben.valueOf(token)]).toEqual(['4111', undefined]);
  });

  it('that was kept is believed only with the MAC of its scope', () => {
    const token = tokensOf('anna').mint('PII_CARD', '4111')!;
    const forged = token.slice(0, -1) + (token.endsWith('B') ? 'C' : 'B');
    const learnt = (scope: string, one: string): string | undefined => {
      const tokens = tokensOf(scope);
      tokens.learn(new Map([[one, '4111']]));
      return tokens.valueOf(one);
    };
    expect([learnt('anna', token), learnt('anna', forged), learnt('ben', token)]).toEqual(['4111', undefined, undefined]);
  });

  it('is not given to a second value when two have the same', () => {
    const tokens = createValueTokens({ scope: () => [], hash: () => '0'.repeat(64) });
    expect([tokens.mint('PII_CARD', '1'), tokens.mint('PII_CARD', '2'), tokens.mint('PII_CARD', '1')]).toEqual([
      'PII_CARD_BBBBBBBBBBBBBBBB',
      undefined,
      'PII_CARD_BBBBBBBBBBBBBBBB',
    ]);
  });

  test.each([
    [FIXED.tokenEntries - 1, true],
    [FIXED.tokenEntries, false],
  ])('is given to a new value after %i others: %s', (others, given) => {
    const tokens = tokensOf('anna');
    for (let i = 0; i < others; i++) tokens.mint('PII_CARD', `${i}`);
    expect(tokens.mint('PII_CARD', 'one more') !== undefined).toBe(given);
  });

  test.each([
    [0, true],
    [1, false],
  ])('is given to a value %i units longer than all there is room for: %s', (more, given) => {
    const room = FIXED.tokenBytes / 2 - 'PII_CARD_'.length - 16;
    const tokens = tokensOf('anna');
    expect(tokens.mint('PII_CARD', 'x'.repeat(room + more)) !== undefined).toBe(given);
    expect(tokens.heldBytes).toBeLessThanOrEqual(FIXED.tokenBytes);
  });
});

test('no detector finds anything in the tokens of any detector', () => {
  const engine = createLaneEngine(
    CATALOGUE.map((detector) => ({ id: detectorId(detector), detector, severity: 'low', confidence: 1, action: 'redact' })),
  );
  const tokens = tokensOf('anna');
  const texts = CATALOGUE.flatMap((one) => [0, 1, 2].map((i) => `Write to ${tokens.mint(tokenKind(detectorId(one)), `${i}`)} today.`));
  const found = texts.flatMap((text) => {
    const scan = engine.open({ stopAtDenial: false });
    scan.push(text);
    scan.end();
    return scan.takeMatches().map(({ rule }) => `${rule.id} in ${text}`);
  });
  expect(texts.length).toBe(3 * CATALOGUE.length);
  expect(found).toEqual([]);
});
