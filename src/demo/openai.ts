import { tokensOf } from './bank.ts';
import { type Dialogue, type Reply, tokenCount } from './dialogue.ts';

/** What an answer needs beyond the reply: identity and time, given in so that a test can repeat it. */
export interface AnswerStamp {
  /** Random part of the answer's id. */
  readonly id: string;
  readonly unixSeconds: number;
}

/** The body of a chat completion that is not streamed. */
export function chatCompletion(dialogue: Dialogue, reply: Reply, stamp: AnswerStamp): unknown {
  return {
    ...envelope('chat.completion', dialogue, stamp),
    choices: Array.from({ length: dialogue.choices }, (_, index) => ({
      index,
      message: { role: 'assistant', ...messageOf(reply, stamp), refusal: null },
      logprobs: null,
      finish_reason: finishReason(reply),
    })),
    usage: usageOf(dialogue, reply),
    service_tier: 'default',
  };
}

/** The payloads of a streamed chat completion, in order, `[DONE]` included. */
export function* chatCompletionEvents(dialogue: Dialogue, reply: Reply, stamp: AnswerStamp): Generator<string> {
  const chunk = (index: number, delta: unknown, finish: string | null) =>
    JSON.stringify({
      ...envelope('chat.completion.chunk', dialogue, stamp),
      choices: [{ index, delta, logprobs: null, finish_reason: finish }],
      ...(dialogue.includeUsage ? { usage: null } : {}),
    });
  for (let index = 0; index < dialogue.choices; index++) {
    for (const delta of deltasOf(reply, stamp)) yield chunk(index, delta, null);
    yield chunk(index, {}, finishReason(reply));
  }
  if (dialogue.includeUsage) {
    yield JSON.stringify({ ...envelope('chat.completion.chunk', dialogue, stamp), choices: [], usage: usageOf(dialogue, reply) });
  }
  yield '[DONE]';
}

function* deltasOf(reply: Reply, { id }: AnswerStamp): Generator<unknown> {
  if (reply.kind === 'text') {
    yield { role: 'assistant', content: '', refusal: null };
    for (const content of tokensOf(reply.text)) yield { content };
    return;
  }
  yield {
    role: 'assistant',
    content: null,
    tool_calls: [{ index: 0, id: `call_${id}`, type: 'function', function: { name: reply.name, arguments: '' } }],
  };
  for (const piece of tokensOf(JSON.stringify(reply.input))) yield { tool_calls: [{ index: 0, function: { arguments: piece } }] };
}

function messageOf(reply: Reply, { id }: AnswerStamp) {
  if (reply.kind === 'text') return { content: reply.text };
  const call = { id: `call_${id}`, type: 'function', function: { name: reply.name, arguments: JSON.stringify(reply.input) } };
  return { content: null, tool_calls: [call] };
}

function envelope(object: string, { model }: Dialogue, { id, unixSeconds }: AnswerStamp) {
  return { id: `chatcmpl-${id}`, object, created: unixSeconds, model, system_fingerprint: 'fp_sample_bank' };
}

function usageOf({ question }: Dialogue, reply: Reply) {
  const prompt = tokenCount(question);
  const completion = tokenCount(reply.kind === 'text' ? reply.text : JSON.stringify(reply.input));
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function finishReason(reply: Reply): string {
  return reply.kind === 'text' ? 'stop' : 'tool_calls';
}
