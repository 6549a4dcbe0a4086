import type { Lane } from '../../text/lane.ts';
import type { Denial, StreamReader, WireFormat } from '../format.ts';

/**
 * Any JSON: every string and every number of nine or more digits under its path, object keys included. It knows no way to end a stream:
 * `ending` is empty, and the exchange resets the stream instead of letting it look complete.
 */
export const generic: WireFormat = {
  id: 'generic',
  provider: () => undefined,
  operation: () => undefined,
  recognise: () => true,
  readBody(doc, sink, direction) {
    sink.rest(doc.root, { key: 'body', lane: direction === 'request' ? 'user' : 'output' });
  },
  openStream: () => openGenericStream('output'),
  denial: (denial) => ({ status: denial.status, contentType: 'application/problem+json', body: JSON.stringify(problem(denial)) }),
  ending: () => Buffer.alloc(0),
};

/** Any JSON whose text belongs to one lane: the content of a part of a multipart body. */
export function genericIn(lane: Lane): WireFormat {
  return {
    ...generic,
    readBody: (doc, sink) => sink.rest(doc.root, { key: 'body', lane }),
    openStream: () => openGenericStream(lane),
  };
}

/** Events of any JSON stream: the same path in the next event is the same text. */
export function openGenericStream(lane: Lane): StreamReader {
  return {
    event(_name, doc, sink) {
      sink.rest(doc.root, { key: 'event', lane });
    },
    marker(data, sink) {
      if (data !== '[DONE]') return false;
      sink.ends('*');
      return true;
    },
    position: () => undefined,
  };
}

const TITLES = {
  content_filter: 'Blocked by policy',
  request_too_large: 'Request too large',
  uninspectable: 'Content cannot be inspected',
  unavailable: 'Inspection unavailable',
} as const satisfies Record<Denial['code'], string>;

/** RFC 9457 problem details; `code` and `detector` are extension members. */
function problem({ status, code, message, detector }: Denial): Record<string, unknown> {
  return { type: 'about:blank', title: TITLES[code], status, detail: message, code, ...(detector === undefined ? {} : { detector }) };
}
