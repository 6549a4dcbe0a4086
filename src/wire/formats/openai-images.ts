import type { FormatSink, StreamReader, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { mediaBytes, type Place, readUsage, shortName, structural } from './fields.ts';
import {
  endEvents,
  endsWithPath,
  hasFieldOf,
  openaiDenial,
  openaiProvider,
  type Reading,
  readDeployment,
  readFormPart,
  readSetting,
} from './openai-family.ts';

/**
 * OpenAI images: generations, edits, variations, and the stream of partial images.
 * https://platform.openai.com/docs/api-reference/images, https://platform.openai.com/docs/api-reference/images-streaming
 */
export const openaiImages: WireFormat = {
  id: 'openai-images',
  provider: openaiProvider,
  operation: () => 'generate_content',
  recognise: ({ path }) => PATHS.some((end) => endsWithPath(path, end)),
  fits: (doc) => hasFieldOf(doc, ['prompt', 'model', 'image', 'images']),
  readHead: readDeployment,
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readAnswer({ doc, sink });
  },
  readPart: readFormPart,
  openStream: openImageStream,
  denial: openaiDenial,
  ending: (position, denial) => endEvents(position === ENDED, denial), // made by `position()` below
};

const PATHS = ['/images/generations', '/images/edits', '/images/variations'] as const;

/** Settings with a few values each, in requests and answers. */
const SETTINGS: ReadonlySet<string> = new Set([
  'type',
  'object',
  'background',
  'input_fidelity',
  'moderation',
  'output_format',
  'quality',
  'response_format',
  'size',
  'style',
  'created',
  'created_at',
  'partial_image_index',
]);

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: `${name}${again}`, lane: 'other' } as const;
    if (name === 'prompt') return sink.rest(value, { key: place.key, lane: 'user' });
    if (name === 'image' || name === 'images' || name === 'mask') return readImages(value, place);
    if (SETTINGS.has(name)) return structural(value, place);
    return readSetting({ doc, sink }, name, value, { again, field });
  });
}

/** Pictures that are given: data URLs, addresses, or ids of files. */
function readImages(node: JsonNode, place: Place): void {
  const { doc, sink, key, lane } = place;
  switch (doc.type(node)) {
    case 'array':
      return doc.items(node, (item, index) => readImages(item, { ...place, key: `${key}.${index}` }));
    case 'object':
      return walkFields(doc, node, (name, value, again, field) => {
        const inner = { doc, sink, key: fieldKey(key, name, again), lane };
        if (name === 'file_id') return structural(value, inner);
        if (name !== 'image_url') sink.name(field, lane);
        mediaBytes(value, inner);
      });
    default:
      return mediaBytes(node, place);
  }
}

/** A complete answer; an event of a stream has the fields of its one image beside its own. */
function readAnswer({ doc, sink }: Reading): void {
  readFields(doc.root, { doc, sink, key: 'body', lane: 'output' });
}

function readFields(node: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(node) !== 'object') return sink.whole(node, { key, lane });
  walkFields(doc, node, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    if (SETTINGS.has(name)) return structural(value, place);
    switch (name) {
      case 'data':
        if (doc.type(value) !== 'array') return sink.whole(value, place);
        return doc.items(value, (item, index) => readFields(item, { ...place, key: `${place.key}.${index}` }));
      case 'b64_json':
        return mediaBytes(value, place);
      case 'usage':
        readUsage(doc, value, sink.facts);
        return sink.whole(value, place);
      case 'revised_prompt':
      case 'url':
        return sink.whole(value, place);
      default:
        sink.name(field, lane);
        return sink.rest(value, place);
    }
  });
}

/** The position of a stream that has ended by itself. */
const ENDED = 'ended';

function openImageStream(): StreamReader {
  let isEnded = false;
  return {
    event(name, doc: JsonDoc, sink: FormatSink) {
      const type = shortName(doc, doc.field(doc.root, 'type')) ?? name ?? '';
      if (!EVENT_TYPES.some((prefix) => type.startsWith(prefix))) return sink.rest(doc.root, { key: 'event', lane: 'output' });
      readAnswer({ doc, sink });
      isEnded ||= type.endsWith('.completed');
      if (isEnded) sink.ends('*');
    },
    marker: (data) => data.trim() === '[DONE]',
    position: () => (isEnded ? ENDED : 'open'),
  };
}

/** How the types of its events begin; another event may be a part of a text that goes on. */
const EVENT_TYPES = ['image_generation.', 'image_edit.', 'error'];
