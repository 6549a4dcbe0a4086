import { tokensOf } from './bank.ts';
import { type Dialogue, type Reply, tokenCount } from './dialogue.ts';
import type { AnswerStamp } from './openai.ts';

/** The body of a message that is not streamed. */
export function message(dialogue: Dialogue, reply: Reply, stamp: AnswerStamp): unknown {
  return {
    ...envelope(dialogue, stamp),
    content: [blockOf(reply, stamp)],
    stop_reason: stopReason(reply),
    stop_sequence: null,
    usage: { input_tokens: tokenCount(dialogue.question), output_tokens: outputTokens(reply) },
  };
}

/** One server-sent event: its name and its payload. */
export interface NamedEvent {
  readonly event: string;
  readonly data: string;
}

/** The events of a streamed message, in order. */
export function* messageEvents(dialogue: Dialogue, reply: Reply, stamp: AnswerStamp): Generator<NamedEvent> {
  const usage = { input_tokens: tokenCount(dialogue.question), output_tokens: 1 };
  yield named('message_start', { message: { ...envelope(dialogue, stamp), content: [], stop_reason: null, stop_sequence: null, usage } });
  yield named('content_block_start', { index: 0, content_block: emptyBlock(reply, stamp) });
  yield named('ping', {});
  for (const delta of deltasOf(reply)) yield named('content_block_delta', { index: 0, delta });
  yield named('content_block_stop', { index: 0 });
  yield named('message_delta', {
    delta: { stop_reason: stopReason(reply), stop_sequence: null },
    usage: { output_tokens: outputTokens(reply) },
  });
  yield named('message_stop', {});
}

function* deltasOf(reply: Reply): Generator<unknown> {
  if (reply.kind === 'text') {
    for (const text of tokensOf(reply.text)) yield { type: 'text_delta', text };
    return;
  }
  for (const piece of tokensOf(JSON.stringify(reply.input))) yield { type: 'input_json_delta', partial_json: piece };
}

function named(event: string, payload: object): NamedEvent {
  return { event, data: JSON.stringify({ type: event, ...payload }) };
}

function envelope({ model }: Dialogue, { id }: AnswerStamp) {
  return { id: `msg_${id}`, type: 'message', role: 'assistant', model };
}

function blockOf(reply: Reply, { id }: AnswerStamp) {
  if (reply.kind === 'text') return { type: 'text', text: reply.text };
  return { type: 'tool_use', id: `toolu_${id}`, name: reply.name, input: reply.input };
}

function emptyBlock(reply: Reply, stamp: AnswerStamp) {
  return reply.kind === 'text' ? { type: 'text', text: '' } : { ...blockOf(reply, stamp), input: {} };
}

function outputTokens(reply: Reply): number {
  return tokenCount(reply.kind === 'text' ? reply.text : JSON.stringify(reply.input));
}

function stopReason(reply: Reply): string {
  return reply.kind === 'text' ? 'end_turn' : 'tool_use';
}
