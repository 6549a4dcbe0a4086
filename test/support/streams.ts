import { CATALOGUE } from '../../src/detect/catalogue.ts';
import type { Detector } from '../../src/detect/detector.ts';
import direct from '../../src/detect/injection/direct.ts';
import { createLaneEngine } from '../../src/detect/lane-engine.ts';
import card from '../../src/detect/pii/card.ts';
import email from '../../src/detect/pii/email.ts';
import awsAccessKey from '../../src/detect/secrets/aws-access-key.ts';
import jwt from '../../src/detect/secrets/jwt.ts';
import { createInspection, type Inspection } from '../../src/exchange/inspection.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { Finding } from '../../src/policy/finding.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { WireFormat } from '../../src/wire/format.ts';
import { anthropicMessages } from '../../src/wire/formats/anthropic-messages.ts';
import { openaiChat } from '../../src/wire/formats/openai-chat.ts';
import { emptyFacts } from '../../src/wire/frame.ts';

/** A policy from YAML; throws with the errors' messages. */
export function policyFrom(text: string, catalogue: readonly Detector[] = CATALOGUE): Policy {
  const result = compilePolicy({ file: 'test.yaml', text }, { createEngine: createLaneEngine, catalogue });
  if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.policy;
}

/** The same over a handful of detectors, for tests of what happens around them: the lanes hold no more than these ask for. */
export function smallPolicy(text: string): Policy {
  return policyFrom(text, [awsAccessKey, card, direct, email, jwt]);
}

/** A dialect with what a test needs to write a stream of it and to read one back as its client does. */
export interface StreamDialect {
  readonly format: WireFormat;
  /** A whole stream whose one text comes in these pieces. */
  write(deltas: readonly string[]): Buffer;
  /** The text a client has gathered after the given bytes; an unfinished event counts for nothing. */
  readText(bytes: Buffer): string;
}

const payloads = (bytes: Buffer): readonly Record<string, unknown>[] =>
  bytes
    .toString('utf8')
    .split('\n\n')
    .slice(0, -1)
    .map((event) => event.slice(event.indexOf('data: ') + 6))
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data) as Record<string, unknown>);

const OPENAI = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1700000000, model: 'gpt-5-mini' };

const openaiChunk = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({ ...OPENAI, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const openai: StreamDialect = {
  format: openaiChat,
  write: (deltas) =>
    Buffer.from(
      `${openaiChunk({ role: 'assistant', content: '' }, null)}${deltas.map((content) => openaiChunk({ content }, null)).join('')}${openaiChunk({}, 'stop')}data: [DONE]\n\n`,
    ),
  readText: (bytes) =>
    payloads(bytes)
      .map((chunk) => (chunk as { choices: { delta?: { content?: string } }[] }).choices[0]?.delta?.content ?? '')
      .join(''),
};

const anthropicEvent = (event: { readonly type: string }): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

const anthropic: StreamDialect = {
  format: anthropicMessages,
  write: (deltas) =>
    Buffer.from(
      [
        {
          type: 'message_start',
          message: {
            id: 'msg_1',
            type: 'message',
            role: 'assistant',
            model: 'claude-sonnet-5',
            content: [],
            usage: { input_tokens: 3, output_tokens: 1 },
          },
        },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        ...deltas.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 9 } },
        { type: 'message_stop' },
      ]
        .map(anthropicEvent)
        .join(''),
    ),
  readText: (bytes) =>
    payloads(bytes)
      .map((event) => (event as { delta?: { text?: string } }).delta?.text ?? '')
      .join(''),
};

export const STREAM_DIALECTS: readonly StreamDialect[] = [openai, anthropic];

/** One inspected answer stream. */
export interface Streamed {
  readonly inspection: Inspection;
  readonly findings: readonly Finding[];
  /** Everything released, in order. */
  readonly released: Buffer;
}

/** Feeds a stream to an inspection in chunks of the given byte lengths, cycled. */
export function inspectStream(
  policy: Policy,
  { format, body, chunkBytes }: { readonly format: WireFormat; readonly body: Buffer; readonly chunkBytes: readonly number[] },
): Streamed {
  const findings: Finding[] = [];
  const inspection = createInspection({
    direction: 'response',
    format,
    contentType: 'text/event-stream',
    contentEncoding: undefined,
    profile: policy.route({ routeName: undefined, host: '', path: '' }).profile,
    mode: policy.mode,
    failMode: policy.failMode,
    limits: policy.limits,
    facts: emptyFacts(),
    findings,
  });
  const released: Buffer[] = [];
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const size = chunkBytes[turn % chunkBytes.length]!;
    inspection.push(body.subarray(at, at + size));
    released.push(...inspection.take());
    at += size;
  }
  inspection.end();
  released.push(...inspection.take());
  return { inspection, findings, released: Buffer.concat(released) };
}
