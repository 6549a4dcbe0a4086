import type { RequestListener, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { EnvoyProfile } from '../../src/cli/envoy-config.ts';
import type { EnvoyEvent } from '../../src/exchange/events.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import { createExtProcServer, type ExchangePort } from '../../src/extproc/server.ts';
import { type Answer, type Gateway, type GatewayOptions, send, startGateway, unusedPort } from '../support/gateway.ts';
import { waitFor } from '../support/processes.ts';
import { policyFrom, STREAM_DIALECTS } from '../support/streams.ts';

/** Must never reach a client that the filter does not look after. */
const CANARY = 'canary-7f3a';
/** What has reached the client before the filter goes. */
const BEGINNING = 'These are the first words of the answer';

const openai = STREAM_DIALECTS[0]!;
const QUESTION = JSON.stringify({ model: 'gpt-5-mini', stream: true, messages: [{ role: 'user', content: 'How are you?' }] });
const ANSWER = openai.write([`${BEGINNING}, `, 'then ', `${CANARY}, and then no more.`]).toString();
const CANARY_EVENT_AT = ANSWER.lastIndexOf('data: ', ANSWER.indexOf(CANARY));

/** A client, a gateway and a provider that waits to be told what to send. */
interface Scene {
  readonly gateway: Gateway;
  /** Sends the question; resolves to what the client got in the end. */
  ask(): Promise<Answer>;
  /** The provider has the question. */
  readonly arrived: Promise<void>;
  /** The client has the beginning of the answer. */
  readonly begun: Promise<void>;
  letBegin(): void;
  /** Lets the provider send the canary and the end. */
  letEnd(): void;
}

const PROFILES = ['default', 'duplex'] as const satisfies readonly EnvoyProfile[];

/** Envoy gives up on a full-duplex direction, where no message timer runs, sooner than the shipped five minutes. */
const IMPATIENT = { 'stream_idle_timeout: 300s': 'stream_idle_timeout: 5s' };

/** Plays in a scene of its own and ends it; several may run at once. */
async function inScene<T>(options: Omit<GatewayOptions, 'upstream'>, play: (scene: Scene) => Promise<T>): Promise<T> {
  const arrived = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const mayBegin = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  const answer = async (outgoing: ServerResponse): Promise<void> => {
    arrived.resolve();
    await mayBegin.promise;
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.write(ANSWER.slice(0, CANARY_EVENT_AT));
    await mayEnd.promise;
    outgoing.end(ANSWER.slice(CANARY_EVENT_AT));
  };
  const upstream: RequestListener = (incoming, outgoing) => {
    incoming.resume().on('end', () => void answer(outgoing));
  };
  const gateway = await startGateway({ ...options, upstream, breaks: 'streams' });
  const onData = (soFar: Buffer) => soFar.includes(BEGINNING) && begun.resolve();
  const scene = {
    gateway,
    ask: () => send(gateway.port, { body: QUESTION, onData }),
    arrived: arrived.promise,
    begun: begun.promise,
    letBegin: mayBegin.resolve,
    letEnd: mayEnd.resolve,
  };
  try {
    return await play(scene);
  } finally {
    await gateway.stop();
  }
}

async function askAll({ ask, letBegin, letEnd }: Scene): Promise<Seen> {
  letBegin();
  letEnd();
  return seen(await ask());
}

/** What counts of an answer: an error, a broken one or a whole one, and whether the canary came with it. */
function seen({ status, complete, body }: Answer): Seen {
  const came = status >= 500 ? 'as an error' : status === 200 && complete ? 'whole' : 'broken';
  return { came, canary: body.includes(CANARY) };
}
interface Seen {
  readonly came: 'as an error' | 'whole' | 'broken';
  readonly canary: boolean;
}
const PASSED = { came: 'whole', canary: true };
const ERROR = { came: 'as an error', canary: false };
const BROKEN = { came: 'broken', canary: false };

/** When the filter meets its trouble. Each plays to the end and says what the client got. */
const AT = {
  'before the request': (trouble: Trouble) => async (scene: Scene) => {
    await trouble(scene.gateway);
    return askAll(scene);
  },
  'while the provider thinks': (trouble: Trouble) => async (scene: Scene) => {
    const answer = scene.ask();
    await before(answer, scene.arrived);
    await trouble(scene.gateway);
    scene.letBegin();
    scene.letEnd();
    return seen(await answer);
  },
  'in the middle of an answer': (trouble: Trouble) => async (scene: Scene) => {
    scene.letBegin();
    const answer = scene.ask();
    await before(answer, scene.begun);
    await trouble(scene.gateway);
    scene.letEnd();
    return seen(await answer);
  },
} as const;
const MOMENTS = Object.keys(AT) as (keyof typeof AT)[];

/** Waits for a moment of an exchange; rejects when the exchange ends without it. */
async function before(answer: Promise<Answer>, moment: Promise<void>): Promise<void> {
  const ended = answer.then(({ status }): never => {
    throw new Error(`the client had its answer (${status}) too soon`);
  });
  ended.catch(() => {}); // when the moment came first, the end is no news
  await Promise.race([moment, ended]);
}

type Trouble = (gateway: Gateway) => unknown;
const killed: Trouble = ({ filter }) => filter().kill();
const hangs: Trouble = ({ filter }) => filter().process.kill('SIGSTOP');
const fine: Trouble = () => undefined;

describe.concurrent.each(PROFILES)('in the profile %s', (profile) => {
  test.each(MOMENTS)('a filter that is fine %s lets the whole answer through', async (moment) => {
    expect(await inScene({ profile }, AT[moment](fine))).toEqual(PASSED);
  });

  test('a filter that was never started: an error, and nothing of the answer', async () => {
    expect(await inScene({ profile, filterPort: await unusedPort() }, askAll)).toEqual(ERROR);
  });

  test.each([
    ['before the request', ERROR],
    ['while the provider thinks', ERROR],
    ['in the middle of an answer', BROKEN],
  ] as const)('a filter killed %s: no part of the answer passes from then on', async (moment, expected) => {
    expect(await inScene({ profile }, AT[moment](killed))).toEqual(expected);
  });

  test.each([
    ['before the request', ERROR],
    ['while the provider thinks', ERROR],
    ['in the middle of an answer', BROKEN],
  ] as const)('a filter that hangs %s: Envoy gives up, and no part of the answer passes', async (moment, expected) => {
    expect(await inScene({ profile, changes: IMPATIENT }, AT[moment](hangs))).toEqual(expected);
  });

  test('a filter that comes back serves again', () =>
    inScene({ profile }, async (scene) => {
      await scene.gateway.filter().kill();
      expect(await askAll(scene)).toEqual(ERROR);
      const filter = await scene.gateway.startFilter();
      await waitFor(async () => ((await askAll(scene)).came === 'whole' ? 'back' : undefined));
      expect(await askAll(scene)).toEqual(PASSED);
      expect((await filter.status()).traffic.outcomes).toMatchObject({ denied: 0, aborted: 0 });
    }));
});

describe.concurrent('with failure_mode_allow: true, which no configuration of ours has, the same canary passes', () => {
  const open = { profile: 'default', changes: { 'failure_mode_allow: false': 'failure_mode_allow: true' } } as const;

  test('a filter that was never started', async () => {
    expect(await inScene({ ...open, filterPort: await unusedPort() }, askAll)).toEqual(PASSED);
  });

  test.each([
    ['killed before the request', 'before the request', killed],
    ['killed while the provider thinks', 'while the provider thinks', killed],
    ['that hangs before the request', 'before the request', hangs],
  ] as const)('a filter %s', async (_, moment, trouble) => {
    expect(await inScene(open, AT[moment](trouble))).toEqual(PASSED);
  });

  // Envoy 1.40 breaks a full-duplex direction that has begun, whatever this setting says.
  test('but not of a filter killed in the middle of an answer', async () => {
    expect(await inScene(open, AT['in the middle of an answer'](killed))).toEqual(BROKEN);
  });
});

const policy = policyFrom('version: 1\n');
const newExchange = () =>
  openExchange({ policy, exchangeId: 'test', fallbackModes: { request: 'buffered', response: 'buffered' }, hash: () => '' });

/** The real exchange, with a bug at one kind of event; at its `nth` when given. */
function throwingAt(kind: EnvoyEvent['kind'], nth = 1): ExchangePort {
  const exchange = newExchange();
  let count = 0;
  return {
    step(event) {
      if (event.kind === kind && ++count === nth) throw new Error('a bug');
      return exchange.step(event);
    },
  };
}

/** A scene whose filter, in this process, has these exchanges; and where the filter reported errors. */
async function inSceneOf<T>(open: () => ExchangePort, profile: EnvoyProfile, play: (scene: Scene) => Promise<T>) {
  const errors: string[] = [];
  const server = createExtProcServer({ openExchange: open, onRecord: () => {}, onError: (_, where) => errors.push(where) });
  const bound = await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    return { got: await inScene({ profile, filterPort: (bound as { port: number }).port }, play), errors };
  } finally {
    await server.close({ deadlineMs: 0 });
  }
}

describe.concurrent.each(PROFILES)('a filter with a bug, profile %s', (profile) => {
  test('none yet: the whole answer passes', async () => {
    expect(await inSceneOf(newExchange, profile, askAll)).toEqual({ got: PASSED, errors: [] });
  });

  test.each([
    ['opening the exchange', failing],
    ['the first message', () => throwingAt('open')],
    ['the request headers', () => throwingAt('request-headers')],
    ['the request body', () => throwingAt('request-body')],
    ['the response headers', () => throwingAt('response-headers')],
    ['the first piece of the answer', () => throwingAt('response-body')],
  ])('at %s: an error, and nothing of the answer', async (_, open) => {
    expect(await inSceneOf(open, profile, askAll)).toEqual({ got: ERROR, errors: ['step'] });
  });

  test('at the second piece of the answer: what was judged has passed, the rest breaks off', async () => {
    const open = () => throwingAt('response-body', 2);
    expect(await inSceneOf(open, profile, AT['in the middle of an answer'](fine))).toEqual({ got: BROKEN, errors: ['step'] });
  });

  test('in one exchange leaves the next one alone', async () => {
    const exchanges = [throwingAt('request-body'), newExchange()];
    const twice = async (scene: Scene) => [await askAll(scene), await askAll(scene)];
    expect((await inSceneOf(() => exchanges.shift()!, profile, twice)).got).toEqual([ERROR, PASSED]);
  });
});

function failing(): never {
  throw new Error('a bug');
}
