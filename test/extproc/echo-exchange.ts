import type { BodyMode, Effect, EnvoyEvent, ExchangeRecord } from '../../src/exchange/events.ts';
import type { ExchangePort } from '../../src/extproc/server.ts';
import { emptyFacts } from '../../src/wire/frame.ts';

/** An exchange that looks at nothing and lets everything pass: one answer each, bytes sent back in full duplex. */
export function echoExchange(): ExchangePort {
  const modes: Record<'request' | 'response', BodyMode | undefined> = { request: undefined, response: undefined };
  return {
    step(event): readonly Effect[] {
      switch (event.kind) {
        case 'open':
          modes.request = event.modes?.request;
          modes.response = event.modes?.response;
          return [];
        case 'request-headers':
        case 'response-headers':
          return [{ kind: 'answer-headers', direction: directionOf(event), mutation: undefined }];
        case 'request-body':
        case 'response-body': {
          const direction = directionOf(event);
          if (modes[direction] !== 'full-duplex') return [{ kind: 'answer-body', direction, replace: undefined, mutation: undefined }];
          return [{ kind: 'stream-body', direction, parts: [event.bytes], endOfStream: event.endOfStream }];
        }
        case 'request-trailers':
        case 'response-trailers':
          return [{ kind: 'answer-trailers', direction: directionOf(event) }];
        case 'ended':
          return [{ kind: 'record', record: record('completed') }];
        case 'cancelled':
          return [{ kind: 'record', record: record('cancelled') }];
        case 'tick':
        case 'advised':
        case 'stopped':
        case 'decoded':
          return [];
      }
    },
  };
}

/** A record with nothing in it but how it ended. */
export function record(outcome: ExchangeRecord['outcome']): ExchangeRecord {
  return {
    exchangeId: 'x',
    startUnixMs: 0,
    endUnixMs: 0,
    method: 'POST',
    host: 'h',
    path: '/',
    scheme: 'http',
    status: undefined,
    traceparent: undefined,
    tracestate: undefined,
    userAgent: undefined,
    caller: undefined,
    auth: 'none',
    callerHash: undefined,
    routeName: undefined,
    dialect: 'generic',
    provider: undefined,
    operation: undefined,
    facts: emptyFacts(),
    requestContentType: undefined,
    responseContentType: undefined,
    requestBytes: 0,
    responseBytes: 0,
    policyVersion: '',
    profile: 'default',
    mode: 'enforce',
    verdict: 'allow',
    findings: [],
    uninspected: [],
    outcome,
  };
}

function directionOf(event: EnvoyEvent): 'request' | 'response' {
  return event.kind.startsWith('request') ? 'request' : 'response';
}
