import { expect, test } from 'vitest';
import { denialFor } from '../../../src/respond/denial.ts';
import type { Head } from '../../../src/wire/format.ts';
import { anthropicComplete } from '../../../src/wire/formats/anthropic-complete.ts';
import { emptyFacts } from '../../../src/wire/frame.ts';
import { readJson } from '../../../src/wire/framing/json.ts';
import { lanes, read, values } from '../reading.ts';

const request = (body: unknown) => read([Buffer.from(JSON.stringify(body))], { format: anthropicComplete, direction: 'request' });
const stream = (events: readonly object[]) =>
  read(
    events.map((event) => Buffer.from(`event: completion\r\ndata: ${JSON.stringify(event)}\r\n\r\n`)),
    { format: anthropicComplete, direction: 'response', contentType: 'text/event-stream' },
  );
const event = (completion: string, stop_reason: string | null = null) => ({
  type: 'completion',
  id: 'c',
  completion,
  stop_reason,
  model: 'claude-2.1',
});

test('is recognised by its path, and fits with a prompt', () => {
  const head = (path: string): Head => ({ method: 'POST', path, host: '', header: () => undefined });
  const paths = ['/v1/complete', '/proxy/v1/complete/', '/v1/completions', '/v1/complete/x'];
  expect(paths.map((path) => anthropicComplete.recognise(head(path)))).toEqual([true, true, false, false]);
  const fits = ['{"prompt":"x"}', '{"messages":[]}', '[]'].map((text) => {
    const result = readJson(Buffer.from(text), 64);
    return result.ok && anthropicComplete.fits?.(result.doc);
  });
  expect(fits).toEqual([true, false, false]);
});

test('reads every lane of a request, and the names of fields it does not know', () => {
  const reading = request({
    model: 'claude-2.1',
    prompt: '\n\nHuman: hello',
    stop_sequences: ['stop'],
    metadata: { user_id: 'u' },
    stream: true,
    odd: 1,
  });
  expect(lanes(reading).map(([lane, , text]) => [lane, text])).toEqual([
    ['user', '\n\nHuman: hello'],
    ['other', 'stop'],
    ['other', 'user_id'],
    ['other', 'u'],
    ['other', 'odd'],
  ]);
  expect(reading.facts).toEqual({ ...emptyFacts(), model: 'claude-2.1', stream: true });
});

test('gathers the text of a stream, and ends it with the reason', () => {
  const { frames, facts } = stream([event('hel'), event('lo'), event('', 'stop_sequence')]);
  expect(values({ frames })).toEqual([['output', 'completion', 'hello']]);
  expect(frames.map(({ laneEnds }) => laneEnds)).toEqual([[], [], ['*']]);
  expect(facts).toEqual({ ...emptyFacts(), responseId: 'c', responseModel: 'claude-2.1', finishReasons: ['stop_sequence'] });
});

test('ends a stream with an event that refuses, and adds nothing to one that has ended', () => {
  const { frames } = stream([event('a'), event('', 'max_tokens')]);
  const endings = [undefined, ...frames.map(({ position }) => position)].map((position) =>
    anthropicComplete.ending(position, denialFor('content_filter')).toString(),
  );
  const refusal = (id: string, model: string) =>
    `event: completion\ndata: ${JSON.stringify({ type: 'completion', id, completion: '', stop_reason: 'refusal', stop: null, model })}\n\n`;
  expect(endings).toEqual([refusal('compl_filtered', ''), refusal('c', 'claude-2.1'), '']);
});

test('reads an error event', () => {
  expect(values(stream([{ error: { type: 'overloaded_error', message: 'later' } }])).map(([, , text]) => text)).toEqual([
    'overloaded_error',
    'later',
  ]);
});

const DENIALS = [
  ['content_filter', 403, 'permission_error'],
  ['request_too_large', 413, 'request_too_large'],
  ['uninspectable', 403, 'permission_error'],
  ['unavailable', 503, 'overloaded_error'],
] as const;

test('the table of denials has all its rows', () => expect(DENIALS).toHaveLength(4));

test.each(DENIALS)('denies %s with %i %s', (code, status, type) => {
  const denial = denialFor(code, 'pii.email');
  const answer = anthropicComplete.denial(denial);
  expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { type: 'error', error: { type, message: denial.message } }]);
});
