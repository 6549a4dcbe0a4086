import type { ConversationState } from '../../src/agents/conversation/conversation.ts';
import { ANONYMOUS, type Identity } from '../../src/agents/identity/identity.ts';
import type { KnownTools } from '../../src/agents/integrity/known-tools.ts';
import type { TakeCall } from '../../src/exchange/call-budgets.ts';
import type { Effect, EnvoyEvent, ExchangeRecord, Header } from '../../src/exchange/events.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import type { Policy } from '../../src/policy/policy.ts';

export interface AgentPlay {
  readonly policy: Policy;
  /** Default: nobody is known. */
  readonly identity?: Identity;
  readonly conversation?: ConversationState;
  /** Whether it belongs to a session, by which others find what its conversation holds. Default: true. */
  readonly hasSession?: boolean;
  /** Tools that are known. Default: nobody remembers any. */
  readonly tools?: KnownTools;
  /** What budgets of tools say. Default: nobody counts. */
  readonly takeCall?: TakeCall;
  readonly path: string;
  /** Content type of the request. Default: JSON. */
  readonly type?: string;
  readonly headers?: readonly Header[];
  readonly request: Buffer;
  /** Undefined: the exchange ends after the request. */
  readonly response?: Buffer;
  readonly responseType?: string;
  /** Bytes of each piece of the answer. Default: whole. */
  readonly piece?: number;
  /** Where the answer is cut instead, in bytes, rising. */
  readonly cuts?: readonly number[];
}

export interface AgentPlayed {
  readonly record: ExchangeRecord;
  /** What goes on to the provider; undefined: the request was denied. */
  readonly request: string | undefined;
  /** What the client has got of the answer's body. */
  readonly response: string;
  /** The same, as it came. */
  readonly responseBytes: Buffer;
  /** Status and body of a denial. */
  readonly denied: { readonly status: number; readonly body: string } | undefined;
  /** What had left before each piece of the answer came, in bytes. */
  readonly left: readonly number[];
}

/** Plays one exchange, request buffered and answer in full duplex, with a shell that knows the caller. */
export function playAgent(play: AgentPlay): AgentPlayed {
  const exchange = openExchange({
    policy: play.policy,
    exchangeId: 'x',
    fallbackModes: { request: 'buffered', response: 'full-duplex' },
    hash: (text) => Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64),
    consults: true,
  });
  const identity = play.identity ?? ANONYMOUS;
  const agent = play.policy.agents.agentOf(identity).name;
  const seen = { records: [] as ExchangeRecord[], request: undefined as string | undefined, denied: undefined as AgentPlayed['denied'] };
  const released: Buffer[] = [];
  const left: number[] = [];
  const send = (event: EnvoyEvent): void => {
    for (const effect of exchange.step(event)) take(effect);
  };

  function take(effect: Effect): void {
    if (effect.kind === 'record') seen.records.push(effect.record);
    if (effect.kind === 'deny') seen.denied = { status: effect.status, body: effect.body };
    if (effect.kind === 'answer-body') seen.request = (effect.replace ?? play.request).toString('utf8');
    if (effect.kind === 'stream-body') released.push(...effect.parts);
    if (effect.kind === 'consult') {
      const { about } = effect.question;
      const { conversation, tools, takeCall, hasSession = true } = play;
      const keep = hasSession ? () => {} : undefined;
      const advice = { about, agent, identity, conversation, tools, takeCall, stop: undefined, findings: [], keep };
      send({ kind: 'advised', advice, unixMs: 1 });
    }
  }

  const isPost = play.request.length > 0;
  const head: readonly Header[] = [
    [':method', isPost ? 'POST' : 'GET'],
    [':path', play.path],
    [':authority', 'api.example'],
    ['content-type', play.type ?? 'application/json'],
    ...(play.headers ?? []),
  ];
  send({ kind: 'request-headers', headers: head, endOfStream: !isPost, unixMs: 1 });
  if (isPost) send({ kind: 'request-body', bytes: play.request, endOfStream: true, unixMs: 1 });
  const { response, piece = response?.length ?? 1 } = play;
  if (response !== undefined) {
    const type = play.responseType ?? 'application/json';
    send({
      kind: 'response-headers',
      headers: [
        [':status', '200'],
        ['content-type', type],
      ],
      endOfStream: false,
      unixMs: 1,
    });
    const cuts = play.cuts ?? Array.from({ length: Math.ceil(response.length / piece) - 1 }, (_, i) => (i + 1) * piece);
    for (const [i, at] of [0, ...cuts].entries()) {
      left.push(released.reduce((sum, part) => sum + part.length, 0));
      const end = cuts[i] ?? response.length;
      send({ kind: 'response-body', bytes: response.subarray(at, end), endOfStream: end === response.length, unixMs: 1 });
    }
  }
  send({ kind: 'ended', unixMs: 2 });
  const [record] = seen.records;
  if (record === undefined || seen.records.length > 1) throw new Error(`${seen.records.length} records`);
  const responseBytes = Buffer.concat(released);
  return { record, request: seen.request, response: responseBytes.toString('utf8'), responseBytes, denied: seen.denied, left };
}

/** An identity with one proof: an API key of this hash. */
export function keyIdentity(hash: string): Identity {
  return { ...ANONYMOUS, proofs: [{ source: 'api-key', hash }] };
}
