import type { DialectCase } from '../dialect-case.ts';
import { joined, jsonEvents, one, sse } from '../writing.ts';

const HEAD = { path: '/v1/complete', headers: { 'anthropic-version': '2023-06-01' } };

/** Anthropic Text Completions: https://docs.anthropic.com/en/api/complete */
export const ANTHROPIC_COMPLETE: readonly DialectCase[] = [
  {
    format: 'anthropic-complete',
    name: 'request',
    direction: 'request',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'prompt', lane: 'user' },
      { name: 'stop', lane: 'other' },
      { name: 'user', lane: 'other' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'claude-2.1',
          max_tokens_to_sample: 100,
          prompt: one(texts, 'prompt'),
          stop_sequences: [one(texts, 'stop')],
          metadata: { user_id: one(texts, 'user') },
          some_new_field: [one(texts, 'unknown')],
        }),
      ),
    read(bytes) {
      const { prompt, stop_sequences: stops, metadata, some_new_field: unknown } = JSON.parse(bytes.toString());
      return new Map([
        ['prompt', prompt],
        ['stop', stops[0]],
        ['user', metadata.user_id],
        ['unknown', unknown[0]],
      ]);
    },
  },
  {
    format: 'anthropic-complete',
    name: 'whole answer',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'output', lane: 'output' },
      { name: 'unknown', lane: 'output' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          type: 'completion',
          id: 'compl_1',
          completion: one(texts, 'output'),
          stop_reason: 'stop_sequence',
          model: 'claude-2.1',
          some_new_field: one(texts, 'unknown'),
        }),
      ),
    read(bytes) {
      const { completion, some_new_field: unknown } = JSON.parse(bytes.toString());
      return new Map([
        ['output', completion],
        ['unknown', unknown],
      ]);
    },
  },
  {
    format: 'anthropic-complete',
    name: 'streamed answer',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [{ name: 'output', lane: 'output', pieces: true }],
    write(texts) {
      const event = (completion: string, stop_reason: string | null) =>
        sse({ type: 'completion', id: 'compl_1', completion, stop_reason, model: 'claude-2.1' }, 'completion');
      return Buffer.concat([
        ...joined(texts, 'output', (text) => event(text, null)),
        sse({ type: 'ping' }, 'ping'),
        event('', 'stop_sequence'),
      ]);
    },
    read: (bytes) =>
      new Map([
        [
          'output',
          jsonEvents(bytes)
            .map(({ completion }) => completion ?? '')
            .join(''),
        ],
      ]),
    isEnded: (bytes) => typeof jsonEvents(bytes).at(-1)?.stop_reason === 'string',
  },
];
