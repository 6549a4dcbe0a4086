import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';

const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const MASK = '[REDACTED:pii.card]';
const MIB = 1024 * 1024;

/** What the provider got last. */
let received: { readonly contentType: string; readonly body: Buffer };
/** What it answers. */
let answer: { readonly contentType: string; readonly body: Buffer };

const upstream: RequestListener = (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    received = { contentType: incoming.headers['content-type'] ?? '', body: Buffer.concat(chunks) };
    outgoing.writeHead(200, { 'content-type': answer.contentType, 'content-length': answer.body.length });
    outgoing.end(answer.body);
  });
};

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ upstream, profile: 'duplex', policy: 'version: 1\ndetectors:\n  pii.card: {action: redact}\n' });
});
afterAll(() => gateway.stop());

const post = (body: NonNullable<RequestInit['body']>, headers: Readonly<Record<string, string>> = {}) => {
  answer = { contentType: 'text/plain', body: Buffer.from('ok') };
  return fetch(`http://127.0.0.1:${gateway.port}/api/notes`, { method: 'POST', body, headers });
};

/** The form as a server reads it. */
const form = (): Promise<FormData> =>
  new Response(new Uint8Array(received.body), { headers: { 'content-type': received.contentType } }).formData();

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('a form with a large file arrives with its texts redacted and its file as it was', async () => {
  const photo = Uint8Array.from({ length: 3 * MIB }, (_, i) => (i * 2654435761) >>> 13);
  const body = new FormData();
  body.set('note', `pay with ${CARD}, grüße`);
  body.set('notes', new Blob([JSON.stringify({ card: CARD })], { type: 'application/json' }), 'notes.json');
  body.set('photo', new Blob([photo], { type: 'image/png' }), 'photo.png');
  body.set('last', CARD);
  expect((await post(body)).status).toBe(200);
  const got = await form();
  expect([got.get('note'), got.get('last')]).toEqual([`pay with ${MASK}, grüße`, MASK]);
  expect(JSON.parse(await (got.get('notes') as File).text())).toEqual({ card: MASK });
  expect(digest(new Uint8Array(await (got.get('photo') as File).arrayBuffer()))).toBe(digest(photo));
  expect((got.get('photo') as File).name).toBe('photo.png');
});

test('a form without files arrives redacted', async () => {
  expect((await post(new URLSearchParams({ a: 'x & y', note: `pay with ${CARD}`, json: JSON.stringify({ card: CARD }) }))).status).toBe(
    200,
  );
  expect([...(await form())]).toEqual([
    ['a', 'x & y'],
    ['note', `pay with ${MASK}`],
    ['json', JSON.stringify({ card: MASK })],
  ]);
});

test('JSON in UTF-16 arrives redacted in UTF-16', async () => {
  const body = (card: string) => Buffer.from(JSON.stringify({ note: `grüße 😀 ${card}` }), 'utf16le');
  expect((await post(new Uint8Array(body(CARD)), { 'content-type': 'application/json; charset=utf-16le' })).status).toBe(200);
  expect(received.body.equals(body(MASK))).toBe(true);
});

test.each([
  ['windows-1252 text', 'text/plain; charset=windows-1252', (card: string) => Buffer.from(`caf\u00e9 ${card} caf\u00e9`, 'latin1')],
  ['UTF-16 HTML', 'text/html; charset=utf-16be', (card: string) => Buffer.from(`<p>café ${card}</p>`, 'utf16le').swap16()],
  ['text that says it is binary', 'application/octet-stream', (card: string) => Buffer.from(`café ${card}`)],
])('an answer that is %s comes redacted in its charset', async (_what, contentType, write) => {
  await post('');
  answer = { contentType, body: write(CARD) };
  const response = await fetch(`http://127.0.0.1:${gateway.port}/api/notes`);
  expect(response.headers.get('content-type')).toBe(contentType);
  expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toBe(write(MASK).toString('latin1'));
});

test('what was no text is counted as opaque, and nothing else is', async () => {
  const { traffic } = await gateway.filter().status();
  expect(traffic.uninspected).toEqual({ 'request opaque': 1 });
});
