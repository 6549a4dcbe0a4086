import type { DialectCase } from '../dialect-case.ts';
import { jsonEvents, one, sse } from '../writing.ts';

const HEAD = { path: '/rpc' };

/** JSON-RPC 2.0: https://www.jsonrpc.org/specification */
export const JSON_RPC: readonly DialectCase[] = [
  {
    format: 'json-rpc',
    name: 'batch of a call by name, a call by place and an answer',
    direction: 'request',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'named', lane: 'user' },
      { name: 'placed', lane: 'user' },
      { name: 'result', lane: 'user' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify([
          { jsonrpc: '2.0', id: 1, method: 'send', params: { to: [one(texts, 'named')] }, some_new_field: one(texts, 'unknown') },
          { jsonrpc: '2.0', method: 'note', params: [one(texts, 'placed')] },
          { jsonrpc: '2.0', id: 2, result: one(texts, 'result') },
        ]),
      ),
    read(bytes) {
      const [call, note, answer] = JSON.parse(bytes.toString());
      return new Map([
        ['named', call.params.to[0]],
        ['placed', note.params[0]],
        ['result', answer.result],
        ['unknown', call.some_new_field],
      ]);
    },
  },
  {
    format: 'json-rpc',
    name: 'batch of a result and an error',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'result', lane: 'output' },
      { name: 'error', lane: 'output' },
      { name: 'data', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify([
          { jsonrpc: '2.0', id: 1, result: { rows: [one(texts, 'result')] } },
          { jsonrpc: '2.0', id: 2, error: { code: -32_000, message: one(texts, 'error'), data: { why: one(texts, 'data') } } },
        ]),
      ),
    read(bytes) {
      const [{ result }, { error }] = JSON.parse(bytes.toString());
      return new Map([
        ['result', result.rows[0]],
        ['error', error.message],
        ['data', error.data.why],
      ]);
    },
  },
  {
    format: 'json-rpc',
    name: 'stream of a notification and a result',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [
      { name: 'note', lane: 'output' },
      { name: 'result', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.concat([
        sse({ jsonrpc: '2.0', method: 'note', params: [one(texts, 'note')] }),
        sse({ jsonrpc: '2.0', id: 1, result: { row: one(texts, 'result') } }),
      ]),
    read: (bytes) =>
      new Map(
        jsonEvents(bytes).map(({ method, params, result }) => (method === 'note' ? ['note', params[0]] : ['result', result?.row ?? ''])),
      ),
    isEnded: (bytes) => jsonEvents(bytes).some((message) => 'result' in message || 'error' in message),
  },
];
