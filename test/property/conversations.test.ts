import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANONYMOUS } from '../../src/agents/identity/identity.ts';
import type { Stop } from '../../src/agents/stops.ts';
import type { Effect, EnvoyEvent, ExchangeRecord, Question } from '../../src/exchange/events.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import { createEventDecoder, encodeEffect } from '../../src/extproc/codec.ts';
import { createDueAnswers } from '../../src/extproc/due.ts';
import type { Message } from '../../src/extproc/protobuf-writer.ts';
import { bytesOf, CARD, encode, KEY, type Plan, plainOf, planArb, playConversation, START_MS } from '../support/conversation.ts';
import { answerOfMessage, requestMessage } from '../support/envoy-messages.ts';
import { answerOfEffect, createEnvoyModel, type EnvoyModel } from '../support/envoy-model.ts';
import { createRandom, LONG_RUN } from '../support/random.ts';
import { smallPolicy } from '../support/streams.ts';

const POLICIES = [
  smallPolicy('version: 1\n'),
  smallPolicy('version: 1\nextends: builtin/strict\n'),
  smallPolicy('version: 1\nfailMode: {request: open, response: open, onLimit: allow, onUninspectable: allow}\n'),
  smallPolicy('version: 1\nlimits: {bodyBytes: 1KiB, eventBytes: 1KiB}\n'),
  smallPolicy('version: 1\nmode: observe\n'),
];
const FALLBACK = { request: 'buffered', response: 'buffered' } as const;

/** What one played conversation has left. */
interface Played {
  readonly plan: Plan;
  readonly envoy: EnvoyModel;
  readonly records: readonly ExchangeRecord[];
  readonly illegal: readonly string[];
  /** Everything that was planned was said. */
  readonly complete: boolean;
  /** How the filter closed the side stream. */
  readonly closed: 'OK' | 'error' | 'by Envoy';
  readonly denied: boolean;
}

const STOP: Stop = { id: 's1', scope: 'all', name: '', reason: 'a test', by: 'test', atUnixMs: START_MS, untilUnixMs: undefined };

type DecodeEffect = Extract<Effect, { kind: 'decode' }>;

/** Plays a plan against the state machine, behind the rules of the gRPC shell: nothing after a denial, OK only when all is settled. */
function play(plan: Plan): Played {
  const envoy = createEnvoyModel({ modes: plan.modes ?? FALLBACK, allowModeOverride: plan.allowModeOverride });
  const exchange = openExchange({
    policy: POLICIES[plan.policy]!,
    exchangeId: 'x',
    fallbackModes: FALLBACK,
    consults: plan.caller !== 'not asked',
    hash: (text) => `${text.length}`.padStart(64, '0'),
  });
  const due = createDueAnswers();
  const decoder = createEventDecoder();
  const records: ExchangeRecord[] = [];
  const illegal: string[] = [];
  let silent = false;
  let closed: Played['closed'] = 'by Envoy';
  let wakeMs: number | undefined;
  let opening: EnvoyEvent | undefined;
  let ending = false;
  let turn = 0;
  /** What is to be decoded, by direction in order, and what was decoded and not asked for yet. */
  const decodes: DecodeEffect[] = [];
  /** Questions that are not answered yet. */
  const asked: Question[] = [];
  let stopDue = plan.caller === 'stopped in the middle';
  const left = { request: Buffer.alloc(0), response: Buffer.alloc(0) };

  const complete = playConversation(plan, envoy, { send, isOpen: () => closed === 'by Envoy', wakeMs: () => wakeMs, pass });
  if (decodes.length > 0) illegal.push('an effect decode that nobody carried out');
  if (asked.length > 0) illegal.push('an effect consult that nobody answered');
  return { plan, envoy, records, illegal, complete, closed, denied: silent };

  function send(event: EnvoyEvent): void {
    if (closed !== 'by Envoy') return step({ kind: 'cancelled', unixMs: 0 });
    envoy.sent(event);
    for (const one of received(event)) {
      due.received(one);
      step(one);
    }
    if (event.kind === 'ended') ending = true;
    close();
  }

  /** The shell closes when Envoy has half-closed and nothing is being decoded. */
  function close(): void {
    if (ending && decodes.length + asked.length === 0 && closed === 'by Envoy') closed = silent || due.isSettled() ? 'OK' : 'error';
  }

  /** Decoders answer when they can: the directions in any order, each direction in its own. */
  function pass(all: boolean): void {
    if (stopDue && turn >= plan.lead) {
      stopDue = false;
      step({ kind: 'stopped', stop: STOP, unixMs: START_MS });
    }
    while (asked.length > 0 && (all || plan.order[turn % plan.order.length] === true)) answerQuestion();
    for (turn++; decodes.length > 0 && (all || plan.order[turn % plan.order.length] === true); turn++) {
      const last = plan.order[(turn + 1) % plan.order.length] === true ? decodes.length - 1 : 0;
      const [{ direction, bytes }] = decodes.splice(last, 1) as [DecodeEffect];
      step(decodedOf(direction, bytes));
      close();
    }
  }

  function answerQuestion(): void {
    const { about } = asked.shift()!;
    const stop = plan.caller === 'stopped' ? STOP : undefined;
    const advice = { about, identity: ANONYMOUS, agent: 'unknown', conversation: undefined, stop, findings: [] };
    step({ kind: 'advised', advice, unixMs: START_MS });
    close();
  }

  function decodedOf(direction: 'request' | 'response', bytes: Buffer): EnvoyEvent {
    const { coded, delta } = plan[direction];
    const all = Buffer.concat([left[direction], encode(bytes)]);
    const slice = coded === 'expands' ? delta * 20 : all.length;
    left[direction] = all.subarray(slice);
    const failure = coded === 'fails' && delta % 3 === turn % 3 ? 'content-encoding' : undefined;
    const more = failure === undefined && left[direction].length > 0;
    return { kind: 'decoded', direction, parts: [all.subarray(0, slice)], more, failure, unixMs: START_MS };
  }

  /** As the exchange gets it: through protobuf where the plan says so. */
  function received(event: EnvoyEvent): readonly EnvoyEvent[] {
    if (!plan.encoded || event.kind === 'ended' || event.kind === 'cancelled' || event.kind === 'tick') return [event];
    if (event.kind === 'decoded' || event.kind === 'advised' || event.kind === 'stopped') return [event];
    if (event.kind === 'open') {
      opening = event;
      return [];
    }
    const message = requestMessage(event, opening);
    opening = undefined;
    return decoder.decode(message, event.unixMs);
  }

  function step(event: EnvoyEvent): void {
    const effects = exchange.step(event);
    if (records.length > 0 && effects.length > 0) illegal.push('an effect after the record');
    for (const effect of effects) apply(effect);
    if (plan.caller !== 'later') while (asked.length > 0) answerQuestion();
  }

  function apply(effect: Effect): void {
    if (effect.kind === 'record') {
      records.push(effect.record);
      decodes.length = 0;
      asked.length = 0;
    } else if (effect.kind === 'decode') decodes.push(effect);
    else if (effect.kind === 'abort') closed = plan.observability ? 'OK' : 'error';
    else if (effect.kind === 'consult') asked.push(effect.question);
    else if (effect.kind === 'wake') wakeMs = effect.unixMs;
    else if (!silent && !plan.observability) answer(effect);
  }

  function answer(effect: Exclude<Effect, { kind: 'record' | 'abort' | 'wake' | 'decode' | 'consult' }>): void {
    due.sent(effect);
    silent = effect.kind === 'deny';
    const problems = plan.encoded ? encoded(effect).map(envoy.answered) : [envoy.answered(answerOfEffect(effect)!)];
    illegal.push(...problems.filter((problem) => problem !== undefined));
  }
}

function encoded(effect: Parameters<typeof encodeEffect>[0]) {
  const messages: Message[] = [];
  encodeEffect(effect, messages);
  return messages.map((parts) => answerOfMessage(Buffer.concat(parts)));
}

/** What is wrong with a played conversation; empty when nothing. */
function problemsOf(played: Played): string[] {
  const { plan, envoy, records, illegal, complete, closed, denied } = played;
  const legal = isLegal(plan);
  const problems = legal ? [...illegal] : illegal.filter((problem) => problem.startsWith('an effect'));
  if (records.length !== 1) problems.push(`${records.length} records`);
  if (plan.observability || records.length !== 1) return problems;
  const brokenOff = records[0]!.outcome === 'denied' && closed === 'error';
  if (legal && brokenOff && !denied && !envoy.hasStatusLeft()) problems.push('broken off where a real status was possible');
  const judged = records[0]!.mode === 'enforce';
  const bypass = envoy.openToBypass();
  const unseen = records[0]!.uninspected.some(({ reason }) => reason === 'opaque' || reason === 'body-not-sent');
  if (closed === 'OK' && judged && legal && !unseen && bypass !== undefined) problems.push(`closed with OK: ${bypass}`);
  const waits = envoy.unanswered();
  if (legal && complete && closed !== 'error' && waits !== undefined) problems.push(waits);
  for (const direction of ['request', 'response'] as const)
    problems.push(...wrongBytes(played, direction, { whole: legal && complete && closed !== 'error' && !denied }));
  return problems;
}

/** What follows the end of a direction is to be ignored; it changes nothing. */
function isLegal({ disturbance }: Plan): boolean {
  return disturbance === 'none' || disturbance === 'after the end';
}

/** Whether what has gone on is what policy wants. */
function wrongBytes({ plan, envoy, records }: Played, direction: 'request' | 'response', { whole }: { whole: boolean }): string[] {
  const record = records[0]!;
  // A body of any other type is one text, whatever events it looks like.
  const isGrpc = plan.kind === 'grpc' && direction === 'request';
  const isCoded = plan[direction].coded !== 'no';
  const isDecoded = isCoded && envoy.removed(direction).has('content-encoding');
  const forwarded = envoy.forwarded(direction);
  // As the receiver reads it, who goes by the headers.
  const out = isCoded && !isDecoded ? encode(forwarded) : forwarded;
  const inspected = !record.uninspected.some((one) => one.direction === direction);
  // Pieces that are lost, doubled or exchanged say something else.
  if (record.mode === 'enforce' && inspected && isLegal(plan) && saysSecret(out, { pieces: !isGrpc }))
    return [`a secret in the ${direction}`];
  const harmless = record.mode === 'observe' || record.findings.length === 0;
  const sent = plainOf(direction, plan[direction]);
  if (!whole || !harmless || record.verdict === 'deny' || out.length === 0 || out.equals(sent)) return [];
  return sent.subarray(0, out.length).equals(out) && !inspected ? [] : [`the ${direction} was changed`];
}

/** `pieces`: also in those of a stream. */
function saysSecret(bytes: Buffer, { pieces }: { readonly pieces: boolean }): boolean {
  const raw = bytes.toString('utf8');
  if (!pieces) return raw.includes(CARD) || raw.includes(KEY);
  const text = `${raw}\n${Array.from(raw.matchAll(/"content":"([^"]*)"/g), ([, piece]) => piece).join('')}`;
  return text.includes(CARD) || text.includes(KEY);
}

describe('conversations with Envoy', () => {
  const runs = LONG_RUN ? 1_000_000 : 20_000;

  test('random ones: every answer is legal, nothing stays open, no secret passes', () => {
    const seen = { complete: 0, denied: 0, error: 0, encoded: 0, redacted: 0, disturbed: 0, decoded: 0, untouched: 0, stopped: 0 };
    fc.assert(
      fc.property(planArb(POLICIES.length), (plan) => {
        const played = play(plan);
        count(seen, played);
        expect(problemsOf(played)).toEqual([]);
      }),
      { numRuns: runs, seed: createRandom().seed },
    );
    // The generator reaches what the property is about.
    expect(Object.entries(seen).filter(([, times]) => times < runs / 50)).toEqual([]);
  }, 3_600_000);
});

function count(seen: Record<string, number>, { plan, envoy, complete, denied, closed, records }: Played): void {
  const add = (name: string, happened: boolean) => {
    seen[name] = seen[name]! + Number(happened);
  };
  add('complete', complete);
  add('denied', denied);
  add('error', closed === 'error');
  add('encoded', plan.encoded);
  add('redacted', records[0]?.verdict === 'redact');
  add('decoded', envoy.removed('request').has('content-encoding') || envoy.removed('response').has('content-encoding'));
  add('untouched', plan.response.coded !== 'no' && envoy.forwarded('response').equals(bytesOf('response', plan.response)));
  add('stopped', records[0]?.findings.some(({ detector }) => detector === 'agent.stopped') === true);
  add('disturbed', plan.disturbance !== 'none');
}
