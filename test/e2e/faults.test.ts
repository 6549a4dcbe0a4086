import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envoyVersion } from '../support/envoy.ts';
import { type Answer, type FilterStatus, type Gateway, type Sending, send, startGateway } from '../support/gateway.ts';
import { waitFor } from '../support/processes.ts';
import { type FilterScript, type ScriptedFilter, startScriptedFilter } from '../support/scripted-filter.ts';
import { STREAM_DIALECTS } from '../support/streams.ts';

/** Stands in every request and in every answer: where it arrives, something went by uninspected. */
const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const SAYS = `The first words of the answer. Your card is ${CARD}, is it not?`;
const QUESTION = JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: `My card is ${CARD}.` }] });
const WHOLE = JSON.stringify({ id: 'c', choices: [{ index: 0, message: { role: 'assistant', content: SAYS }, finish_reason: 'stop' }] });
const FAILED = JSON.stringify({ error: { message: `No money on ${CARD}.`, type: 'server_error' } });
const openai = STREAM_DIALECTS[0]!;
const STREAM = openai.write(SAYS.match(/\S+ ?/g)!).toString();
/** Nothing of the card stands before this point of the stream. */
const STREAM_CUT = STREAM.lastIndexOf('data: ', STREAM.indexOf('Your'));
const hasBegun = (soFar: Buffer): boolean => soFar.includes('words');

const IS_ENVOY_136 = envoyVersion().startsWith('1.36.');

const PROFILES = ['default', 'duplex', 'legacy'] as const;
type Profile = (typeof PROFILES)[number];

/** What the client gets and what the filter counts, in words; both as they stand in docs/faults.md. */
interface Ending {
  readonly client: string;
  readonly recorded: string;
}

interface Fault extends Ending {
  readonly happens: string;
  /** Where a profile differs from the default. */
  readonly duplex?: Partial<Ending>;
  readonly legacy?: Partial<Ending>;
  /** Where Envoy 1.36 differs from later ones, in the profiles named, or in all. */
  readonly envoy136?: Partial<Ending> & { readonly only?: readonly Profile[] };
}

interface ProviderFault extends Fault {
  readonly reply: (outgoing: ServerResponse, incoming: IncomingMessage) => unknown;
  readonly sending?: Sending;
  /** It answers as soon as the headers have come. */
  readonly early?: true;
}

interface ClientFault extends Fault {
  readonly play: (port: number) => Promise<Answer>;
}

interface StrangerFault extends Fault {
  readonly script: FilterScript;
}

interface ProcessFault extends Fault {
  readonly play: (gateway: Gateway) => Promise<Answer>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const SSE_TYPE = { 'content-type': 'text/event-stream' };

/** Writes bytes as they are on the provider's connection. */
const raw = ({ socket }: ServerResponse, text: string) => socket!.write(text);
const half = Math.floor(WHOLE.length / 2);

async function slowly(outgoing: ServerResponse, text: string): Promise<void> {
  const step = Math.ceil(text.length / 20);
  for (let at = 0; at < text.length; at += step) {
    outgoing.write(text.slice(at, at + step));
    await delay(25);
  }
  outgoing.end();
}

const PROVIDER_FAULTS: readonly ProviderFault[] = [
  {
    happens: 'It resets the connection before it answers',
    reply: (_, { socket }) => socket.resetAndDestroy(),
    client: '503',
    recorded: 'completed',
    envoy136: { recorded: 'cancelled' },
  },
  {
    happens: 'It answers with something that is not HTTP',
    reply: (outgoing) => raw(outgoing, `Hello, ${CARD}\r\n\r\n`),
    client: '502',
    recorded: 'completed',
    envoy136: { recorded: 'cancelled' },
  },
  {
    happens: 'It resets the connection within a JSON answer',
    reply(outgoing, { socket }) {
      outgoing.writeHead(200, JSON_TYPE);
      outgoing.write(WHOLE.slice(0, half), () => setTimeout(() => socket.resetAndDestroy(), 100));
    },
    client: '502',
    recorded: 'cancelled',
    legacy: { client: '200, no body, broken off' },
  },
  {
    happens: 'It resets the connection within a streamed answer',
    reply(outgoing, { socket }) {
      outgoing.writeHead(200, SSE_TYPE);
      // Long after the filter has answered for what came: Envoy drops what it still waits for.
      outgoing.write(STREAM.slice(0, STREAM_CUT), () => setTimeout(() => socket.resetAndDestroy(), 1_000));
    },
    client: '200, broken off',
    recorded: 'cancelled',
  },
  {
    happens: 'It closes the connection before as many bytes as its content-length says',
    reply(outgoing, { socket }) {
      outgoing.writeHead(200, { ...JSON_TYPE, 'content-length': WHOLE.length });
      outgoing.write(WHOLE.slice(0, half), () => setTimeout(() => socket.end(), 100));
    },
    client: '502',
    recorded: 'cancelled',
    legacy: { client: '200, no body, broken off' },
  },
  {
    happens: 'It stops within a streamed answer and stays silent (`stream_idle_timeout`)',
    reply(outgoing) {
      outgoing.writeHead(200, SSE_TYPE);
      outgoing.write(STREAM.slice(0, STREAM_CUT));
    },
    client: '200, broken off',
    recorded: 'cancelled',
  },
  {
    happens: 'It ends a JSON answer too early, as HTTP allows',
    reply: (outgoing) => outgoing.writeHead(200, JSON_TYPE).end(WHOLE.slice(0, half)),
    client: '403',
    recorded: 'denied; not inspected: response truncated',
    legacy: { client: '503, no body' },
  },
  {
    happens: 'It sends a JSON answer slowly, in pieces',
    reply: (outgoing) => slowly(outgoing.writeHead(200, JSON_TYPE), WHOLE),
    client: '200, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It sends a streamed answer slowly, in pieces that cut events',
    reply: (outgoing) => slowly(outgoing.writeHead(200, SSE_TYPE), STREAM),
    client: '200, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It ends its answer by closing the connection, without a length',
    reply(outgoing, { socket }) {
      raw(outgoing, `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n${WHOLE}`);
      socket.end();
    },
    client: '200, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It answers with an error and a JSON body',
    reply: (outgoing) => outgoing.writeHead(500, JSON_TYPE).end(FAILED),
    client: '500, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It ends its answer with trailers',
    reply(outgoing) {
      outgoing.writeHead(200, { ...JSON_TYPE, trailer: 'x-checksum' });
      outgoing.write(WHOLE);
      outgoing.addTrailers({ 'x-checksum': 'abc' });
      outgoing.end();
    },
    client: '200, redacted, trailers',
    recorded: 'completed',
    legacy: { client: '503, no body', recorded: 'aborted' },
  },
  {
    happens: 'It ends a streamed answer with trailers',
    reply(outgoing) {
      outgoing.writeHead(200, { ...SSE_TYPE, trailer: 'x-checksum' });
      outgoing.write(STREAM);
      outgoing.addTrailers({ 'x-checksum': 'abc' });
      outgoing.end();
    },
    client: '200, redacted, trailers',
    recorded: 'completed',
  },
  {
    happens: 'It sends 100 Continue that nobody asked for, then its answer',
    reply(outgoing) {
      outgoing.writeContinue();
      outgoing.writeHead(200, JSON_TYPE).end(WHOLE);
    },
    client: '200, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It sends 103 Early Hints, then its answer',
    reply(outgoing) {
      outgoing.writeEarlyHints({ link: '</style.css>; rel=preload' });
      outgoing.writeHead(200, JSON_TYPE).end(WHOLE);
    },
    client: '200, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It answers a HEAD request',
    sending: { method: 'HEAD', body: '' },
    reply: (outgoing) => outgoing.writeHead(200, { ...JSON_TYPE, 'content-length': WHOLE.length }).end(),
    client: '200, no body',
    recorded: 'completed',
  },
  {
    happens: 'It answers 204 without a body',
    reply: (outgoing) => outgoing.writeHead(204).end(),
    client: '204, no body',
    recorded: 'completed',
  },
  {
    happens: 'It answers 304 with a content-length and no body',
    sending: { method: 'GET', body: '' },
    reply: (outgoing) => outgoing.writeHead(304, { ...JSON_TYPE, 'content-length': WHOLE.length }).end(),
    client: '304, no body',
    recorded: 'completed',
  },
  {
    happens: 'It answers with an empty body',
    reply: (outgoing) => outgoing.writeHead(200, JSON_TYPE).end(),
    client: '200, no body',
    recorded: 'completed',
  },
  {
    happens: 'It answers before it has read the request',
    sending: { body: QUESTION.replace('My', 'Quite a long story. '.repeat(30_000)) },
    early: true,
    reply: (outgoing) => outgoing.writeHead(429, JSON_TYPE).end(FAILED),
    client: '429, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It refuses a WebSocket',
    sending: {
      method: 'GET',
      path: '/ws',
      body: '',
      headers: { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'c2x1aWNl' },
    },
    reply: (outgoing) => outgoing.writeHead(426, JSON_TYPE).end(FAILED),
    client: '403, no body',
    recorded: 'completed',
    duplex: { client: '426, redacted', recorded: 'completed; not inspected: request opaque' },
    envoy136: { recorded: 'nothing', only: ['default', 'legacy'] },
  },
];

/** The provider's part while clients misbehave. */
let arrived = Promise.withResolvers<void>();
const holdsBack = () => arrived.resolve();
const streamsOn = (outgoing: ServerResponse) => {
  outgoing.writeHead(200, SSE_TYPE);
  outgoing.write(STREAM.slice(0, STREAM_CUT));
};
const answers = (outgoing: ServerResponse) => outgoing.writeHead(200, JSON_TYPE).end(WHOLE);

let reply: ProviderFault['reply'] = answers;
let early = false;

const CLIENT_FAULTS: readonly ClientFault[] = [
  {
    happens: 'It leaves before the answer begins',
    async play(port) {
      reply = holdsBack;
      arrived = Promise.withResolvers();
      const leaving = new AbortController();
      const answer = send(port, { body: QUESTION, signal: leaving.signal });
      await arrived.promise;
      leaving.abort();
      return answer;
    },
    client: 'a closed connection',
    recorded: 'cancelled',
  },
  {
    happens: 'It leaves within a streamed answer',
    play(port) {
      reply = streamsOn;
      const leaving = new AbortController();
      return send(port, {
        body: QUESTION,
        signal: leaving.signal,
        onData: (soFar) => hasBegun(soFar) && leaving.abort(),
      });
    },
    client: 'a closed connection',
    recorded: 'cancelled',
  },
  {
    happens: 'It leaves within its request',
    play(port) {
      reply = answers;
      return send(port, {
        body: QUESTION,
        headers: { 'content-length': QUESTION.length + 10 },
        onSent: ({ socket }) => void delay(200).then(() => socket?.destroy()),
      });
    },
    client: 'a closed connection',
    recorded: 'cancelled',
  },
  {
    happens: 'It half-closes its connection when the request is sent, which Envoy takes for leaving',
    play(port) {
      reply = holdsBack;
      return send(port, { body: QUESTION, onSent: ({ socket }) => socket?.end() });
    },
    client: 'a closed connection',
    recorded: 'cancelled',
  },
  {
    happens: 'It waits for 100 Continue before it sends its body',
    play(port) {
      reply = answers;
      return send(port, { body: QUESTION, headers: { expect: '100-continue' } });
    },
    client: '200, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It sends its request chunked',
    play(port) {
      reply = answers;
      return send(port, { body: QUESTION, headers: { 'transfer-encoding': 'chunked' } });
    },
    client: '200, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It sends an empty body as JSON',
    play(port) {
      reply = answers;
      return send(port, { body: '' });
    },
    client: '200, redacted',
    recorded: 'completed',
  },
  {
    happens: 'It sends an empty body as JSON, chunked',
    play(port) {
      reply = answers;
      return send(port, { body: '', headers: { 'transfer-encoding': 'chunked' } });
    },
    client: '200, redacted',
    recorded: 'completed',
  },
];

const grpcEnd = (stream: ServerHttp2Stream, status: number) =>
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(status) }, { endStream: true });

const STRANGER_FAULTS: readonly StrangerFault[] = [
  {
    happens: 'It resets every connection',
    script: { on: 'connection', act: (socket) => socket.resetAndDestroy() },
    client: '503, no body',
    recorded: '—',
  },
  {
    happens: 'It answers connections with bytes that are not HTTP/2',
    script: { on: 'connection', act: (socket) => socket.write(Buffer.alloc(1024, 'no HTTP here. ')) },
    client: '503, no body',
    recorded: '—',
  },
  {
    happens: 'It is a web server: HTTP 404',
    script: { on: 'call', act: (stream) => stream.respond({ ':status': 404 }, { endStream: true }) },
    client: '503, no body',
    recorded: '—',
  },
  {
    happens: 'It is another gRPC service: UNIMPLEMENTED',
    script: { on: 'call', act: (stream) => grpcEnd(stream, 12) },
    client: '503, no body',
    recorded: '—',
  },
  {
    happens: 'It refuses a call that has begun: RESOURCE_EXHAUSTED',
    script: { on: 'call', act: (stream) => stream.once('data', () => grpcEnd(stream, 8)) },
    client: '503, no body',
    recorded: '—',
  },
  {
    happens: 'It resets the calls',
    script: { on: 'call', act: (stream) => stream.close(2) },
    client: '503, no body',
    recorded: '—',
  },
  {
    happens: 'It sends a message that cannot be decoded',
    script: {
      on: 'call',
      act(stream) {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
        stream.write(Buffer.from([0, 0, 0, 0, 3, 0xff, 0xff, 0xff]));
      },
    },
    client: '503, no body',
    recorded: '—',
  },
  {
    happens: 'It answers something that was not asked (trailers)',
    script: {
      on: 'call',
      act(stream) {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
        stream.write(Buffer.from([0, 0, 0, 0, 2, 0x32, 0]));
      },
    },
    client: '504, no body',
    recorded: '—',
    duplex: { client: '504' },
    legacy: { client: '503, no body' },
  },
];

/** Sends the question; does something when the client has the beginning of the answer, then lets the provider send the rest. */
async function withinAnAnswer(gateway: Gateway, act: (gateway: Gateway) => unknown): Promise<Answer> {
  const begun = Promise.withResolvers<void>();
  reply = (outgoing) => {
    streamsOn(outgoing);
    void begun.promise.then(() => outgoing.end(STREAM.slice(STREAM_CUT)));
  };
  let acted = false;
  const onData = (soFar: Buffer) => {
    if (acted || !hasBegun(soFar)) return;
    acted = true;
    act(gateway);
    begun.resolve();
  };
  return send(gateway.port, { body: QUESTION, onData });
}

const standStill = ({ filter }: Gateway) => filter().process.kill('SIGSTOP');
const goOn = ({ filter }: Gateway) => filter().process.kill('SIGCONT');
const killEnvoy = ({ envoy }: Gateway) => process.kill(envoy.pid, 'SIGKILL');

const PROCESS_FAULTS: readonly ProcessFault[] = [
  {
    happens: 'The filter stands still for a second within an answer',
    play: (gateway) =>
      withinAnAnswer(gateway, () => {
        standStill(gateway);
        setTimeout(() => goOn(gateway), 1_000);
      }),
    client: '200, redacted',
    recorded: 'completed',
  },
  {
    happens: 'The filter stands still for longer than Envoy waits (`message_timeout`, `stream_idle_timeout`)',
    async play(gateway) {
      reply = answers;
      standStill(gateway);
      const answer = await send(gateway.port, { body: QUESTION });
      goOn(gateway);
      return answer;
    },
    client: '504, no body',
    recorded: 'cancelled',
    duplex: { client: '504', recorded: 'completed' },
    envoy136: { recorded: 'cancelled' },
  },
  {
    happens: 'Envoy is killed before the answer begins',
    play(gateway) {
      reply = () => killEnvoy(gateway);
      return send(gateway.port, { body: QUESTION });
    },
    client: 'a closed connection',
    recorded: 'cancelled',
  },
  {
    happens: 'Envoy is killed within a streamed answer',
    play: (gateway) => withinAnAnswer(gateway, killEnvoy),
    client: '200, broken off',
    recorded: 'cancelled',
  },
];

const received: string[] = [];
const upstream: RequestListener = (incoming, outgoing) => {
  const [answerNow, answer] = [early, reply]; // of this row: the request may end when the next one plays
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    received.push(Buffer.concat(chunks).toString());
    if (!answerNow) answer(outgoing, incoming);
  });
  if (answerNow) answer(outgoing, incoming);
};

/** Trailers pass on both sides, which Envoy does for HTTP/1 only when asked. */
const CHANGES = {
  'stream_idle_timeout: 300s': 'stream_idle_timeout: 3s',
  'message_timeout: 5s': 'message_timeout: 2s',
  'use_remote_address: true': 'use_remote_address: true\n                http_protocol_options: { enable_trailers: true }',
  'explicit_http_config: { http_protocol_options: {} }': 'explicit_http_config: { http_protocol_options: { enable_trailers: true } }',
};

/** An answer in the words of the table. */
function inWords({ status, body, trailers, complete }: Answer): string {
  if (status === 0) return 'a closed connection';
  const said = body.includes('[REDACTED:pii.card]') ? ['redacted'] : body.length === 0 ? ['no body'] : [];
  const ended = complete ? [] : ['broken off'];
  return [String(status), ...said, ...(Object.keys(trailers).length > 0 ? ['trailers'] : []), ...ended].join(', ');
}

/** What was counted for the one exchange between two looks. */
function recordedBetween(before: FilterStatus['traffic'], after: FilterStatus['traffic']): string {
  const more = (name: 'outcomes' | 'uninspected') =>
    Object.keys(after[name]).flatMap((key) => Array<string>((after[name][key] ?? 0) - (before[name][key] ?? 0)).fill(key));
  return [...more('outcomes'), ...more('uninspected').map((key) => `not inspected: ${key}`)].join('; ') || 'nothing';
}

const expected = (fault: Fault, profile: Profile): Ending => {
  const { client, recorded } = fault;
  const { only = PROFILES, ...differs } = fault.envoy136 ?? {};
  const ofVersion = IS_ENVOY_136 && only.includes(profile) ? differs : {};
  return { client, recorded, ...(profile === 'default' ? {} : fault[profile]), ...ofVersion };
};

/** Plays one row and tells how it ended; one exchange is recorded, unless none is expected, and none stays open. */
async function endingOf(
  gateway: Gateway,
  play: (gateway: Gateway) => Promise<Answer>,
  { recorded }: Ending,
): Promise<Ending & { leaked: boolean }> {
  const { filter } = gateway;
  const before = await filter().status();
  received.length = 0;
  const answer = await play(gateway);
  const after = await waitFor(async () => {
    const status = await filter().status();
    const more = status.traffic.exchanges > before.traffic.exchanges || recorded === 'nothing';
    return more && status.openExchanges === 0 ? status : undefined;
  });
  const leaked = answer.body.includes(CARD) || received.some((text) => text.includes(CARD));
  return { client: inWords(answer), recorded: recordedBetween(before.traffic, after.traffic), leaked };
}

describe.each(PROFILES)('in the profile %s', (profile) => {
  async function check(gateway: Gateway, fault: Fault, play: (gateway: Gateway) => Promise<Answer>): Promise<void> {
    const ending = expected(fault, profile);
    expect(await endingOf(gateway, play, ending)).toEqual({ ...ending, leaked: false });
  }

  describe('the provider', () => {
    let gateway: Gateway;
    beforeAll(async () => {
      gateway = await startGateway({ upstream, profile, changes: CHANGES, breaks: 'streams' });
    });
    afterAll(() => gateway?.stop());

    test.each(PROVIDER_FAULTS)('$happens', async (fault) => {
      reply = fault.reply;
      early = fault.early === true;
      await check(gateway, fault, ({ port }) => send(port, { body: QUESTION, ...fault.sending }));
    });

    test.each(CLIENT_FAULTS)('$happens', (fault) => check(gateway, fault, ({ port }) => fault.play(port)));
  });

  test.each(PROCESS_FAULTS)('$happens', async (fault) => {
    early = false;
    const gateway = await startGateway({ upstream, profile, changes: CHANGES, breaks: 'streams' });
    try {
      await check(gateway, fault, fault.play);
    } finally {
      await gateway.stop();
    }
  });

  describe('the filter', () => {
    let filter: ScriptedFilter;
    let gateway: Gateway;
    beforeAll(async () => {
      filter = await startScriptedFilter();
      gateway = await startGateway({ upstream, profile, changes: CHANGES, filterPort: filter.port, breaks: 'protocol' });
    });
    afterAll(async () => {
      await gateway?.stop();
      await filter.close();
    });

    test.each(STRANGER_FAULTS)('$happens', async (fault) => {
      reply = answers;
      received.length = 0;
      filter.play(fault.script);
      const answer = await send(gateway.port, { body: QUESTION });
      const leaked = answer.body.includes(CARD) || received.some((text) => text.includes(CARD));
      expect({ client: inWords(answer), recorded: '—', leaked }).toEqual({ ...expected(fault, profile), leaked: false });
    });
  });
});

describe('a filter that ends its calls with OK before it has answered, as Sluice never does', () => {
  let filter: ScriptedFilter;
  beforeAll(async () => {
    filter = await startScriptedFilter();
    filter.play({ on: 'call', act: (stream) => stream.once('data', () => grpcEnd(stream, 0)) });
  });
  afterAll(() => filter.close());

  // The only one here that is not an error for the client: Envoy takes an early OK for "no more to say".
  test.each(PROFILES)('lets everything pass in the profile %s', async (profile) => {
    early = false;
    reply = answers;
    const gateway = await startGateway({ upstream, profile, filterPort: filter.port });
    try {
      const { status, body } = await send(gateway.port, { body: QUESTION });
      expect({ status, leaked: body.includes(CARD) }).toEqual({ status: 200, leaked: true });
    } finally {
      await gateway.stop();
    }
  });
});

/** A row of docs/faults.md. */
function docRow(fault: Fault): string {
  const cell = (name: keyof Ending) => {
    const others = (['duplex', 'legacy'] as const).flatMap((profile) => {
      const differs = fault[profile]?.[name];
      return differs === undefined ? [] : [`${profile}: ${differs}`];
    });
    const { only, ...in136 } = fault.envoy136 ?? {};
    const older = in136[name] === undefined ? [] : [`${['Envoy 1.36', ...(only ?? [])].join(', ')}: ${in136[name]}`];
    return [fault[name], ...others, ...older].join('<br>');
  };
  return `| ${fault.happens} | ${cell('client')} | ${cell('recorded')} |`;
}

test('docs/faults.md shows exactly these rows', () => {
  const docs = readFileSync(path.resolve(import.meta.dirname, '../../docs/faults.md'), 'utf8');
  const rows = docs.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| what happens'));
  const all = [PROVIDER_FAULTS, CLIENT_FAULTS, PROCESS_FAULTS, STRANGER_FAULTS].flat();
  expect(all).toHaveLength(41);
  expect(rows).toEqual(all.map(docRow));
});
