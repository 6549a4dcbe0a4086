import type { FormatSink, StreamReader, WireFormat } from '../format.ts';
import type { JsonDoc, JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { mediaBytes, type Place, readUsage, repeated, shortName, structural } from './fields.ts';
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
 * OpenAI audio: speech from text, transcriptions and translations (asked as a form), whole and streamed. A transcript that is plain
 * text, SRT or VTT is one text.
 * https://platform.openai.com/docs/api-reference/audio
 */
export const openaiAudio: WireFormat = {
  id: 'openai-audio',
  provider: openaiProvider,
  operation: () => 'generate_content',
  recognise: ({ path }) => PATHS.some((end) => endsWithPath(path, end)),
  fits: (doc) => hasFieldOf(doc, ['input', 'model', 'file', 'voice']),
  readHead: readDeployment,
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readTranscript({ doc, sink }, 'body');
  },
  readPart: readFormPart,
  openStream: openTranscriptStream,
  denial: openaiDenial,
  ending: (position, denial) => endEvents(position === ENDED, denial), // made by `position()` below
};

const PATHS = ['/audio/speech', '/audio/transcriptions', '/audio/translations'] as const;

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const key = `${name}${again}`;
    switch (name) {
      case 'input':
      case 'prompt':
        return sink.rest(value, { key, lane: 'user' });
      case 'instructions':
        return sink.rest(value, { key, lane: 'system' });
      case 'voice':
      case 'response_format':
      case 'stream_format':
      case 'language':
        return structural(value, { doc, sink, key, lane: 'other' });
      case 'file': // Groq and Mistral take it in JSON too
        return mediaBytes(value, { doc, sink, key, lane: 'other' });
      default:
        return readSetting({ doc, sink }, name, value, { again, field });
    }
  });
}

/** A transcript: its text, and the same once more in segments and in words. */
function readTranscript({ doc, sink }: Reading, key: string): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key, lane: 'output' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    switch (name) {
      case 'type':
      case 'task':
      case 'language':
      case 'duration':
        return structural(value, place);
      case 'text':
        return sink.whole(value, place);
      case 'segments':
        return readSegments(value, place);
      case 'words':
        return repeated(value, place);
      case 'logprobs':
        return repeated(value, place);
      case 'usage':
        readUsage(doc, value, sink.facts);
        return sink.whole(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}

/** Segments follow each other: what begins in one may end in the next. */
function readSegments(segments: JsonNode, { doc, sink, key, lane }: Place): void {
  if (doc.type(segments) !== 'array') return sink.whole(segments, { key, lane });
  doc.items(segments, (segment, index) => readSegment(segment, { doc, sink, key: `${key}.${index}`, lane }, `${key}.text`));
}

function readSegment(segment: JsonNode, { doc, sink, key, lane }: Place, textKey: string): void {
  if (doc.type(segment) !== 'object') return sink.whole(segment, { key, lane });
  walkFields(doc, segment, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane };
    switch (name) {
      case 'text':
        return sink.text(value, { key: `${textKey}${again}`, lane });
      case 'tokens':
        return repeated(value, place);
      case 'type':
      case 'id':
      case 'start':
      case 'end':
      case 'seek':
      case 'temperature':
      case 'avg_logprob':
      case 'compression_ratio':
      case 'no_speech_prob':
        return structural(value, place);
      default:
        sink.name(field, lane);
        return sink.whole(value, place);
    }
  });
}

// ---- streams

/** The position of a stream that has ended by itself. */
const ENDED = 'ended';

function openTranscriptStream(): StreamReader {
  let isEnded = false;
  return {
    event(name, doc, sink) {
      const type = shortName(doc, doc.field(doc.root, 'type')) ?? name ?? '';
      readEvent({ doc, sink }, type);
      isEnded ||= type === 'transcript.text.done' || type === 'speech.audio.done';
      if (isEnded) sink.ends('*');
    },
    marker: (data) => data.trim() === '[DONE]',
    position: () => (isEnded ? ENDED : 'open'),
  };
}

/** How the types of its events begin; another event may be a part of a text that goes on. */
const EVENT_TYPES = ['transcript.', 'speech.', 'error'];

function readEvent({ doc, sink }: { readonly doc: JsonDoc; readonly sink: FormatSink }, type: string): void {
  if (doc.type(doc.root) !== 'object') return sink.whole(doc.root, { key: 'event', lane: 'output' });
  if (!EVENT_TYPES.some((prefix) => type.startsWith(prefix))) return sink.rest(doc.root, { key: 'event', lane: 'output' });
  if (type === 'transcript.text.segment') return readSegment(doc.root, { doc, sink, key: 'segment', lane: 'output' }, 'segments.text');
  if (type !== 'transcript.text.delta' && type !== 'speech.audio.delta') return readTranscript({ doc, sink }, 'event');
  walkFields(doc, doc.root, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey('event', name, again), lane: 'output' } as const;
    switch (name) {
      case 'type':
      case 'segment_id':
        return structural(value, place);
      case 'delta':
        return sink.text(value, { key: `text${again}`, lane: 'output' });
      case 'audio':
        return mediaBytes(value, place);
      case 'logprobs':
        return repeated(value, place);
      default:
        sink.name(field, place.lane);
        return sink.rest(value, place);
    }
  });
}
