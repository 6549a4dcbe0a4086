import type { StreamReader, WireFormat } from '../format.ts';
import type { JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { FIRST, mediaBytes, nameFact, numbers, type Place, shortName, structural } from './fields.ts';
import { openGenericStream } from './generic.ts';
import {
  endsWithPath,
  hasFieldOf,
  openaiDenial,
  openaiProvider,
  type Reading,
  readDeployment,
  readSetting,
  type Target,
} from './openai-family.ts';

/** OpenAI moderations, Mistral's of texts and of chats too. https://platform.openai.com/docs/api-reference/moderations */
export const openaiModerations: WireFormat = {
  id: 'openai-moderations',
  provider: openaiProvider,
  operation: () => 'moderation',
  recognise: ({ path }) => endsWithPath(path, '/v1/moderations') || endsWithPath(path, '/v1/chat/moderations'),
  fits: (doc) => hasFieldOf(doc, ['input', 'model']),
  readHead: readDeployment,
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readAnswer({ doc, sink });
  },
  openStream: (): StreamReader => openGenericStream('output'), // the API has none
  denial: openaiDenial,
  ending: () => Buffer.alloc(0),
};

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    if (name === 'input') return readInput({ doc, sink }, value, { key: `input${again}`, lane: 'user' });
    return readSetting({ doc, sink }, name, value, { again, field });
  });
}

/** A text, or a list of texts and parts. */
function readInput({ doc, sink }: Reading, input: JsonNode, { key, lane }: Target): void {
  if (doc.type(input) !== 'array') return sink.rest(input, { key, lane });
  doc.items(input, (item, index) => {
    const at = `${key}.${index}`;
    if (doc.type(item) !== 'object') return sink.rest(item, { key: at, lane });
    walkFields(doc, item, (name, value, again, field) => {
      const place = { doc, sink, key: fieldKey(at, name, again), lane };
      if (name === 'type' || name === 'role') return structural(value, place);
      if (name === 'image_url') return readImage(value, place);
      if (name !== 'text' && name !== 'content') sink.name(field, lane);
      return sink.rest(value, place);
    });
  });
}

function readImage(image: JsonNode, place: Place): void {
  const { doc, sink, lane } = place;
  if (doc.type(image) !== 'object') return mediaBytes(image, place);
  walkFields(doc, image, (name, value, again, field) => {
    const at = { doc, sink, key: fieldKey(place.key, name, again), lane };
    if (name === 'url') return mediaBytes(value, at);
    sink.name(field, lane);
    return sink.rest(value, at);
  });
}

function readAnswer({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'body', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: `${name}${again}`, lane: 'output' } as const;
    switch (name) {
      case 'results':
        return readResults(value, place);
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'model':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        return structural(value, place);
      default:
        sink.name(field, place.lane);
        return sink.whole(value, { key: fieldKey('body', name, again), lane: 'output' });
    }
  });
}

/** Flags and scores by category; no text of the input comes back. */
function readResults(results: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(results) !== 'array') return sink.whole(results, { key, lane });
  doc.items(results, (result, index) => {
    const at = `${key}.${index}`;
    if (doc.type(result) !== 'object') return sink.whole(result, { key: at, lane });
    walkFields(doc, result, (name, value, again, field) => {
      const place = { doc, sink, key: fieldKey(at, name, again), lane };
      if (name === 'category_scores') return numbers(value, place);
      sink.name(field, lane);
      return sink.whole(value, place);
    });
  });
}
