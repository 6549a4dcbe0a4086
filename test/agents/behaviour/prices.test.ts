import { describe, expect, test } from 'vitest';
import { builtInPrices, costMicroUsd, parsePrices } from '../../../src/agents/behaviour/prices.ts';

describe('the cost of tokens', () => {
  const cost = (model: string) => costMicroUsd(builtInPrices(), { model, tokensIn: 1_000, tokensOut: 100 });

  test.each([
    ['gpt-5-mini', 450],
    ['gpt-5-mini-2025-08-07', 450],
    ['openai/gpt-5-mini', 450],
    ['claude-sonnet-4-5-20250929', 4_500],
    ['claude-sonnet-4-5@20250929', 4_500],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 4_500],
    ['models/gemini-2.5-flash', 550],
    ['claude-3-5-haiku-latest', 1_200],
    ['text-embedding-3-small', 20],
  ])('of %s is %d millionths of a dollar', (model, micro) => {
    expect(cost(model)).toBe(micro);
  });

  test.each(['gpt-5-pro', 'gpt-5-mini-finetuned', 'GPT', '', 'x'.repeat(10_000), '__proto__', 'constructor'])(
    'of %s is not guessed',
    (model) => {
      expect(cost(model)).toBeUndefined();
    },
  );
});

describe("an operator's price table", () => {
  test('replaces and adds rows', () => {
    const parsed = parsePrices('models:\n  gpt-5-mini: {input: 1, output: 2}\n  our-own: {input: 0, output: 0}\n');
    const prices = parsed.ok ? parsed.prices : new Map();
    expect([prices.get('gpt-5-mini'), prices.get('our-own'), prices.get('gpt-5')]).toEqual([
      { input: 1, output: 2 },
      { input: 0, output: 0 },
      { input: 1.25, output: 10 },
    ]);
  });

  test.each([
    ['', 1, 'has no `models` with a row for each model'],
    ['models: [1]', 1, 'has no `models` with a row for each model'],
    [
      'models:\n  a: {input: 1, output: 1}\n  b: {input: x, output: 1}',
      3,
      'has a model without `input` and `output`, in dollars for a million tokens',
    ],
    ['models:\n  a: {input: -1, output: 1}', 2, 'has a model without `input` and `output`, in dollars for a million tokens'],
    ['models:\n  1: {input: 1, output: 1}', 2, 'has a model without a name'],
    ['models: {a: &x {input: 1, output: 1}', 1, 'is no YAML'],
  ])('%j is refused with its line', (text, line, problem) => {
    expect(parsePrices(text)).toEqual({ ok: false, line, problem });
  });
});
