import { describe, expect, test } from 'vitest';
import type { EnvoyEvent } from '../../src/exchange/events.ts';
import { type Line, readLine } from '../../src/replay/codec.ts';
import { policyFrom } from '../support/streams.ts';
import { BALANCED, CONVERSATIONS, OBSERVE, recordingText, SECRETS } from './conversations.ts';

const linesOf = (text: string): readonly Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const result = readLine(line);
      if (!result.ok) throw new Error(result.reason);
      return result.line;
    });
const eventsOf = (text: string): readonly EnvoyEvent[] => linesOf(text).flatMap((line) => (line.kind === 'event' ? [line.event] : []));
const bodyOf = (events: readonly EnvoyEvent[], kind: 'request-body' | 'response-body'): Buffer =>
  Buffer.concat(events.flatMap((event) => (event.kind === kind ? [event.bytes] : [])));

/** Every text in a recording, also those that are spread over chunks and events of a stream. */
function everyText(recording: string): string {
  const events = eventsOf(recording);
  const bodies = (['request-body', 'response-body'] as const).map((kind) => bodyOf(events, kind).toString());
  const deltas = bodies.map((body) =>
    body
      .split('\n\n')
      .slice(0, -1)
      .filter((event) => event.startsWith('data: {'))
      .map((event) => (JSON.parse(event.slice(6)) as { choices: { delta: { content: string } }[] }).choices[0]!.delta.content)
      .join(''),
  );
  return [recording, ...bodies, ...deltas].join('\n');
}

const forms = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').slice(0, -4),
];

describe('a redacted recording holds nothing sensitive', () => {
  test.each(
    CONVERSATIONS.flatMap(({ name, events }) => [BALANCED, OBSERVE].map((policy) => ({ name, events, policy, mode: policy.mode }))),
  )('$name, $mode', ({ events, policy }) => {
    const text = everyText(recordingText(events, policy, 'redacted'));
    expect(
      Object.values(SECRETS)
        .flatMap(forms)
        .filter((secret) => text.includes(secret)),
    ).toEqual([]);
  });

  test('and an unredacted one shows that the search finds what is there', () => {
    const text = CONVERSATIONS.map(({ events }) => everyText(recordingText(events, BALANCED, 'raw'))).join('\n');
    expect(Object.values(SECRETS).filter((secret) => !text.includes(secret) && !text.includes(encodeURIComponent(secret)))).toEqual([]);
  });
});

const redacted = (events: readonly EnvoyEvent[], policy = BALANCED) => eventsOf(recordingText(events, policy, 'redacted'));
const named = (name: string) => CONVERSATIONS.find((one) => one.name === name)!.events;

test('keeps the kind of a credential, the shape of a path and every other header', () => {
  const events = redacted(named('a clean answer'));
  expect(events[1]).toMatchObject({
    headers: [
      [':method', 'POST'],
      [':path', '/v1/chat/completions?api_key=[REDACTED]&user=[REDACTED-SAMPLE:pii.email]'],
      [':authority', 'api.example'],
      [':scheme', 'https'],
      ['content-type', 'application/json'],
      ['accept-encoding', 'gzip'],
      ['authorization', 'Bearer [REDACTED]'],
      ['cookie', '[REDACTED]'],
    ],
  });
  expect(events[0]).toMatchObject({ attributes: new Map([['request.path', '/x?token=[REDACTED]']]) });
});

test('puts placeholders where findings were and leaves the rest byte for byte', () => {
  const body = bodyOf(redacted(named('a card and a key in a question')), 'request-body').toString();
  expect(JSON.parse(body)).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'pay with [REDACTED-SAMPLE:pii.card], key [REDACTED-SAMPLE:secret.aws-access-key]' }],
  });
});

test('keeps kinds, times and number of events, and every chunk border that lies in bytes that stay', () => {
  const before = named('a card over the events of a stream');
  const after = redacted(before);
  const frame = (event: EnvoyEvent) => ({ ...event, bytes: undefined, headers: undefined, attributes: undefined });
  expect(after.map(frame)).toEqual(before.map(frame));
  const sizes = (events: readonly EnvoyEvent[]) => events.flatMap((event) => (event.kind === 'response-body' ? [event.bytes.length] : []));
  const changed = sizes(after).filter((size, i) => size !== sizes(before)[i]);
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.length).toBeLessThan(6);
  expect(sizes(after).length).toBe(7);
});

test('never cuts a placeholder between chunks', () => {
  const chunks = redacted(named('a stream byte by byte')).flatMap((event) =>
    event.kind === 'response-body' ? [event.bytes.toString('latin1')] : [],
  );
  const whole = chunks.join('').split('[REDACTED-SAMPLE:').length - 1;
  expect(whole).toBe(2);
  expect(chunks.reduce((sum, chunk) => sum + chunk.split(/\[REDACTED-SAMPLE:[a-z.-]+\]/).length - 1, 0)).toBe(whole);
});

test('writes bytes that nobody can read as their number', () => {
  const events = redacted(named('bytes that cannot be read'));
  const bytes = bodyOf(events, 'response-body');
  expect(bytes.equals(Buffer.alloc(bodyOf(named('bytes that cannot be read'), 'response-body').length, 'x'))).toBe(true);
});

test("replaces what a policy's own detector finds", () => {
  const policy = policyFrom(
    "version: 1\ndetectors:\n  leak.codename: {pattern: 'project aurora', action: observe, examples: {finds: ['project aurora']}}\n",
  );
  const codename = ['project', 'aurora'].join(' ');
  const [open, head] = named('a clean answer');
  const bytes = Buffer.from(bodyOf(named('a clean answer'), 'request-body').toString().replace('hello', `about ${codename}`));
  const asked: EnvoyEvent = { kind: 'request-body', bytes, endOfStream: true, unixMs: 1 };
  const text = recordingText([open!, head!, asked, { kind: 'cancelled', unixMs: 2 }], policy, 'redacted');
  expect(text).not.toContain(codename);
  expect(text).toContain('about [REDACTED-SAMPLE:leak.codename]');
});
