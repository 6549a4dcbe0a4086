import type { RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Gateway, type Sending, send, startGateway } from '../support/gateway.ts';
import { waitFor } from '../support/processes.ts';

const KIB = 1024;
const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const REDACTED = '[REDACTED:pii.card]';
/** Small, so that small bodies are over them. */
const LIMITS = 'limits: {bodyBytes: 256KiB, eventBytes: 8KiB}\n';
/** Envoy's own, above the policy's. */
const BUFFER = { 'per_connection_buffer_limit_bytes: 16777216': 'per_connection_buffer_limit_bytes: 1048576' };
const POLICIES = {
  denied: `version: 1\n${LIMITS}`,
  allowed: `version: 1\n${LIMITS}failMode: {onUninspectable: allow, onLimit: allow}\n`,
} as const;

const chat = (content: string) => JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] });
const reply = (content: string) =>
  JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] });
const chunk = (content: string) => `data: ${JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, delta: { content } }] })}\n\n`;
const nested = (depth: number) => `{"model":"m","messages":[],"deep":${'['.repeat(depth)}1${']'.repeat(depth)}}`;
/** Bytes that are no UTF-8 inside a string that is otherwise fine. */
const broken = (json: (content: string) => string) => {
  const [before, after] = json('here: @@').split('@@');
  return Buffer.concat([Buffer.from(before!), Buffer.from([0xc3, 0x28]), Buffer.from(after!)]);
};

interface Reply {
  readonly body: string | Buffer;
  readonly type?: string;
  readonly encoding?: string;
  /** Sent when the client has the beginning. */
  readonly rest?: string | Buffer;
}
const FINE: Reply = { body: reply('All is well.') };

/** What the provider answers next, what it was sent, and whether the client has the beginning. */
let next: Reply = FINE;
const received: Buffer[] = [];
let begun = Promise.withResolvers<void>();
const upstream: RequestListener = (incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (piece: Buffer) => chunks.push(piece));
  incoming.on('end', () => {
    received.push(Buffer.concat(chunks));
    void sendReply(outgoing);
  });
};

async function sendReply(outgoing: ServerResponse): Promise<void> {
  const { body, type = 'application/json', encoding, rest } = next;
  outgoing.writeHead(200, { 'content-type': type, ...(encoding === undefined ? {} : { 'content-encoding': encoding }) });
  outgoing.write(body);
  if (rest !== undefined) await begun.promise;
  outgoing.end(rest);
}

interface Row {
  readonly name: string;
  readonly sending?: Sending;
  readonly reply?: Reply;
  /** `<direction> <reason>` as it is counted. */
  readonly reason: string;
  readonly status: 403 | 413;
}

const SSE = 'text/event-stream';
const BOMB = gzipSync(Buffer.alloc(16 * 1024 * KIB, ' '));
const ROWS: readonly Row[] = [
  { name: 'a request that is no JSON', sending: { body: 'this is { no JSON' }, reason: 'request invalid-json', status: 403 },
  { name: 'a request that is cut off', sending: { body: chat('cut').slice(0, -4) }, reason: 'request truncated', status: 403 },
  { name: 'a request with bytes that are no UTF-8', sending: { body: broken(chat) }, reason: 'request invalid-utf8', status: 403 },
  { name: 'a request nested 80 deep', sending: { body: nested(80) }, reason: 'request json-depth', status: 403 },
  { name: 'a request over the limit', sending: { body: chat('x'.repeat(300 * KIB)) }, reason: 'request body-limit', status: 413 },
  {
    name: 'a request in an unknown coding',
    sending: { body: gzipSync(chat('hello')), headers: { 'content-encoding': 'compress' } },
    reason: 'request content-encoding',
    status: 403,
  },
  { name: 'an answer that is no JSON', reply: { body: 'oops {' }, reason: 'response invalid-json', status: 403 },
  { name: 'an answer that is cut off', reply: { body: reply('cut').slice(0, -4) }, reason: 'response truncated', status: 403 },
  { name: 'an answer with bytes that are no UTF-8', reply: { body: broken(reply) }, reason: 'response invalid-utf8', status: 403 },
  { name: 'an answer nested 80 deep', reply: { body: nested(80) }, reason: 'response json-depth', status: 403 },
  { name: 'an answer over the limit', reply: { body: reply('x'.repeat(300 * KIB)) }, reason: 'response body-limit', status: 413 },
  {
    name: 'an answer in an unknown coding',
    reply: { body: gzipSync(reply('hello')), encoding: 'compress' },
    reason: 'response content-encoding',
    status: 403,
  },
  {
    name: 'a stream with bytes that are no UTF-8',
    reply: { type: SSE, body: broken(chunk) },
    reason: 'response invalid-utf8',
    status: 403,
  },
  {
    name: 'a stream with an event over the limit',
    reply: { type: SSE, body: chunk('x'.repeat(20 * KIB)) },
    reason: 'response event-limit',
    status: 413,
  },
  {
    name: 'a stream in an unknown coding',
    reply: { type: SSE, body: gzipSync(chunk('hello')), encoding: 'compress' },
    reason: 'response content-encoding',
    status: 403,
  },
  {
    name: 'a request in gzip that is none',
    sending: { body: chat('hello'), headers: { 'content-encoding': 'gzip' } },
    reason: 'request content-encoding',
    status: 403,
  },
  {
    name: 'an answer in gzip that is cut off',
    reply: { body: gzipSync(reply('hello')).subarray(0, -10), encoding: 'gzip' },
    reason: 'response truncated',
    status: 403,
  },
  {
    name: 'an answer in gzip with something behind its end',
    reply: { body: Buffer.concat([gzipSync(reply('hello')), Buffer.from(reply('hidden'))]), encoding: 'gzip' },
    reason: 'response content-encoding',
    status: 403,
  },
  {
    name: 'a request that expands over the limit',
    sending: { body: BOMB, headers: { 'content-encoding': 'gzip' } },
    reason: 'request body-limit',
    status: 413,
  },
  {
    name: 'an answer that expands over the limit',
    reply: { body: BOMB, encoding: 'gzip' },
    reason: 'response body-limit',
    status: 413,
  },
];

/** The codes and sentences of a refusal. */
const REFUSALS = {
  403: { code: 'uninspectable', message: 'Blocked by policy: the content cannot be inspected.' },
  413: { code: 'request_too_large', message: 'Blocked by policy: the content is larger than what can be inspected.' },
} as const;

const openaiRefusal = (status: Row['status']) => ({
  status,
  type: 'application/json',
  body: { error: { ...REFUSALS[status], type: 'invalid_request_error', param: null } },
});

const seen = ({ status, headers, body }: Answer) => ({
  status,
  type: headers['content-type'],
  body: JSON.parse(body.toString()) as unknown,
});

/** Sends one exchange; tells what the client got, what the provider was sent and what was counted for it. */
async function exchange({ port, filter }: Gateway, { sending, answer }: { readonly sending?: Sending; readonly answer?: Reply }) {
  next = answer ?? FINE;
  received.length = 0;
  const before = (await filter().status()).traffic.uninspected;
  const got = await send(port, { body: chat('Is all well?'), ...sending });
  const after = (await filter().status()).traffic.uninspected;
  const counted = Object.keys(after).filter((key) => after[key] !== before[key]);
  return { got, received: received.at(-1), counted, after };
}

/** A line of `/metrics`. */
function metric(reason: string, value: number | undefined): string {
  const [direction, why] = reason.split(' ');
  return `sluice_uninspected_total{direction="${direction}",reason="${why}"} ${value}\n`;
}

describe.each(['default', 'duplex'] as const)('in the profile %s', (profile) => {
  describe('by default', () => {
    let gateway: Gateway;
    beforeAll(async () => {
      gateway = await startGateway({ upstream, profile, policy: POLICIES.denied, changes: BUFFER });
    });
    afterAll(() => gateway?.stop());

    test('there are 20 kinds of what cannot be inspected', () => expect(ROWS).toHaveLength(20));

    test.each(ROWS)("$name is denied in the dialect's words and counted", async ({ sending, reply: answer, reason, status }) => {
      const { got, received: sent, counted, after } = await exchange(gateway, { ...(sending && { sending }), ...(answer && { answer }) });
      expect(seen(got)).toEqual(openaiRefusal(status));
      expect(got.complete).toBe(true);
      expect(counted).toEqual([reason]);
      expect(await gateway.filter().metrics()).toContain(metric(reason, after[reason]));
      // A denied request never reaches the provider; a denied answer was asked for.
      expect(sent === undefined).toBe(reason.startsWith('request'));
    });

    test.each([
      [
        'Anthropic Messages',
        '/v1/messages',
        'application/json',
        { type: 'error', error: { type: 'permission_error', message: REFUSALS[403].message } },
      ],
      ['no known dialect', '/anything', 'application/problem+json', { status: 403, detail: REFUSALS[403].message, code: 'uninspectable' }],
    ])('the refusal of %s', async (_, path, type, body) => {
      const { got } = await exchange(gateway, { sending: { path, body: '{"no JSON' } });
      expect(seen(got)).toMatchObject({ status: 403, type, body });
    });

    test("a body over Envoy's own buffer gets a 413, and the provider nothing", async () => {
      const { got, received: sent } = await exchange(gateway, { sending: { body: chat('x'.repeat(2 * 1024 * KIB)) } });
      expect([got.status, sent]).toEqual([413, undefined]);
      expect(got.body.toString().includes('request_too_large')).toBe(profile === 'duplex');
    });

    test.each([
      ['events that are no JSON', `data: {oops ${CARD}\n\ndata: [DONE]\n\n`],
      ['an event cut off at its end', `${chunk('Hello there. ')}data: {"choices":[{"index":0,"delta":{"content":"${CARD} `],
      ['comments and unknown fields', `: ${CARD}\nfoo: ${CARD}\n\n${chunk('Hello there.')}`],
    ])('%s in a stream are read as text, and redacted there', async (_, body) => {
      const { got, counted } = await exchange(gateway, { answer: { type: SSE, body } });
      expect([got.status, got.complete, counted]).toEqual([200, true, []]);
      expect(got.body.toString()).toBe(body.replaceAll(CARD, REDACTED));
    });

    test('the filter has lived through all of it', async () => {
      const { got, counted } = await exchange(gateway, { answer: { body: reply(`Card ${CARD}.`) } });
      expect([got.body.toString(), counted]).toEqual([reply(`Card ${REDACTED}.`), []]);
      const { traffic } = await waitFor(async () => {
        const status = await gateway.filter().status();
        return status.openExchanges === 0 ? status : undefined;
      });
      expect(traffic.outcomes['aborted']).toBe(0);
      expect(gateway.filter().process.stderr.filter((line) => line.includes('exchange-error'))).toEqual([]);
    });
  });

  describe('after an answer has begun', () => {
    let gateway: Gateway;
    beforeAll(async () => {
      gateway = await startGateway({ upstream, profile, policy: POLICIES.denied, changes: BUFFER, breaks: 'streams' });
    });
    afterAll(() => gateway?.stop());

    const CANARY = 'canary-7f3a';
    const event = (content: string) => `data: ${JSON.stringify({ note: content })}\n\n`;
    const anthropic = (text: string) => {
      const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } };
      return `event: content_block_delta\ndata: ${JSON.stringify(delta)}\n\n`;
    };
    test.each([
      ['OpenAI chat', '/v1/chat/completions', chunk, { complete: true, ends: '"finish_reason":"content_filter"' }],
      ['Anthropic Messages', '/v1/messages', anthropic, { complete: true, ends: '"stop_reason":"refusal"' }],
      ['no known dialect', '/anything', event, { complete: false, ends: 'The first words. ' }],
    ] as const)('an event that cannot be inspected ends it as %s ends', async (_, path, eventOf, { complete, ends }) => {
      begun = Promise.withResolvers();
      const onData = (soFar: Buffer) => soFar.includes('The first words') && begun.resolve();
      const answer = {
        type: SSE,
        body: `${eventOf('The first words. ')}${eventOf('Then more. ')}`,
        rest: `${eventOf(CANARY + 'x'.repeat(20 * KIB))}${eventOf(CANARY)}`,
      };
      const { got, after } = await exchange(gateway, { sending: { path, onData }, answer });
      expect(after['response event-limit']).toBeGreaterThan(0);
      expect([got.status, got.complete]).toEqual([200, complete]);
      expect(got.body.toString()).toContain(ends);
      expect(got.body.includes(CANARY)).toBe(false);
    });
  });

  describe('with failMode {onUninspectable: allow, onLimit: allow}', () => {
    let gateway: Gateway;
    beforeAll(async () => {
      gateway = await startGateway({ upstream, profile, policy: POLICIES.allowed, changes: BUFFER });
    });
    afterAll(() => gateway?.stop());

    test.each(ROWS)('$name passes byte for byte and is counted', async ({ sending, reply: answer = FINE, reason }) => {
      const { got, received: sent, counted, after } = await exchange(gateway, { ...(sending && { sending }), answer });
      expect([got.status, got.complete, counted]).toEqual([200, true, [reason]]);
      expect(got.body.equals(Buffer.from(answer.body))).toBe(true);
      expect(sent?.equals(Buffer.from(sending?.body ?? chat('Is all well?')))).toBe(true);
      expect(await gateway.filter().metrics()).toContain(metric(reason, after[reason]));
      const [direction, why] = reason.split(' ');
      const logged = `"direction":"${direction}","reason":"${why}"`;
      const line = await gateway.filter().process.line('stderr', (said) => said.includes(logged));
      expect(JSON.parse(line)).toMatchObject({ event: 'sluice.exchange.uninspected', outcome: 'completed', method: 'POST' });
    });

    test.each([
      ['a request that is no JSON', { sending: { body: `{oops ${CARD}` } }],
      ['an answer that is no JSON', { answer: { body: `{oops ${CARD}` } }],
    ])('%s is still read as text, and redacted there', async (_, what) => {
      const { got, received: sent } = await exchange(gateway, what);
      const both = got.body.toString() + sent!.toString();
      expect([both.includes(CARD), both.includes(`{oops ${REDACTED}`)]).toEqual([false, true]);
    });

    test("a body over Envoy's own buffer passes in the profile that does not buffer", async () => {
      const body = chat('x'.repeat(2 * 1024 * KIB));
      const { got, received: sent } = await exchange(gateway, { sending: { body } });
      expect([got.status, sent?.length]).toEqual({ default: [413, undefined], duplex: [200, body.length] }[profile]);
    });

    test('the filter has lived through all of it', async () => {
      const { got, counted } = await exchange(gateway, { answer: { body: reply(`Card ${CARD}.`) } });
      expect([got.body.toString(), counted]).toEqual([reply(`Card ${REDACTED}.`), []]);
      expect(gateway.filter().process.stderr.filter((line) => line.includes('exchange-error'))).toEqual([]);
    });
  });
});
