import { expect, test } from 'vitest';
import type { Rule } from '../../src/detect/scan.ts';
import { createTokenMinting } from '../../src/exchange/token-minting.ts';
import { createValueTokens } from '../../src/exchange/value-tokens.ts';
import { utf16Offset } from '../../src/lib/units.ts';
import { ruleOf } from '../support/rules.ts';

const TOKENIZED: Rule = { ...ruleOf('email', /x/), tokenizes: true };
const REDACTED = ruleOf('card', /x/);

function minting(rules: readonly Rule[]) {
  const tokens = createValueTokens({
    scope: () => ['caller'],
    hash: (text) => Buffer.from(text).toString('hex').slice(-24).padStart(24, '0'),
  });
  return { tokens, minting: createTokenMinting({ rules }, tokens) };
}

const edit = (start: number, end: number, id: string) => ({
  start: utf16Offset(start),
  end: utf16Offset(end),
  replacement: `[REDACTED:${id}]`,
});

test('a text has no tokens where no rule makes them', () => {
  expect(minting([REDACTED]).minting).toBeUndefined();
});

test('the value of a rule that makes tokens is replaced by its token, wherever it was cut', () => {
  const { minting: made, tokens } = minting([TOKENIZED, REDACTED]);
  for (const piece of ['to ann', 'a and ', 'bob']) made!.push(piece);
  made!.forgetBefore(3);
  const token = made!.written(edit(3, 7, 'pii.email'));
  expect({ token, value: tokens.valueOf(token) }).toEqual({ token: expect.stringMatching(/^PII_EMAIL_[A-Z]{16}$/), value: 'anna' });
  expect(made!.written(edit(12, 15, 'pii.card'))).toBe('[REDACTED:pii.card]');
});

test('a value that goes on behind what has come is redacted', () => {
  const { minting: made } = minting([TOKENIZED]);
  made!.push('to ann');
  expect(made!.written(edit(3, 7, 'pii.email'))).toBe('[REDACTED:pii.email]');
});
