import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Header } from '../../src/exchange/events.ts';
import { type Exchange, openExchange } from '../../src/exchange/machine.ts';
import { smallPolicy } from '../support/streams.ts';
import { CHAT_REQUEST, DEFAULT_MODES, NOW } from './drive.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** As much as one read from a connection takes: what is cut from it keeps all of it. */
const READ_BYTES = 64 * 1024;
const EVENT = `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] })}\n\n`;

/** An exchange whose answer streams; its headers have left. */
function openAnswer(...more: readonly Header[]): Exchange {
  const exchange = openExchange({
    policy: smallPolicy('version: 1\n'),
    exchangeId: 'exchange-1',
    fallbackModes: { request: 'buffered', response: 'buffered' },
    hash: (text) => text,
  });
  exchange.step({ kind: 'open', modes: DEFAULT_MODES, observability: false, attributes: new Map() });
  exchange.step({ kind: 'request-headers', headers: [...Object.entries(CHAT_REQUEST), ...more], endOfStream: true, unixMs: NOW });
  const headers = Object.entries({ ':status': '200', 'content-type': 'text/event-stream' });
  exchange.step({ kind: 'response-headers', headers, endOfStream: false, unixMs: NOW });
  exchange.step({ kind: 'tick', unixMs: NOW + 2_000 });
  return exchange;
}

/** Gives it a text that was cut from a read; resolves to that read and to how many bytes came back. */
function give(exchange: Exchange, text: string): { readonly read: WeakRef<object>; readonly leftBytes: number } {
  const bytes = Buffer.from(new ArrayBuffer(READ_BYTES)).subarray(0, Buffer.byteLength(text));
  bytes.write(text);
  const effects = exchange.step({ kind: 'response-body', bytes, endOfStream: false, unixMs: NOW + 2_000 });
  const parts = effects.flatMap((effect) => (effect.kind === 'stream-body' ? effect.parts : []));
  return { read: new WeakRef(bytes.buffer), leftBytes: Buffer.concat(parts).length };
}

test.each([
  ['a whole event', EVENT, EVENT.length, 0],
  ['an event and the beginning of the next', EVENT + EVENT.slice(0, 30), EVENT.length, 30],
])('an exchange that waits after %s keeps nothing of the memory it came in', async (_, text, leftBytes, heldBytes) => {
  const waiting = openAnswer();
  const given = give(waiting, text);
  give(openAnswer(), EVENT); // the scratch space that exchanges share is another's now
  await new Promise((resolve) => setImmediate(resolve)); // a weak reference holds until its job is over
  collect();
  expect({ kept: given.read.deref() !== undefined, leftBytes: given.leftBytes, heldBytes: waiting.heldBytes() }).toEqual({
    kept: false,
    leftBytes,
    heldBytes,
  });
});

/** Its answer has begun; with a header of its request that no record has. */
function openWithCookie(): { readonly waiting: Exchange; readonly cookie: WeakRef<Header> } {
  const cookie: Header = ['cookie', 'session=1'];
  return { waiting: openAnswer(cookie), cookie: new WeakRef(cookie) };
}

test('an exchange whose answer streams keeps no header of its request that its record does not have', async () => {
  const { waiting, cookie } = openWithCookie();
  give(waiting, EVENT);
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect({ kept: cookie.deref() !== undefined, heldBytes: waiting.heldBytes() }).toEqual({ kept: false, heldBytes: 0 });
});
