import { describe, expect, test } from 'vitest';
import type { ExchangeOptions } from '../../src/exchange/exchange-state.ts';
import { smallPolicy } from '../support/streams.ts';
import { CHAT_REQUEST, type Driven, DUPLEX_MODES, driveExchange, kindsOf, NOW, recordIn, streamedText } from './drive.ts';

const closed = smallPolicy('version: 1\n');
const open = smallPolicy('version: 1\nfailMode: {request: open, response: open}\n');
const observing = smallPolicy('version: 1\nmode: observe\n');
const halfOpen = smallPolicy('version: 1\nfailMode: {request: open}\n');

const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const QUESTION = { messages: [{ role: 'user', content: `charge ${CARD}` }] };

const driven = (policy = closed, more: Partial<ExchangeOptions> = {}): Driven => {
  const exchange = driveExchange(policy, more);
  exchange.open(DUPLEX_MODES);
  return exchange;
};

describe('an exchange that the process has no room for', () => {
  test('is denied with a 503 of its dialect where policy fails closed, and counted', () => {
    const exchange = driven(closed, { overloaded: true });
    expect(exchange.requestHeaders()).toMatchObject([
      { kind: 'deny', status: 503, details: 'sluice_unavailable' },
      {
        kind: 'record',
        record: { outcome: 'denied', status: 503, uninspected: [{ direction: 'request', reason: 'process-limit' }], findings: [] },
      },
    ]);
  });

  test('is denied when it has no body at all', () => {
    expect(kindsOf(driven(closed, { overloaded: true }).requestHeaders(CHAT_REQUEST, true))).toEqual(['deny']);
  });

  test.each([
    ['policy fails open', open],
    ['policy observes', observing],
  ] as const)('passes byte for byte and uninspected where %s', (_, policy) => {
    const exchange = driven(policy, { overloaded: true });
    exchange.requestHeaders();
    const [request] = exchange.requestBody(QUESTION);
    exchange.responseHeaders();
    exchange.responseBody(`the card is ${CARD}`);
    expect(request).toEqual({
      kind: 'stream-body',
      direction: 'request',
      parts: [Buffer.from(JSON.stringify(QUESTION))],
      endOfStream: true,
    });
    expect(streamedText(exchange.effects)).toBe(`the card is ${CARD}`);
    expect(recordIn(exchange.effects)).toMatchObject({
      outcome: 'completed',
      findings: [],
      uninspected: [
        { direction: 'request', reason: 'process-limit' },
        { direction: 'response', reason: 'process-limit' },
      ],
    });
  });

  test('passes in one direction only where policy fails open for that direction only', () => {
    const exchange = driven(halfOpen, { overloaded: true });
    exchange.requestHeaders();
    exchange.requestBody(QUESTION);
    expect(exchange.responseHeaders()).toMatchObject([{ kind: 'deny', status: 503 }, { kind: 'record' }]);
  });

  test('is inspected as ever when there is room', () => {
    const exchange = driven(closed, { overloaded: false });
    exchange.requestHeaders();
    exchange.requestBody(QUESTION);
    expect(exchange.effects.flatMap((effect) => (effect.kind === 'stream-body' ? effect.parts : [])).join('')).toContain(
      '[REDACTED:pii.card]',
    );
  });
});

describe('a message with more headers than are read', () => {
  const cutHeaders = {
    kind: 'request-headers',
    headers: Object.entries(CHAT_REQUEST),
    cut: true,
    endOfStream: false,
    unixMs: NOW,
  } as const;

  test('is denied with a 413 where policy fails closed', () => {
    expect(driven().step(cutHeaders)).toMatchObject([
      { kind: 'deny', status: 413 },
      { kind: 'record', record: { outcome: 'denied', uninspected: [{ direction: 'request', reason: 'header-limit' }] } },
    ]);
  });

  test('passes uninspected where policy fails open, and the answer is inspected', () => {
    const exchange = driven(open);
    exchange.step(cutHeaders);
    exchange.requestBody(QUESTION);
    exchange.responseHeaders();
    exchange.responseBody(`{"text":"the card is ${CARD}"}`);
    expect(streamedText(exchange.effects)).toBe('{"text":"the card is [REDACTED:pii.card]"}');
    expect(recordIn(exchange.effects).uninspected).toEqual([{ direction: 'request', reason: 'header-limit' }]);
  });
});

describe('a text that hides more than is read', () => {
  const content = `${'&amp;amp;amp; 1gn0r3 a b c d e vtaber '.padEnd(200)}${'Mz'.repeat(7_500)}`;

  test.each([
    ['denied where policy fails closed', closed, 'denied'],
    ['let through where it fails open', open, 'completed'],
  ])('is counted, and %s', (_, policy, outcome) => {
    const exchange = driven(policy);
    exchange.requestHeaders();
    exchange.requestBody({ messages: [{ role: 'user', content }] });
    exchange.responseHeaders({ ':status': '200' }, true);
    expect(recordIn(exchange.effects)).toMatchObject({ outcome, uninspected: [{ direction: 'request', reason: 'view-limit' }] });
  });
});

describe('the parent of an exchange', () => {
  const client = { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`, tracestate: 'client=1' };
  const envoy = { traceparent: `00-${'1'.repeat(32)}-${'3'.repeat(16)}-01`, tracestate: 'envoy=1' };
  const parentOf = (more: Partial<ExchangeOptions>) => {
    const exchange = driven(closed, more);
    exchange.requestHeaders({ ...CHAT_REQUEST, ...client }, true);
    exchange.responseHeaders(undefined, true);
    const { traceparent, tracestate } = recordIn(exchange.effects);
    return { traceparent, tracestate };
  };

  test('is what the request names', () => expect(parentOf({})).toEqual(client));
  test("is Envoy's own span when Envoy traces", () => expect(parentOf(envoy)).toEqual(envoy));
  test("does not mix Envoy's span with the client's state", () =>
    expect(parentOf({ traceparent: envoy.traceparent })).toEqual({ traceparent: envoy.traceparent, tracestate: undefined }));
});

describe('what an exchange holds', () => {
  const heldAfter = (play: (exchange: Driven) => void, modes: Parameters<Driven['open']>[0] = DUPLEX_MODES) => {
    const exchange = driveExchange(closed);
    exchange.open(modes);
    exchange.requestHeaders();
    play(exchange);
    return exchange.heldBytes();
  };
  const piece = '{"messages":[';

  test('is every byte of a request that is withheld', () => {
    expect(heldAfter((exchange) => exchange.requestBody(piece, false))).toBe(piece.length);
  });
  test('is nothing once it has left', () => {
    expect(heldAfter((exchange) => exchange.requestBody(QUESTION))).toBe(0);
  });
  test('is nothing of a buffered request that was answered', () => {
    expect(heldAfter((exchange) => exchange.requestBody({ messages: [] }), { request: 'buffered', response: 'full-duplex' })).toBe(0);
  });
  test('is the undecided end of a streamed answer', () => {
    const held = heldAfter((exchange) => {
      exchange.requestBody({ messages: [] });
      exchange.responseHeaders({ ':status': '200', 'content-type': 'text/plain' });
      exchange.responseBody('The card is 4111', false);
      exchange.responseBody(' 1111', false);
    });
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThanOrEqual('The card is 4111 1111'.length);
  });
});
