import type { DialectCase } from '../dialect-case.ts';
import { events, jsonEvents, one, sse } from '../writing.ts';

const HEAD = { path: '/graphql' };

/** GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/ */
export const GRAPHQL: readonly DialectCase[] = [
  {
    format: 'graphql',
    name: 'mutation with variables',
    direction: 'request',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'query', lane: 'query' },
      { name: 'variable', lane: 'user' },
      { name: 'deep variable', lane: 'user' },
      { name: 'extension', lane: 'other' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          operationName: 'Pay',
          query: one(texts, 'query'),
          variables: { to: one(texts, 'variable'), bills: [{ note: one(texts, 'deep variable') }] },
          extensions: { trace: one(texts, 'extension') },
          some_new_field: one(texts, 'unknown'),
        }),
      ),
    read(bytes) {
      const { query, variables, extensions, some_new_field: unknown } = JSON.parse(bytes.toString());
      return new Map([
        ['query', query],
        ['variable', variables.to],
        ['deep variable', variables.bills[0].note],
        ['extension', extensions.trace],
        ['unknown', unknown],
      ]);
    },
  },
  {
    format: 'graphql',
    name: 'batch behind another path, known by its document',
    direction: 'request',
    head: { path: '/api' },
    contentType: 'application/json',
    slots: [{ name: 'variable', lane: 'user' }],
    write: (texts) =>
      Buffer.from(JSON.stringify([{ query: 'mutation Pay($to: ID!) { pay(to: $to) }', variables: { to: one(texts, 'variable') } }])),
    read: (bytes) => new Map([['variable', JSON.parse(bytes.toString())[0].variables.to]]),
  },
  {
    format: 'graphql',
    name: 'data and errors',
    direction: 'response',
    head: HEAD,
    contentType: 'application/graphql-response+json',
    slots: [
      { name: 'data', lane: 'output' },
      { name: 'error', lane: 'output' },
      { name: 'extension', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          data: { me: { bills: [{ note: one(texts, 'data') }] } },
          errors: [{ message: one(texts, 'error'), path: ['me'], extensions: { why: one(texts, 'extension') } }],
        }),
      ),
    read(bytes) {
      const { data, errors } = JSON.parse(bytes.toString());
      return new Map([
        ['data', data.me.bills[0].note],
        ['error', errors[0].message],
        ['extension', errors[0].extensions.why],
      ]);
    },
  },
  {
    format: 'graphql',
    name: 'subscription',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [
      { name: 'first', lane: 'output' },
      { name: 'second', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.concat([
        sse({ data: { first: one(texts, 'first') } }, 'next'),
        sse({ data: { second: one(texts, 'second') } }, 'next'),
        Buffer.from('event: complete\ndata:\n\n'),
      ]),
    read: (bytes) => new Map(jsonEvents(bytes).flatMap(({ data }) => Object.entries<string>(data ?? {}))),
    isEnded: (bytes) => events(bytes).at(-1)?.name === 'complete',
  },
];
