import type { Denial, FormatSink, StreamReader, WireFormat } from '../format.ts';
import type { JsonDoc } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { addFact, FIRST, modelField, nameFact, shortName, structural } from './fields.ts';

/**
 * Anthropic Text Completions, which came before Messages: one prompt with its turns in it, one completion. A stream's events add to the
 * completion (since `anthropic-version: 2023-06-01`).
 * https://docs.anthropic.com/en/api/complete
 */
export const anthropicComplete: WireFormat = {
  id: 'anthropic-complete',
  provider: () => 'anthropic',
  operation: () => 'text_completion',
  recognise: ({ path }) => path.endsWith('/v1/complete') || path.endsWith('/v1/complete/'),
  fits: ({ root, field }) => field(root, 'prompt') !== undefined,
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readCompletion({ doc, sink });
  },
  openStream: openCompletionStream,
  denial: (denial) => ({
    status: denial.status,
    contentType: 'application/json',
    body: JSON.stringify({ type: 'error', error: { type: ERROR_TYPES[denial.status], message: denial.message } }),
  }),
  ending: (position) => endStream(position as CompletionPosition | undefined), // made by `position()` below
};

/** What a client of a stream has. */
interface CompletionPosition {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly stopped: boolean;
}

interface Reading {
  readonly doc: JsonDoc;
  readonly sink: FormatSink;
}

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('body', name, again), lane: 'other' } as const;
    switch (name) {
      case 'prompt':
        return sink.text(value, { key: `prompt${again}`, lane: 'user' });
      case 'model':
        modelField(sink.facts, doc, value);
        return structural(value, place);
      case 'stream':
        sink.facts.stream = doc.type(value) === 'true';
        return structural(value, place);
      case 'max_tokens_to_sample':
      case 'temperature':
      case 'top_k':
      case 'top_p':
        return structural(value, place);
      case 'stop_sequences':
      case 'metadata':
        return sink.rest(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

/** A whole answer, or one event of a stream. */
function readCompletion({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'body', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('body', name, again), lane: 'output' } as const;
    switch (name) {
      case 'completion':
        return sink.text(value, { key: `completion${again}`, lane: 'output' });
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'model':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'stop_reason':
        addFact(sink.facts.finishReasons, shortName(doc, value));
        return structural(value, place);
      case 'type':
      case 'log_id':
        return structural(value, place);
      case 'stop':
      case 'error':
        return sink.whole(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

function openCompletionStream(): StreamReader {
  let snapshot: CompletionPosition = { id: undefined, model: undefined, stopped: false };
  return {
    event(_name, doc, sink) {
      readCompletion({ doc, sink });
      const stopped = shortName(doc, doc.field(doc.root, 'stop_reason')) !== undefined;
      if (stopped) sink.ends('*');
      if (snapshot.id !== undefined && !stopped) return;
      snapshot = {
        id: snapshot.id ?? shortName(doc, doc.field(doc.root, 'id')),
        model: snapshot.model ?? shortName(doc, doc.field(doc.root, 'model')),
        stopped: snapshot.stopped || stopped,
      };
    },
    marker: () => false,
    position: () => snapshot,
  };
}

function endStream(position: CompletionPosition | undefined): Buffer {
  if (position?.stopped === true) return Buffer.alloc(0);
  const { id = 'compl_filtered', model = '' } = position ?? {};
  const event = { type: 'completion', id, completion: '', stop_reason: 'refusal', stop: null, model };
  return Buffer.from(`event: completion\ndata: ${JSON.stringify(event)}\n\n`);
}

const ERROR_TYPES = {
  403: 'permission_error',
  413: 'request_too_large',
  451: 'permission_error',
  503: 'overloaded_error',
} as const satisfies Record<Denial['status'], string>;
