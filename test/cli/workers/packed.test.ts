import { describe, expect, test } from 'vitest';
import type { Answer, Ask } from '../../../src/cli/workers/messages.ts';
import { packAnswers, packAsks, unpackAnswers, unpackAsks } from '../../../src/cli/workers/packed.ts';

const admit: Ask = { id: 1, call: 'admit', body: { agent: 'clerk', subject: { agent: 'clerk' }, nowMs: 5 } };
const keep: Ask = { id: 2, call: 'keepTokens', body: { scope: 's', values: new Map([['PII_CARD_X', '4111']]), nowMs: 5 } };
const count: Ask = { id: 3, call: 'count', body: [{ name: 'row', mine: 2, keepMs: 60_000 }] };

const crossed = <T>(value: T): T => structuredClone(value);

describe('between two processes', () => {
  test('questions arrive as they left, each kind in its order', () => {
    expect(unpackAsks(crossed(packAsks([admit, keep, count])))).toEqual([admit, count, keep]);
    expect(unpackAsks(crossed(packAsks([admit, count])))).toEqual([admit, count]);
    expect(unpackAsks(crossed(packAsks([])))).toEqual([]);
  });

  test('names in any script and halves of a character arrive whole', () => {
    const agent = `\u{1f510} Büro \ud800 "\\`;
    const named: Ask = { ...admit, body: { ...admit.body, agent, subject: { agent } } };
    expect(unpackAsks(crossed(packAsks([named])))).toEqual([named]);
  });

  test('answers that say something arrive as they left, the others as ids', () => {
    const sums: Answer = { id: 3, value: [7] };
    const tokens: Answer = { id: 4, value: new Map([['PII_CARD_X', '4111']]) };
    const packed = packAnswers([{ id: 1, value: [] }, sums, { id: 2, value: undefined }, tokens, { id: 5, value: new Map() }]);
    expect(packed).toEqual({ nothing: [1, 2, 5], values: [sums, tokens] });
    const nothing = [1, 2, 5].map((id) => ({ id, value: undefined }));
    expect(unpackAnswers(crossed(packed))).toEqual([...nothing, sums, tokens]);
  });
});
