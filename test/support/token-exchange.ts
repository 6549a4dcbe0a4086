import { createHmac } from 'node:crypto';
import { ANONYMOUS, type Identity } from '../../src/agents/identity/identity.ts';
import type { Advice, Effect, EnvoyEvent, ExchangeRecord, Header, Question } from '../../src/exchange/events.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { createAgentDesk } from '../../src/services/agent-desk.ts';
import { createConversationStore } from '../../src/services/conversation-store.ts';
import type { TokenVault } from '../../src/services/token-vault.ts';

/** A keyed hash as an installation has it. */
export const tokenHash = (text: string): string => createHmac('sha256', 'a key of tests').update(text).digest('hex');

export interface TokenPlay {
  readonly policy: Policy;
  readonly path: string;
  readonly headers?: readonly Header[];
  readonly request: Buffer;
  /** Default: JSON. */
  readonly requestType?: string;
  /** What the provider answers to what it was sent. */
  readonly answer: (sent: string) => Buffer;
  readonly answerType?: string;
  /** Bytes of each piece of the answer. Default: whole. */
  readonly piece?: number;
  /** Pieces of these bytes instead of equal ones. */
  readonly cuts?: readonly number[];
  /** Asked who calls. Default: nobody is asked. */
  readonly desk?: { readonly identity: Identity; readonly vault: TokenVault };
}

export interface TokenPlayed {
  readonly record: ExchangeRecord;
  /** What the provider got. */
  readonly sent: string;
  /** What the client got. */
  readonly got: string;
  readonly gotBytes: Buffer;
  readonly effects: readonly Effect[];
}

/** Plays one exchange whose answer depends on what was sent to the provider; request buffered, answer in full duplex. */
export function playTokens({
  policy,
  path,
  headers = [],
  request,
  requestType = 'application/json',
  answer,
  ...how
}: TokenPlay): TokenPlayed {
  const exchange = openExchange({
    policy,
    exchangeId: 'x',
    fallbackModes: { request: 'buffered', response: 'full-duplex' },
    hash: tokenHash,
    consults: how.desk !== undefined,
  });
  const advise = how.desk === undefined ? () => undefined : deskOf(how.desk);
  const effects: Effect[] = [];
  const send = (event: EnvoyEvent): void => {
    for (const effect of exchange.step(event)) {
      effects.push(effect);
      if (effect.kind === 'consult') advise(effect.question, (advice) => send({ kind: 'advised', advice, unixMs: 1 }));
    }
  };
  const head: readonly Header[] = [
    [':method', 'POST'],
    [':path', path],
    [':authority', 'api.example'],
    ['content-type', requestType],
  ];
  send({ kind: 'request-headers', headers: [...head, ...headers], endOfStream: false, unixMs: 1 });
  send({ kind: 'request-body', bytes: request, endOfStream: true, unixMs: 1 });
  const replaced = effects.flatMap((effect) => (effect.kind === 'answer-body' && effect.replace !== undefined ? [effect.replace] : []));
  const sent = (replaced[0] ?? request).toString();
  const body = answer(sent);
  const type: Header = ['content-type', how.answerType ?? 'application/json'];
  send({ kind: 'response-headers', headers: [[':status', '200'], type], endOfStream: false, unixMs: 1 });
  const pieces = piecesOf(body, how);
  for (const [i, bytes] of pieces.entries()) send({ kind: 'response-body', bytes, endOfStream: i === pieces.length - 1, unixMs: 1 });
  send({ kind: 'ended', unixMs: 2 });
  const [record] = effects.flatMap((effect) => (effect.kind === 'record' ? [effect.record] : []));
  if (record === undefined) throw new Error('no record');
  const gotBytes = Buffer.concat(effects.flatMap((effect) => (effect.kind === 'stream-body' ? effect.parts : [])));
  return { record, sent, got: gotBytes.toString(), gotBytes, effects };
}

function piecesOf(body: Buffer, { piece = body.length, cuts }: Pick<TokenPlay, 'piece' | 'cuts'>): readonly Buffer[] {
  const ends = cuts ?? Array.from({ length: Math.ceil(body.length / piece) - 1 }, (_, i) => (i + 1) * piece);
  return [...ends, body.length].map((end, i) => body.subarray(ends[i - 1] ?? 0, end));
}

function deskOf({ identity, vault }: NonNullable<TokenPlay['desk']>): (question: Question, onAdvice: (advice: Advice) => void) => void {
  const desk = createAgentDesk({
    identifier: { identify: () => identity, remembered: 0 },
    conversations: createConversationStore(),
    vault,
    stops: () => [],
    hash: tokenHash,
    now: () => 1,
  });
  return desk.advise;
}

/** A caller that is known by a key. */
export const keyedCaller = (hash: string): Identity => ({ ...ANONYMOUS, proofs: [{ source: 'api-key', hash }] });

/** Every token in a text. */
export const tokensIn = (text: string): readonly string[] => text.match(/[A-Z]+_[A-Z_]*?_?[BCDFGHJKMPQRTVWX]{16}/g) ?? [];
