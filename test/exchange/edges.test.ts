import { describe, expect, test } from 'vitest';
import type { EnvoyEvent } from '../../src/exchange/events.ts';
import { STREAM_DIALECTS, smallPolicy } from '../support/streams.ts';
import { CHAT_REQUEST, DEFAULT_MODES, DUPLEX_MODES, driveExchange, kindsOf, NOW, recordIn, streamedText } from './drive.ts';

const BALANCED = smallPolicy('version: 1\n');
const MIB = 1024 * 1024;
const SSE = { ':status': '200', 'content-type': 'text/event-stream' };
const trailers = (direction: 'request' | 'response'): EnvoyEvent => ({
  kind: `${direction}-trailers`,
  headers: [['grpc-status', '0']],
  unixMs: NOW,
});

const KEY = `AKIA${'IOSFODNN7EXAMPLQ'}`;

/** An event of a chat answer. */
const chunk = (content: string, finish: 'stop' | null): string =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;

/** A chat request of exactly so many bytes. */
function requestOf(bytes: number): string {
  const empty = JSON.stringify({ messages: [{ role: 'user', content: '' }] });
  return empty.replace('""', `"${'a '.repeat(bytes).slice(0, bytes - empty.length)}"`);
}

describe('sizes of a buffered request', () => {
  test.each([
    ['1 MiB', MIB, ['answer-body request']],
    ['4 MiB and a byte', 4 * MIB + 1, ['answer-body request']],
    ['the limit', 10 * MIB, ['answer-body request']],
    ['a byte over the limit', 10 * MIB + 1, ['deny']],
  ])('%s gets its one answer', (_, bytes, answers) => {
    const exchange = driveExchange(BALANCED);
    exchange.open(DEFAULT_MODES);
    exchange.requestHeaders();
    const body = requestOf(bytes);
    expect(body).toHaveLength(bytes);
    expect(kindsOf(exchange.requestBody(body))).toEqual(answers);
  });
});

describe('the edges of a full-duplex body', () => {
  test('headers and trailers without a body are answered in that order', () => {
    const exchange = driveExchange(BALANCED);
    exchange.open(DUPLEX_MODES);
    exchange.requestHeaders();
    expect(kindsOf(exchange.step(trailers('request')))).toEqual(['answer-headers request', 'answer-trailers request']);
    exchange.responseHeaders();
    expect(kindsOf(exchange.step(trailers('response')))).toEqual(['answer-headers response', 'answer-trailers response']);
    expect(recordIn(exchange.effects)).toMatchObject({ outcome: 'completed', verdict: 'allow' });
  });

  test.each(['request', 'response'] as const)('trailers behind a whole JSON body let it pass as it came: %s', (direction) => {
    const exchange = driveExchange(BALANCED);
    const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: 'Good morning.' }] }));
    exchange.open(DUPLEX_MODES);
    exchange.requestHeaders(CHAT_REQUEST, direction === 'response');
    exchange.responseHeaders({ ':status': '200', 'content-type': 'application/json' }, direction === 'request');
    exchange.step({ kind: `${direction}-body`, bytes: body, endOfStream: false, unixMs: NOW });
    const effects = exchange.step(trailers(direction));
    expect(effects).toContainEqual({ kind: 'stream-body', direction, parts: [body], endOfStream: false });
    expect(effects).toContainEqual({ kind: 'answer-trailers', direction });
  });

  test('an empty last piece ends the answer once, with all that was held', () => {
    const exchange = driveExchange(BALANCED);
    exchange.open(DUPLEX_MODES);
    exchange.requestHeaders(CHAT_REQUEST, true);
    exchange.responseHeaders(SSE);
    const body = STREAM_DIALECTS[0]!.write(['All is ', 'well']);
    exchange.responseBody(body, false);
    exchange.responseBody(Buffer.alloc(0), true);
    const ends = exchange.effects.flatMap((effect) => (effect.kind === 'stream-body' ? [effect.endOfStream] : []));
    expect(ends.filter(Boolean)).toHaveLength(1);
    expect(ends.at(-1)).toBe(true);
    expect(streamedText(exchange.effects)).toBe(body.toString());
  });

  test.each([
    ['in one event with its end', ['Use ', KEY]],
    ['in two, the second with its end', ['Use ', KEY.slice(0, 9), KEY.slice(9)]],
  ] as const)('a secret %s does not pass', (_, pieces) => {
    const exchange = driveExchange(BALANCED);
    exchange.open(DEFAULT_MODES);
    exchange.requestHeaders(CHAT_REQUEST, true);
    exchange.responseHeaders(SSE);
    for (const [at, content] of pieces.entries())
      exchange.responseBody(chunk(content, at === pieces.length - 1 ? 'stop' : null), at === pieces.length - 1);
    const text = streamedText(exchange.effects);
    expect(text).toContain('Use ');
    expect(text).not.toContain(KEY.slice(9));
    expect(recordIn(exchange.effects)).toMatchObject({ verdict: 'redact' });
  });

  test('trailers are answered without a change', () => {
    const exchange = driveExchange(BALANCED);
    exchange.open(DUPLEX_MODES);
    exchange.requestHeaders(CHAT_REQUEST, true);
    exchange.responseHeaders({ ':status': '200', 'content-type': 'application/grpc' });
    exchange.responseBody(Buffer.from([0, 0, 0, 0, 0]), false);
    expect(exchange.step(trailers('response'))).toContainEqual({ kind: 'answer-trailers', direction: 'response' });
  });
});

describe('an empty buffered body', () => {
  test('is answered like any other', () => {
    const exchange = driveExchange(BALANCED);
    exchange.open(DEFAULT_MODES);
    exchange.requestHeaders({ ...CHAT_REQUEST, 'content-type': 'text/plain' });
    expect(exchange.requestBody('')).toEqual([{ kind: 'answer-body', direction: 'request', replace: undefined, mutation: undefined }]);
  });
});
