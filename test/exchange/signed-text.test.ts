import { expect, test } from 'vitest';
import { createInspection } from '../../src/exchange/inspection.ts';
import type { WireFormat } from '../../src/wire/format.ts';
import { anthropicMessages } from '../../src/wire/formats/anthropic-messages.ts';
import { gemini } from '../../src/wire/formats/gemini.ts';
import { emptyFacts } from '../../src/wire/frame.ts';
import { smallPolicy } from '../support/streams.ts';
import { bytewise } from '../wire/pieces.ts';

const REDACTING = 'version: 1\ndetectors:\n  "*": {action: redact}\n';
const DENYING = smallPolicy(REDACTING);
const ALLOWING = smallPolicy(
  `${REDACTING}failMode: {request: closed, response: closed, onLimit: deny, onUninspectable: allow, onOpaque: allow}\n`,
);
const EMAIL = 'anna@example.org';
const MASK = '[REDACTED:pii.email]';
const SIGNATURE = 'EqQB+/==';

interface Playing {
  readonly policy?: typeof DENYING;
  readonly format?: WireFormat;
  readonly direction?: 'request' | 'response';
}

/** What leaves of a body, byte by byte as it came, and why it was denied. */
function play(bytes: Buffer, contentType: string, { policy = DENYING, format = anthropicMessages, direction = 'response' }: Playing) {
  const inspection = createInspection({
    direction,
    format,
    contentType,
    contentEncoding: undefined,
    profile: policy.route({ routeName: undefined, host: '', path: '' }).profile,
    mode: policy.mode,
    failMode: policy.failMode,
    limits: policy.limits,
    facts: emptyFacts(),
    findings: [],
  });
  for (const part of bytewise(bytes)) inspection.push(part);
  inspection.end();
  const released = Buffer.concat(inspection.take()).toString();
  return { released, denial: inspection.denial?.code, uninspected: [...inspection.uninspected] };
}

const whole = (body: object, playing: Playing = {}) => play(Buffer.from(JSON.stringify(body)), 'application/json', playing);
const stream = (events: readonly object[], playing: Playing = {}) =>
  play(Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')), 'text/event-stream', playing);

const answer = (thinking: string, text = 'Hello.') => ({
  content: [
    { type: 'thinking', thinking, signature: SIGNATURE },
    { type: 'text', text },
  ],
});
const delta = (index: number, fields: object) => ({ type: 'content_block_delta', index, delta: fields });
const thinks = (...pieces: readonly string[]) => [
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
  ...pieces.map((thinking) => delta(0, { type: 'thinking_delta', thinking })),
  delta(0, { type: 'signature_delta', signature: SIGNATURE }),
  { type: 'content_block_stop', index: 0 },
];

test('a signed text that would be redacted is denied, in answers and in requests', () => {
  const refused = { released: '', denial: 'uninspectable', uninspected: ['signed-text'] };
  expect(whole(answer(`I ask ${EMAIL}.`))).toEqual(refused);
  const messages = [{ role: 'assistant', ...answer(`I ask ${EMAIL}.`) }];
  expect(whole({ messages }, { direction: 'request' })).toEqual(refused);
});

test('what is not signed is redacted beside a signature that stays', () => {
  const { released, denial, uninspected } = whole(answer('I think.', `Ask ${EMAIL}.`));
  expect([JSON.parse(released), denial, uninspected]).toEqual([answer('I think.', `Ask ${MASK}.`), undefined, []]);
});

test('where policy lets it pass it is redacted all the same, without its signature', () => {
  const { released, denial, uninspected } = whole(answer(`I ask ${EMAIL}.`), { policy: ALLOWING });
  expect([JSON.parse(released).content[0], denial]).toEqual([{ type: 'thinking', thinking: `I ask ${MASK}.`, signature: null }, undefined]);
  expect(uninspected).toEqual(['signed-text']);
});

test('a stream ends before the signature of a text that was redacted', () => {
  const { released, denial } = stream(thinks('I ask an', 'na@example', '.org. ', 'Then I wait.'));
  expect(denial).toBe('uninspectable');
  expect(released).not.toContain(SIGNATURE);
  expect(released).not.toContain('example');
});

test('a text that is decided only after its signature has come is not overtaken by it', () => {
  const { released, denial } = stream(thinks('I ask anna@example', '.org'));
  expect(denial).toBe('uninspectable');
  expect(released).not.toContain(SIGNATURE);
});

test('a stream that may pass has null for the signature', () => {
  const { released } = stream(thinks(`I ask ${EMAIL}.`), { policy: ALLOWING });
  expect(released).toContain(`"thinking":"I ask ${MASK}."`);
  expect(released).toContain('{"type":"signature_delta","signature":null}');
});

test('arguments that follow their signature are signed by it too', () => {
  const call = (functionCall: object, rest: object = {}) => ({ candidates: [{ content: { parts: [{ functionCall, ...rest }] } }] });
  const piece = (stringValue: string) => call({ partialArgs: [{ jsonPath: '$.to', stringValue, willContinue: true }], willContinue: true });
  const events = [
    call({ name: 'send', willContinue: true }, { thoughtSignature: SIGNATURE }),
    piece('anna@ex'),
    piece('ample.org'),
    call({}),
  ];
  const { released, denial } = stream(events, { format: gemini });
  expect(denial).toBe('uninspectable');
  expect(released).not.toContain('anna');
  const other = stream([call({ name: 'send', args: { to: EMAIL } }), call({ name: 'wait', args: {} }, { thoughtSignature: SIGNATURE })], {
    format: gemini,
  });
  expect(other.denial).toBe(undefined);
  expect(other.released).toContain(SIGNATURE);
});
