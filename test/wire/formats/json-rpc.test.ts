import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { jsonRpc } from '../../../src/wire/formats/json-rpc.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { readJson } from '../../../src/wire/framing/json.ts';
import { read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: jsonRpc, direction: 'request' });
const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: jsonRpc, direction: 'response' });
const recognised = (body: unknown) => {
  const result = readJson(Buffer.from(JSON.stringify(body)), 64);
  return result.ok && jsonRpc.recogniseBody!(result.doc);
};

test('any request, answer and error of version 2.0 is recognised, alone or in a batch, and nothing else', () => {
  const call = { jsonrpc: '2.0', id: 1, method: 'eth_call' };
  expect([call, [call], { jsonrpc: '2.0', id: 1, result: null }, { jsonrpc: '2.0', id: null, error: {} }].map(recognised)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([{ ...call, jsonrpc: '1.0' }, { jsonrpc: '2.0' }, { method: 'x' }, [], [[call]], 'x', null].map(recognised)).toEqual(
    Array.from({ length: 7 }, () => false),
  );
  expect(jsonRpc.recognise({ method: 'POST', path: '/rpc', host: '', header: () => undefined })).toBe(false);
});

test('parameters are what a user says, by name and by place, and the method is a fact', () => {
  const { frames, facts } = request([
    { jsonrpc: '2.0', id: 'a', method: 'send', params: { to: 'bob', deep: [{ x: 'y' }], account: 123456789 } },
    { jsonrpc: '2.0', method: 'note', params: ['first', 2] },
    'odd',
  ]);
  expect(values({ frames })).toEqual([
    ['user', 'body.0.params.to', 'bob'],
    ['user', 'body.0.params.deep.0.x', 'y'],
    ['user', 'body.0.params.account', '123456789'],
    ['user', 'body.1.params.0', 'first'],
    ['other', 'body.2', 'odd'],
  ]);
  expect(facts).toMatchObject({ methods: ['send', 'note'], requestIds: ['a'] });
});

test('results and errors are output', () => {
  expect(values(response({ jsonrpc: '2.0', id: 1, result: 'done' }))).toEqual([['output', 'body.result', 'done']]);
  expect(values(response({ jsonrpc: '2.0', id: 1, error: { code: -1, message: 'no', data: ['why'] }, trace: 't' }))).toEqual([
    ['output', 'body.error.message', 'no'],
    ['output', 'body.error.data.0', 'why'],
    ['output', 'body.trace', 't'],
  ]);
});

test('numbers that no answer could repeat exactly are no ids', () => {
  expect(request({ jsonrpc: '2.0', id: 1.5, method: 'm' }).facts.requestIds).toBeUndefined();
  expect(request({ jsonrpc: '2.0', id: 2 ** 60, method: 'm' }).facts.requestIds).toBeUndefined();
  expect(request({ jsonrpc: '2.0', id: -7, method: 'm' }).facts.requestIds).toEqual([-7]);
});

test('a field twice in one message is two texts', () => {
  const body = '{"jsonrpc":"2.0","method":"m","params":"a","params":{"x":"b"}}';
  expect(values(read([Buffer.from(body)], { format: jsonRpc, direction: 'request' }))).toEqual([
    ['user', 'body.params', 'a'],
    ['user', 'body.params~1.x', 'b'],
  ]);
});

test('a refusal of what is larger than can be read has no id', () => {
  const denial = denialFor('request_too_large');
  expect(jsonRpc.denial(denial, emptyFacts())).toEqual({
    status: 413,
    contentType: 'application/json',
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_050, message: denial.message, data: { code: 'request_too_large' } },
    }),
  });
});
