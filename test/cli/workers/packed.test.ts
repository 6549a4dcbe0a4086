import { describe, expect, test } from 'vitest';
import type { Answer, Ask, FromWorker, ToWorker } from '../../../src/cli/workers/messages.ts';
import {
  packAnswers,
  packAsks,
  receivedByWorker,
  receivedFromWorker,
  sentByWorker,
  sentToWorker,
  unpackAnswers,
  unpackAsks,
} from '../../../src/cli/workers/packed.ts';

const admit: Ask = { id: 1, call: 'admit', body: { agent: 'clerk', subject: { agent: 'clerk' }, nowMs: 5 } };
const keep: Ask = { id: 2, call: 'keepTokens', body: { scope: 's', values: new Map([['PII_CARD_X', '4111']]), nowMs: 5 } };
const count: Ask = { id: 3, call: 'count', body: [{ name: 'row', mine: 2, keepMs: 60_000 }] };

const named: Ask = {
  id: 4,
  call: 'admit',
  body: {
    agent: 'clerk',
    subject: { agent: 'clerk', person: 'p', session: 's', credential: 'c', endpoint: 'host/path', tool: 'send' },
    nowMs: 6,
  },
};
const admitted: Ask = { id: 7, call: 'admitted', body: { ...named.body, requests: 12 } };
const plainEvent: Ask = {
  id: 5,
  call: 'observe',
  body: { unixMs: 7, tools: [], ids: [], sensitive: [], denied: true, endsByPause: false, admitted: false },
};
const fullEvent: Ask = {
  id: 6,
  call: 'observe',
  body: {
    unixMs: 8,
    agent: 'clerk',
    person: 'p',
    session: 's',
    turnCalls: 0,
    endsByPause: true,
    admitted: true,
    credential: 'c',
    address: 'a',
    endpoint: 'host/path',
    method: 'POST',
    status: 200,
    model: 'm',
    tokensIn: 1,
    tokensOut: 2,
    tools: [{ name: 'send', argumentsHash: 'h', ids: [{ hash: 'i', order: 3 }] }],
    ids: [{ hash: 'j' }],
    sensitive: [{ kind: 'card-number', count: 4 }],
    denied: false,
  },
};

const crossed = <T>(value: T): T => structuredClone(value);

describe('between two processes', () => {
  test('questions arrive as they left, each kind in its order', () => {
    expect(unpackAsks(crossed(packAsks([admit, keep, count])))).toEqual([admit, count, keep]);
    expect(unpackAsks(crossed(packAsks([admit, count])))).toEqual([admit, count]);
    expect(unpackAsks(crossed(packAsks([fullEvent, named, admitted, plainEvent, admit])))).toEqual([
      fullEvent,
      named,
      admitted,
      plainEvent,
      admit,
    ]);
    expect(unpackAsks(crossed(packAsks([])))).toEqual([]);
  });

  test('names in any script and halves of a character arrive whole', () => {
    const agent = `\u{1f510} Büro \ud800 "\\`;
    const foreign: Ask = { ...admit, body: { ...admit.body, agent, subject: { agent, person: '' } } };
    expect(unpackAsks(crossed(packAsks([foreign])))).toEqual([foreign]);
  });

  test('a name that many questions have crosses once', () => {
    const many = Array.from({ length: 100 }, (_, at): Ask => ({ ...named, id: at }));
    expect(packAsks(many).plain.split('host/path')).toHaveLength(2);
    expect(unpackAsks(crossed(packAsks(many)))).toEqual(many);
  });

  test('answers that say something arrive as they left, the others as runs of ids', () => {
    const sums: Answer = { id: 3, value: [7] };
    const tokens: Answer = { id: 4, value: new Map([['PII_CARD_X', '4111']]) };
    const packed = packAnswers([{ id: 1, value: [] }, sums, { id: 2, value: undefined }, tokens, { id: 5, value: new Map() }]);
    expect(packed).toEqual({ plain: '[[1,2,5,5],[]]', values: [sums, tokens] });
    const nothing = [1, 2, 5].map((id) => ({ id, value: undefined }));
    expect(unpackAnswers(crossed(packed))).toEqual([...nothing, sums, tokens]);
  });

  test('of ample room a run of ids tells, too', () => {
    const answers = [1, 2, 4].map((id): Answer => ({ id, value: 'ample' }));
    const packed = packAnswers([...answers, { id: 3, value: [] }]);
    expect(packed).toEqual({ plain: '[[3,3],[1,2,4,4]]', values: [] });
    expect(unpackAnswers(crossed(packed))).toEqual([{ id: 3, value: undefined }, ...answers]);
  });

  const some: FromWorker = { kind: 'asks', asks: packAsks([admit]) };
  const rich: FromWorker = { kind: 'asks', asks: packAsks([admit, keep]) };
  test.each([
    ['questions that are text', some, 'string'],
    ['questions with maps', rich, 'object'],
  ])('%s are sent as such, and arrive as they left', (_, message, type) => {
    const sent = crossed(sentByWorker(message));
    expect([typeof sent, receivedFromWorker(sent)]).toEqual([type, message]);
  });

  const silent: ToWorker = { kind: 'answers', answers: packAnswers([{ id: 1, value: [] }]) };
  const telling: ToWorker = { kind: 'answers', answers: packAnswers([{ id: 1, value: [7] }]) };
  test.each([
    ['answers that say nothing', silent, 'string'],
    ['answers that say something', telling, 'object'],
  ])('%s are sent as such, and arrive as they left', (_, message, type) => {
    const sent = crossed(sentToWorker(message));
    expect([typeof sent, receivedByWorker(sent)]).toEqual([type, message]);
  });
});
