import type { DialectCase } from '../dialect-case.ts';
import { inTurn, joined, jsonEvents, one, sse } from '../writing.ts';

const HEAD = { path: '/v1/audio/transcriptions' };

/** OpenAI audio: https://platform.openai.com/docs/api-reference/audio */
export const OPENAI_AUDIO: readonly DialectCase[] = [
  {
    format: 'openai-audio',
    name: 'request for speech',
    direction: 'request',
    head: { path: '/v1/audio/speech' },
    contentType: 'application/json',
    slots: [
      { name: 'input', lane: 'user' },
      { name: 'instructions', lane: 'system' },
      { name: 'unknown', lane: 'other' },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          model: 'gpt-4o-mini-tts',
          input: one(texts, 'input'),
          instructions: one(texts, 'instructions'),
          voice: 'alloy',
          some_new_field: one(texts, 'unknown'),
        }),
      ),
    read(bytes) {
      const { input, instructions, some_new_field: unknown } = JSON.parse(bytes.toString());
      return new Map([
        ['input', input],
        ['instructions', instructions],
        ['unknown', unknown],
      ]);
    },
  },
  {
    format: 'openai-audio',
    name: 'request for a transcript',
    direction: 'request',
    head: HEAD,
    contentType: 'multipart/form-data; boundary=xyz',
    slots: [
      { name: 'prompt', lane: 'user' },
      { name: 'unknown', lane: 'other' },
    ],
    write(texts) {
      const field = (name: string, value: string) => `--xyz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
      return Buffer.from(
        `${field('model', 'whisper-1')}${field('prompt', one(texts, 'prompt'))}${field('unknown', one(texts, 'unknown'))}--xyz--\r\n`,
      );
    },
    read(bytes) {
      const parts = bytes.toString().split('--xyz\r\n').slice(1);
      const contentOf = (name: string): string => {
        const part = parts.find((each) => each.includes(`name="${name}"\r\n\r\n`)) ?? '';
        return part.split('\r\n\r\n', 2)[1]?.split('\r\n')[0] ?? '';
      };
      return new Map(['prompt', 'unknown'].map((name) => [name, contentOf(name)]));
    },
  },
  {
    format: 'openai-audio',
    name: 'verbose transcript',
    direction: 'response',
    head: HEAD,
    contentType: 'application/json',
    slots: [
      { name: 'text', lane: 'output' },
      { name: 'segments', lane: 'output', pieces: true },
    ],
    write: (texts) =>
      Buffer.from(
        JSON.stringify({
          task: 'transcribe',
          language: 'english',
          duration: 8.470000267028809,
          text: one(texts, 'text'),
          segments: joined(texts, 'segments', (text) => ({
            id: 0,
            seek: 0,
            start: 0,
            end: 3.319999933242798,
            text,
            tokens: [50_364, 440],
          })),
          words: [{ word: 'hi', start: 0, end: 0.23999999463558197 }],
        }),
      ),
    read(bytes) {
      const { text, segments } = JSON.parse(bytes.toString());
      return new Map([
        ['text', text],
        ['segments', segments.map((segment: { text: string }) => segment.text).join('')],
      ]);
    },
  },
  {
    format: 'openai-audio',
    name: 'streamed transcript',
    direction: 'response',
    head: HEAD,
    contentType: 'text/event-stream',
    slots: [
      { name: 'text', lane: 'output', pieces: true },
      { name: 'done', lane: 'output', repeats: 'text' },
      { name: 'segments', lane: 'output', pieces: true },
      { name: 'speaker', lane: 'output' },
    ],
    write(texts) {
      const delta = (said: string) => ({ type: 'transcript.text.delta', delta: said, logprobs: [{ token: 'x', logprob: -0.1 }] });
      const segment = (text: string) => ({ type: 'transcript.text.segment', id: 'seg_1', start: 0, end: 1.5, text, speaker: '' });
      const events = [
        ...inTurn(joined(texts, 'text', delta), joined(texts, 'segments', segment)),
        { type: 'transcript.text.segment', id: 'seg_2', start: 2, end: 3, text: '', speaker: one(texts, 'speaker') },
        { type: 'transcript.text.done', text: one(texts, 'text'), usage: { type: 'tokens', input_tokens: 1, output_tokens: 2 } },
      ];
      return Buffer.concat(events.map((event) => sse(event, event.type)));
    },
    read(bytes) {
      const all = jsonEvents(bytes);
      const segments = all.filter(({ type }) => type === 'transcript.text.segment');
      return new Map([
        ['text', all.map(({ delta = '' }) => delta).join('')],
        ['done', all.find(({ type }) => type === 'transcript.text.done')?.text ?? ''],
        ['segments', segments.map(({ text }) => text).join('')],
        ['speaker', segments.map(({ speaker }) => speaker).join('')],
      ]);
    },
    isEnded: (bytes) => ['transcript.text.done', 'error'].includes(jsonEvents(bytes).at(-1)?.type),
  },
];
