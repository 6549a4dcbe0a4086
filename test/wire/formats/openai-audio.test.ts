import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import { openaiAudio } from '../../../src/wire/formats/openai-audio.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { read, values } from '../reading.ts';

const response = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: openaiAudio, direction: 'response' });
const stream = (events: readonly { readonly type: string; readonly [field: string]: unknown }[]) =>
  read(
    events.map((event) => Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)),
    { format: openaiAudio, direction: 'response', contentType: 'text/event-stream' },
  );

test('what is to be spoken is what the user says, how it is spoken is for the model', () => {
  const body = { model: 'tts', input: 'hello', instructions: 'softly', voice: 'alloy', speed: 1 };
  const { frames, facts } = read([Buffer.from(JSON.stringify(body))], { format: openaiAudio, direction: 'request' });
  expect(values({ frames })).toEqual([
    ['user', 'input', 'hello'],
    ['system', 'instructions', 'softly'],
  ]);
  expect(facts.model).toBe('tts');
});

test('segments of a transcript are one text, and words go when it is rewritten', () => {
  const segments = ['4111 1111', ' 1111 1111'].map((text, id) => ({ id, start: 1.1234567890123, text, tokens: [50_364], speaker: 'A' }));
  const { frames } = response({
    task: 'transcribe',
    language: 'english',
    text: '4111 1111 1111 1111',
    segments,
    words: [{ word: '4111' }],
  });
  expect(values({ frames })).toEqual([
    ['output', 'body.text', '4111 1111 1111 1111'],
    ['output', 'body.segments.text', '4111 1111 1111 1111'],
    ['output', 'body.segments.0.speaker', 'A'],
    ['output', 'body.segments.1.speaker', 'A'],
    ['output', 'body.words.0.word', '4111'],
  ]);
  const { bytes, echoes } = frames[0]!;
  expect(echoes.map(({ start, end }) => bytes.toString('utf8', start, end))).toEqual(['[50364]', '[50364]', '[{"word":"4111"}]']);
});

test('a transcript that is no JSON is one text', () => {
  const vtt = 'WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n';
  const found = values(read([Buffer.from(vtt)], { format: openaiAudio, direction: 'response', contentType: 'text/vtt' }));
  expect(found).toEqual([['output', 'text', vtt]]);
});

test('joins what is said in a stream, and reads what repeats it', () => {
  const { frames, facts } = stream([
    { type: 'transcript.text.delta', delta: 'he', logprobs: [{ token: 'he' }] },
    { type: 'transcript.text.segment', id: 'seg_1', start: 0, end: 1, text: 'he', speaker: 'B' },
    { type: 'transcript.text.delta', delta: 'llo' },
    { type: 'transcript.text.segment', id: 'seg_2', start: 1, end: 2, text: 'llo', speaker: 'B' },
    { type: 'transcript.text.done', text: 'hello', usage: { type: 'tokens', input_tokens: 1, output_tokens: 2 } },
  ]);
  expect(values({ frames }).filter(([, key]) => !key.includes('speaker') && !key.includes('usage'))).toEqual([
    ['output', 'text', 'hello'],
    ['output', expect.stringContaining('logprobs'), 'he'],
    ['output', 'segments.text', 'hello'],
    ['output', expect.stringContaining('event.text'), 'hello'],
  ]);
  expect(facts).toMatchObject({ inputTokens: 1, outputTokens: 2 });
  const [early, late] = [frames[0]!, frames.at(-1)!].map(({ position }) =>
    openaiAudio.ending(position, denialFor('content_filter')).toString(),
  );
  expect(early).toContain('event: error\ndata: {"type":"error","error":{');
  expect(late).toBe('');
});

test('sound in a stream is passed over', () => {
  const { frames } = stream([
    { type: 'speech.audio.delta', audio: 'UklGRg==' },
    { type: 'speech.audio.done', usage: { input_tokens: 1 } },
  ]);
  expect(values({ frames })).toEqual([]);
});

test('says where the fields of a form belong', () => {
  const facts = emptyFacts();
  const part = (name: string | undefined, value?: string, fileName?: string) =>
    openaiAudio.readPart!({ name, value, fileName, contentType: undefined }, facts);
  const parts = [
    part('file', undefined, 'a.wav'),
    part('model', 'whisper-1'),
    part('stream', 'true'),
    part('timestamp_granularities[]', 'word'),
  ];
  expect([...parts, part('prompt', 'names'), part('odd', 'x'), part(undefined)]).toEqual([
    undefined,
    'structural',
    'structural',
    'structural',
    'user',
    'other',
    'other',
  ]);
  expect(facts).toMatchObject({ model: 'whisper-1', stream: true });
});
