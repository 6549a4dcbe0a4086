import { verdictOf } from '../policy/decide.ts';
import type { ExchangeRecord, Learned } from './events.ts';
import { callerHashOf, type ExchangeState, modeNow, SHOWN_HASH_DIGITS } from './exchange-state.ts';

/** What an exchange leaves behind that ends like this. */
export function recordOf(exchange: ExchangeState, outcome: ExchangeRecord['outcome']): ExchangeRecord {
  const { options, head, format, facts, request, response, findings } = exchange;
  const mode = modeNow(exchange);
  return {
    exchangeId: options.exchangeId,
    startUnixMs: exchange.startUnixMs ?? exchange.nowUnixMs,
    endUnixMs: exchange.nowUnixMs,
    method: head.method,
    host: head.host,
    path: head.path,
    scheme: head.header(':scheme') ?? '',
    status: exchange.status,
    traceparent: options.traceparent ?? head.header('traceparent'),
    tracestate: options.traceparent === undefined ? head.header('tracestate') : options.tracestate,
    userAgent: head.header('user-agent'),
    auth: exchange.auth,
    caller: exchange.caller?.record(addressHash(exchange), facts),
    callerHash: callerHashOf(exchange),
    routeName: exchange.attributes.get('xds.route_name'),
    dialect: format.id,
    provider: format.provider(head),
    operation: format.operation(head),
    facts,
    requestContentType: request.contentType,
    responseContentType: response.contentType,
    requestBytes: request.bytes,
    responseBytes: response.bytes,
    policyVersion: exchange.policy.version,
    profile: exchange.route.profile.name,
    mode,
    verdict: outcome === 'denied' ? 'deny' : verdictOf(findings, mode),
    findings,
    uninspected: exchange.uninspected,
    learned: learned(exchange, outcome),
    outcome,
  };
}

/** What a refused or failed exchange looks like says nothing of the API. */
function learned({ learning, status }: ExchangeState, outcome: ExchangeRecord['outcome']): Learned | undefined {
  if (learning === undefined) return undefined;
  const isGood = outcome === 'completed' && status !== undefined && status >= 200 && status < 300;
  return { shapes: isGood ? learning.shapes : {}, tools: learning.tools };
}

/** Envoy gives `address:port`. */
function addressHash({ attributes, options: { hash, hashAddress = hash } }: ExchangeState): string | undefined {
  const address = attributes.get('source.address');
  return address === undefined ? undefined : hashAddress(address.slice(0, address.lastIndexOf(':'))).slice(0, SHOWN_HASH_DIGITS);
}
