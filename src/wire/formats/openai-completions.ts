import type { WireFormat } from '../format.ts';
import type { JsonNode } from '../framing/json.ts';
import { fieldKey, walkFields } from '../walk.ts';
import { repeated } from './fields.ts';
import {
  type ChoiceAt,
  type ChoicesPosition,
  endChoices,
  endsWithPath,
  hasFieldOf,
  isFinished,
  openaiDenial,
  openaiProvider,
  openChoicesStream,
  type Reading,
  readChoiceField,
  readChoices,
  readDeployment,
  readSetting,
} from './openai-family.ts';

/**
 * OpenAI's legacy completions, still spoken by vLLM and others. https://platform.openai.com/docs/api-reference/completions
 */
export const openaiCompletions: WireFormat = {
  id: 'openai-completions',
  provider: openaiProvider,
  operation: () => 'text_completion',
  recognise: ({ path }) => endsWithPath(path, '/completions') && !CHAT.some((end) => endsWithPath(path, end)),
  fits: (doc) => hasFieldOf(doc, ['prompt', 'model', 'suffix', 'prompt_embeds']),
  readHead: readDeployment,
  readBody(doc, sink, direction) {
    if (direction === 'request') readRequest({ doc, sink });
    else readChoices({ doc, sink }, readChoice);
  },
  openStream: () => openChoicesStream(readChoice),
  denial: openaiDenial,
  ending: (position) =>
    // made by `openChoicesStream`
    endChoices(position as ChoicesPosition | undefined, { object: 'text_completion', id: 'cmpl-filtered', choice: { text: '' } }),
};

/** What is chat under a name of its own. */
const CHAT = ['/chat/completions', '/fim/completions', '/agents/completions'] as const;

function readRequest({ doc, sink }: Reading): void {
  if (doc.type(doc.root) !== 'object') return sink.rest(doc.root, { key: 'body', lane: 'other' });
  walkFields(doc, doc.root, (name, value, again, field) => {
    // A prompt is a text, a list of them, or lists of token ids.
    if (name === 'prompt' || name === 'suffix') return sink.rest(value, { key: `${name}${again}`, lane: 'user' });
    return readSetting({ doc, sink }, name, value, { again, field });
  });
}

function readChoice({ doc, sink }: Reading, choice: JsonNode, { key }: ChoiceAt): void {
  if (doc.type(choice) !== 'object') return sink.whole(choice, { key, lane: 'output' });
  walkFields(doc, choice, (name, value, again, field) => {
    const place = { doc, sink, key: fieldKey(key, name, again), lane: 'output' } as const;
    if (readChoiceField(name, value, place)) return;
    if (name === 'text') return sink.text(value, place);
    if (name === 'reasoning' || name === 'reasoning_content') return sink.rest(value, { key: place.key, lane: 'reasoning' });
    if (name === 'prompt_logprobs') return repeated(value, place); // vLLM; the request's own tokens
    sink.name(field, place.lane);
    return sink.rest(value, place);
  });
  if (isFinished(doc, choice)) sink.ends(key);
}
