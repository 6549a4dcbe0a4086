import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { smallPolicy } from '../support/streams.ts';
import { CHAT_REQUEST, DEFAULT_MODES, driveExchange, recordIn } from './drive.ts';

const POLICY = smallPolicy('version: 1\n');
const PLAIN = { ...CHAT_REQUEST, ':path': '/accounts?owner=Ann' };
const ANSWER = { ':status': '200', 'content-type': 'application/json' };

interface Played {
  readonly learns?: (endpoint: { readonly method: string; readonly host: string; readonly path: string }) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly request?: string | object;
  readonly answer?: Readonly<Record<string, string>>;
  readonly response?: string | object;
}

/** The record of an exchange whose bodies may be learned. */
function play({ learns = () => true, headers = PLAIN, request = {}, answer = ANSWER, response = {} }: Played) {
  const driven = driveExchange(POLICY, { learns });
  driven.open(DEFAULT_MODES);
  driven.requestHeaders(headers);
  driven.requestBody(request);
  driven.responseHeaders(answer);
  driven.responseBody(response);
  driven.step({ kind: 'ended', unixMs: 0 });
  return recordIn(driven.effects);
}

const tool = (description: string) => [{ type: 'function', function: { name: 'pay', description, parameters: { type: 'object' } } }];
const chat = (description: string) => ({ model: 'm', messages: [{ role: 'user', content: 'hi' }], tools: tool(description) });
const listed = (description: string) => ({
  jsonrpc: '2.0',
  id: 1,
  result: { tools: [{ name: 'pay', description, inputSchema: { type: 'object' } }] },
});
const fingerprint = (description: string) =>
  createHash('sha256')
    .update(`{"description":${JSON.stringify(description)},"schema":{"type":"object"}}`)
    .digest('hex');

describe('an exchange of a plain API', () => {
  test('says the fields of both bodies, and asks once whether it is to', () => {
    const asked: unknown[] = [];
    const record = play({
      learns: ({ method, host, path }) => asked.push({ method, host, path }) > 0,
      request: { owner: 'Ann', limit: 5 },
      response: [{ id: 1 }, { id: 2, name: 'x' }],
    });
    expect(record.learned).toEqual({
      shapes: {
        request: [' object', '/owner string', '/limit integer'],
        response: [' array', '/* object', '/*/id integer', '/*/name? string'],
      },
      tools: new Map(),
    });
    expect(asked).toEqual([{ method: 'POST', host: 'api.example', path: '/accounts' }]);
  });

  test('says nothing when it is none of the sample', () => {
    expect(play({ learns: () => false, request: { a: 1 }, response: { b: 1 } }).learned).toEqual({ shapes: {}, tools: new Map() });
  });

  test.each(['400', '302', '500'])('says no fields when the answer is %s', (status) => {
    expect(play({ request: { a: 1 }, response: { b: 1 }, answer: { ...ANSWER, ':status': status } }).learned?.shapes).toEqual({});
  });

  test.each([
    ['no JSON', { 'content-type': 'text/plain' }, 'a text'],
    ['JSON that is broken', { 'content-type': 'application/json' }, '{"a":'],
    ['JSON in lines', { 'content-type': 'application/x-ndjson' }, '{"a":1}\n{"a":2}\n'],
    ['events', { 'content-type': 'text/event-stream' }, 'data: {"a":1}\n\n'],
    [
      'JSON in a part',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\ncontent-type: application/json\r\n\r\n{"a":1}\r\n--b--\r\n',
    ],
  ])('says nothing of an answer that is %s', (_, headers, response) => {
    expect(play({ answer: { ...ANSWER, ...headers }, response }).learned?.shapes.response).toBeUndefined();
  });

  test('leaves nothing when nobody learns', () => {
    const driven = driveExchange(POLICY);
    driven.open(DEFAULT_MODES);
    driven.requestHeaders(PLAIN);
    driven.requestBody({ a: 1 });
    driven.responseHeaders();
    driven.responseBody({});
    driven.step({ kind: 'ended', unixMs: 0 });
    expect(recordIn(driven.effects).learned).toBeUndefined();
  });
});

describe('an exchange of a dialect', () => {
  test('says no fields: they are known', () => {
    expect(play({ headers: CHAT_REQUEST, request: chat('Pays.'), response: { choices: [] } }).learned?.shapes).toEqual({});
  });

  test('says no fields of one that only its body tells', () => {
    const request = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    expect(play({ headers: { ...PLAIN, ':path': '/elsewhere' }, request, response: listed('Pays.') }).learned?.shapes).toEqual({});
  });

  test('says the fingerprint of what a request declares when it is one of the sample', () => {
    const declared = (isSampled: boolean) =>
      play({ learns: () => isSampled, headers: CHAT_REQUEST, request: chat('Pays.'), response: { choices: [] } }).learned?.tools;
    expect([declared(true), declared(false)]).toEqual([new Map([['pay', fingerprint('Pays.')]]), new Map()]);
  });

  test('says the fingerprints of 64 tools', () => {
    const tools = Array.from({ length: 65 }, (_, at) => ({ type: 'function', function: { name: `tool${at}`, description: 'x' } }));
    const { learned } = play({ headers: CHAT_REQUEST, request: { ...chat('Pays.'), tools }, response: { choices: [] } });
    expect([...learned!.tools.keys()]).toEqual(Array.from({ length: 64 }, (_, at) => `tool${at}`));
  });

  test('says the fingerprint of what a server lists, of the sample or not, and another one of another description', () => {
    const headers = { ...CHAT_REQUEST, ':path': '/mcp' };
    const request = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const offered = (isSampled: boolean, description: string) =>
      play({ learns: () => isSampled, headers, request, response: listed(description) }).learned?.tools.get('pay');
    expect([offered(true, 'Pays.'), offered(false, 'Pays.'), offered(false, 'Pays all.')]).toEqual([
      fingerprint('Pays.'),
      fingerprint('Pays.'),
      fingerprint('Pays all.'),
    ]);
  });
});
