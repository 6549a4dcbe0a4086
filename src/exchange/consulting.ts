import type { AgentFinding } from '../agents/finding.ts';
import { readClaims } from '../agents/identity/read-claims.ts';
import { findingOfAgent } from '../policy/decide.ts';
import type { Finding } from '../policy/finding.ts';
import { denialFor } from '../respond/denial.ts';
import type { WireFacts } from '../wire/frame.ts';
import { type Caller, createCaller, stoppedBy } from './caller.ts';
import { deny } from './ending.ts';
import type { Advice, Question, Target, TokenQuestion } from './events.ts';
import { callerHashOf, type ExchangeState, failsClosed, modeNow, uninspectedBecause } from './exchange-state.ts';
import { isKnownCaller, type TokenCaller } from './token-scope.ts';

/** Asks who calls, when the head of the request has come. */
export function consultCaller(exchange: ExchangeState, then: () => void): void {
  const { requestHeaders: headers, attributes, metadata, policy, options } = exchange;
  const claims = readClaims({ headers, attributes, metadata, policy: policy.agents.identity, hash: options.hash });
  consult(exchange, { about: 'caller', claims, identity: undefined, agents: policy.agents, target: targetOf(exchange) }, then);
}

/** Asks the shell; whatever comes of the request waits, and `then` goes on with it unless the caller is refused. */
function consult(exchange: ExchangeState, question: Question, then: () => void): void {
  exchange.proceed = then;
  exchange.effects.push({ kind: 'consult', question });
}

/** What the shell says of the caller. */
export function takeAdvice(exchange: ExchangeState, advice: Advice): void {
  const { proceed: then, head, format, policy } = exchange;
  if (then === undefined) return;
  exchange.proceed = undefined;
  const isFirst = exchange.caller === undefined;
  exchange.caller ??= createCaller(advice, policy, { head, nowMs: exchange.nowUnixMs, speaking: exchange });
  const { caller, enforce } = exchange;
  if (!isFirst) caller.learn(advice);
  if (advice.tokens !== undefined) exchange.tokens?.learn(advice.tokens);
  const stops = advice.stop === undefined ? NOTHING : [stoppedBy(advice.stop)];
  const broken = isFirst ? [...stops, ...caller.headFindings(head, format)] : stops;
  const known = enforce ? advice.findings : advice.findings.map((one): Finding => ({ ...one, taken: 'observe' }));
  if (!refuse(exchange, broken, known)) then();
}

/** Keeps what the caller breaks, and what else is known against it; true when any of it ends the exchange. */
function refuse(exchange: ExchangeState, broken: readonly AgentFinding[], known: readonly Finding[] = []): boolean {
  if (broken.length + known.length === 0) return false;
  const { findings, policy, observability, request } = exchange;
  const found = [...broken.map((one) => findingOfAgent(one, modeNow(exchange))), ...known];
  findings.push(...found.slice(0, Math.max(0, policy.limits.findings - findings.length)));
  const refusal = observability ? undefined : found.find(({ taken }) => taken === 'deny');
  if (refusal === undefined) return false;
  deny(exchange, request, denialFor('content_filter', refusal.detector));
  return true;
}

/** All of the request is read: what it says beside its texts is judged before anything of it leaves. */
export function requestRead(exchange: ExchangeState, then: () => void): void {
  const { caller, facts, policy, request } = exchange;
  if (caller === undefined) return then();
  if (facts.unfit === true && caller.isBound) {
    uninspectedBecause(exchange, request, 'unfit-body');
    if (exchange.enforce && failsClosed(exchange, request) && policy.failMode.onUninspectable === 'deny')
      return deny(exchange, request, denialFor('uninspectable'));
  }
  if (refuse(exchange, caller.bodyFindings(bodyFacts(exchange)))) return;
  const claims = caller.newClaims(facts, exchange.options.hash);
  const asked = tokenQuestion(exchange);
  if (claims.length === 0 && asked === undefined) return settleRequest(exchange, caller, then);
  const { identity } = caller;
  const question = { about: 'conversation', claims, identity, agents: policy.agents, target: targetOf(exchange) } as const;
  consult(exchange, asked === undefined ? question : { ...question, tokens: asked }, () => settleRequest(exchange, caller, then));
}

/** What the request's tools did is judged last: its conversation is known now. */
function settleRequest(exchange: ExchangeState, caller: Caller, then: () => void): void {
  if (refuse(exchange, caller.guard?.requestRead() ?? NOTHING)) return;
  caller.keepRequest();
  then();
}

/** A model that nobody names is the provider's choice, where one is asked. */
function bodyFacts({ head, request, format, facts }: ExchangeState): WireFacts {
  const asks = head.method === 'POST' && request.bytes > 0 && MODEL_OPERATIONS.has(format.operation(head) ?? '');
  const isNamed = facts.model !== undefined || (facts.otherModels?.length ?? 0) > 0;
  return asks && !isNamed ? { ...facts, model: UNNAMED_MODEL } : facts;
}

/** What is kept for later exchanges, and what earlier ones kept. Callers that nothing tells apart have nothing in common. */
function tokenQuestion(exchange: ExchangeState): TokenQuestion | undefined {
  const { facts, tokens } = exchange;
  const recalls = facts.conversationId !== undefined;
  if (tokens === undefined || (tokens.minted.size === 0 && !recalls) || !isKnownCaller(tokenCallerOf(exchange))) return undefined;
  return { scope: tokens.scope, minted: tokens.minted, recalls };
}

/** Who the tokens of values are for, as far as it is known now. */
export function tokenCallerOf(exchange: ExchangeState): TokenCaller {
  const { caller, credentialHash } = exchange;
  return { agent: caller?.rule.name, identity: caller?.identity, credentialHash };
}

function targetOf(exchange: ExchangeState): Target {
  const { host, path } = exchange.head;
  return { host, path, callerHash: callerHashOf(exchange) };
}

const NOTHING: readonly AgentFinding[] = [];

/** Operations of which a request says whom it asks. */
const MODEL_OPERATIONS: ReadonlySet<string> = new Set(['chat', 'text_completion', 'embeddings', 'generate_content', 'rerank']);
/** Stands for the model where a request names none; a list may allow it by this name. */
const UNNAMED_MODEL = '(none)';
