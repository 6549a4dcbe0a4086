import { describe, expect, test } from 'vitest';
import type { WireFormat } from '../../src/wire/format.ts';
import { bedrockConverse } from '../../src/wire/formats/bedrock-converse.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { ollama } from '../../src/wire/formats/ollama.ts';
import { openaiChat } from '../../src/wire/formats/openai-chat.ts';
import { awsEvent } from '../support/aws-eventstream.ts';
import { bytewise, pieces } from './pieces.ts';
import { lanes, outcome, type ReadOptions, read } from './reading.ts';

const TYPES = ['', 'text/plain', 'text/html; charset=utf-8', 'application/octet-stream', 'image/png', 'multipart/mixed; boundary=b'];

const chunk = (content: string): string => JSON.stringify({ choices: [{ index: 0, delta: { content } }] });
const line = (response: string): string => JSON.stringify({ model: 'm', response });

const said = (text: string): Buffer => awsEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text } });

const STREAMS: readonly (readonly [what: string, format: WireFormat, type: string, body: string | Buffer])[] = [
  ['events', openaiChat, 'text/event-stream', `data: ${chunk('4111 1111')}\n\ndata: ${chunk(' 1111 1111')}\n\ndata: [DONE]\n\n`],
  ['events with a name', openaiChat, 'text/event-stream', `event:c\ndata:${chunk('4111')}\n\nevent:c\ndata:${chunk(' 1111')}\n\n`],
  ['events after a comment', openaiChat, 'text/event-stream', `: wait\n\ndata: ${chunk('4111')}\n\ndata: ${chunk(' 1111')}\n\n`],
  ['events after an id', openaiChat, 'text/event-stream', `id: 1\rdata: ${chunk('4111')}\r\rretry: 3\rdata: ${chunk(' 1111')}\r\r`],
  ['events after a mark and a blank line', openaiChat, 'text/event-stream', `\ufeff\r\ndata: ${chunk('4111')}\n\ndata: ${chunk(' 1')}\n\n`],
  ['AWS messages', bedrockConverse, 'application/vnd.amazon.eventstream', Buffer.concat([said('4111 1111'), said(' 1111 1111')])],
  ['lines of JSON', ollama, 'application/x-ndjson', `${line('4111 1111')}\n${line(' 1111 1111')}\n`],
];

const answer = (format: WireFormat, contentType: string): ReadOptions => ({ format, direction: 'response', contentType });

describe('an answer of a dialect whose type names no stream', () => {
  test('is tried with seven streams under six types', () => expect([STREAMS.length, TYPES.length]).toEqual([7, 6]));

  test.each(STREAMS)('is read as the stream that it is: %s', (_, format, type, body) => {
    const bytes = Buffer.from(body as string);
    const told = outcome(read([bytes], answer(format, type)));
    for (const other of TYPES) expect([other, outcome(read([bytes], answer(format, other)))]).toEqual([other, told]);
  });

  test.each(STREAMS)('is read the same at every split: %s', (_, format, type, body) => {
    const bytes = Buffer.from(body as string);
    const told = outcome(read([bytes], answer(format, type)));
    for (let cut = 0; cut <= bytes.length; cut++) expect(outcome(read(pieces(bytes, [cut]), answer(format, 'text/plain')))).toEqual(told);
    expect(outcome(read(bytewise(bytes), answer(format, 'text/plain')))).toEqual(told);
  });

  test.each([
    ['begins nearly as an event', openaiChat, 'dated: today\n\n'],
    ['is shorter than the name of a field', openaiChat, 'data'],
    ['begins as JSON and is none', ollama, '{hello}\n{you}\n'],
    ['is of no dialect', generic, 'data: one\n\ndata: two\n\n'],
  ])('stays one text when it %s', (_, format, body) => {
    expect(lanes(read([Buffer.from(body)], answer(format, 'text/plain')))).toEqual([['output', 'text', body]]);
  });

  test('stays what its type says in a request, of which nobody puts events together', () => {
    const request: ReadOptions = { format: openaiChat, direction: 'request', contentType: 'text/plain' };
    expect(lanes(read([Buffer.from('data: one\n\ndata: two\n\n')], request))).toEqual([['user', 'text', 'data: one\n\ndata: two\n\n']]);
  });
});
