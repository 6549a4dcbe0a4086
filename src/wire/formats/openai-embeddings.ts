import type { StreamReader, WireFormat } from '../format.ts';
import type { JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { encodedBytes, FIRST, nameFact, numbers, type Place, readUsage, shortName, structural } from './fields.ts';
import { openGenericStream } from './generic.ts';
import { endsWithPath, hasFieldOf, openaiDenial, openaiProvider, type Reading, readDeployment, readSetting } from './openai-family.ts';

/** OpenAI embeddings. https://platform.openai.com/docs/api-reference/embeddings */
export const openaiEmbeddings: WireFormat = {
  id: 'openai-embeddings',
  provider: openaiProvider,
  operation: () => 'embeddings',
  recognise: ({ path }) => endsWithPath(path, '/v1/embeddings') || (path.includes('/openai/') && endsWithPath(path, '/embeddings')),
  fits: (doc) => hasFieldOf(doc, ['input', 'messages', 'model']),
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
    const key = `${name}${again}`;
    switch (name) {
      case 'input': // a text, a list of them, or lists of token ids
      case 'messages': // vLLM
        return sink.rest(value, { key, lane: 'user' });
      case 'encoding_format':
        return structural(value, { doc, sink, key, lane: 'other' });
      default:
        return readSetting({ doc, sink }, name, value, { again, field });
    }
  });
}

function readAnswer({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'body', lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: `${name}${again}`, lane: 'output' } as const;
    switch (name) {
      case 'data':
        return readData(value, place);
      case 'model':
        nameFact(sink.facts, 'responseModel', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'id':
        nameFact(sink.facts, 'responseId', shortName(doc, value), FIRST);
        return structural(value, place);
      case 'object':
      case 'created':
        return structural(value, place);
      case 'usage':
        readUsage(doc, value, sink.facts);
        return sink.whole(value, place);
      default:
        sink.name(field, place.lane);
        return sink.whole(value, { key: fieldKey('body', name, again), lane: 'output' });
    }
  });
}

function readData(data: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(data) !== 'array') return sink.whole(data, { key, lane });
  doc.items(data, (item, index) => {
    const at = `${key}.${index}`;
    if (doc.type(item) !== 'object') return sink.whole(item, { key: at, lane });
    walkFields(doc, item, (name, value, again, field) => {
      const place = { doc, sink, key: fieldKey(at, name, again), lane };
      if (name === 'object' || name === 'index') return structural(value, place);
      if (name === 'embedding') return readVector(value, place);
      sink.name(field, lane);
      return sink.whole(value, place);
    });
  });
}

/** Numbers, or their bytes in base64; thousands of them, so nothing is decoded. */
function readVector(vector: JsonNode, place: Place): void {
  if (place.doc.type(vector) === 'string') encodedBytes(vector, place);
  else numbers(vector, place);
}
