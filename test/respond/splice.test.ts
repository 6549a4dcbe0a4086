import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf16Offset } from '../../src/lib/units.ts';
import type { FrameCut } from '../../src/respond/splice.ts';
import { renderText, spliceFrame } from '../../src/respond/splice.ts';
import type { WireFormat } from '../../src/wire/format.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { openaiChat } from '../../src/wire/formats/openai-chat.ts';
import type { Frame } from '../../src/wire/frame.ts';
import { runs } from '../wire/pieces.ts';
import { read } from '../wire/reading.ts';

const MARK = '[REDACTED:pii.email]';

const frameOf = (body: string | Buffer, format: WireFormat = generic, contentType = 'application/json'): Frame =>
  read([Buffer.from(body as string)], { format, direction: 'response', contentType }).frames[0]!;

/** Cuts every occurrence of `what` in the texts of a frame. */
function cutAll(frame: Frame, what: string, replacement = MARK): FrameCut[] {
  return frame.segments.flatMap(({ text, source }, segment) => {
    const cuts: FrameCut[] = [];
    const isKey = source.kind === 'json-key' || (source.kind === 'nested' && source.token === 'key');
    for (let at = isKey ? -1 : text.indexOf(what); at >= 0; at = text.indexOf(what, at + what.length)) {
      cuts.push({ segment, start: utf16Offset(at), end: utf16Offset(at + what.length), replacement });
    }
    return cuts;
  });
}

const spliced = (body: string, what: string, replacement?: string): string => {
  const frame = frameOf(body);
  return spliceFrame(frame, cutAll(frame, what, replacement)).toString();
};

const CASES: readonly (readonly [what: string, body: string, cut: string, expected: string])[] = [
  ['plain characters', '{"a": "to bob@x.io now"}', 'bob@x.io', `{"a": "to ${MARK} now"}`],
  ['escaped characters', '["\\u0062ob\\u0040x.io!"]', 'bob@x.io', `["${MARK}!"]`],
  ['text after escapes and wide characters', '["é😀\\ud83d\\ude00\\n\\"bob"]', 'bob', `["é😀\\ud83d\\ude00\\n\\"${MARK}"]`],
  ['several places', '["bob, bob","bob"]', 'bob', `["${MARK}, ${MARK}","${MARK}"]`],
  ['a number, which becomes a string', '{"n": 4111111111111111 }', '4111111111111111', `{"n": "${MARK}" }`],
  ['part of a number', '[123456789012]', '345', `["12${MARK}6789012"]`],
  ['half a surrogate pair, taking all of it', '["a😀b"]', '\ude00', `["a${MARK}b"]`],
  ['half an escaped surrogate pair, taking all of it', '["a\\ud83d\\ude00b"]', '\ud83d', `["a${MARK}b"]`],
];

test('the table of cuts has all its rows', () => expect(CASES).toHaveLength(8));

test.each(CASES)('cuts %s', (_what, body, cut, expected) => {
  expect(spliced(body, cut)).toBe(expected);
});

test('an untouched frame is the same buffer', () => {
  const frame = frameOf('["x"]');
  expect(spliceFrame(frame, [])).toBe(frame.bytes);
});

test('an empty replacement leaves nothing, and one that needs escapes gets them', () => {
  expect(spliced('["a bob b"]', 'bob', '')).toBe('["a  b"]');
  expect(spliced('["a bob b"]', 'bob', '"\n')).toBe('["a \\"\\n b"]');
});

test('echoes of a rewritten frame become null, with whatever was cut in them', () => {
  const frame = frameOf('{"choices":[{"index":0,"message":{"content":"bob"},"logprobs":{"content":[{"token":"bob"}]}}]}', openaiChat);
  expect(spliceFrame(frame, cutAll(frame, 'bob')).toString()).toBe(
    `{"choices":[{"index":0,"message":{"content":"${MARK}"},"logprobs":null}]}`,
  );
});

test('asking for an object key is our own bug', () => {
  const frame = frameOf('{"bob":1}');
  expect(() => spliceFrame(frame, [{ segment: 0, start: utf16Offset(0), end: utf16Offset(3), replacement: '' }])).toThrow(
    'never rewritten',
  );
});

const call = (text: string) =>
  JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: text } }] } }] });
const nestedFrame = (...parts: readonly string[]): Frame =>
  frameOf(parts.map((part) => `data: ${call(part)}\n\n`).join(''), openaiChat, 'text/event-stream');
/** The arguments a client puts together from the events of spliced bytes. */
const argumentsOf = (bytes: Buffer): string =>
  bytes
    .toString()
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.slice('data: '.length)).choices[0].delta.tool_calls[0].function.arguments)
    .join('');

const NESTED: readonly (readonly [what: string, parts: readonly string[], cut: string, expected: string])[] = [
  ['a string', ['{"to":"bob@x.io"}'], 'bob@x.io', `{"to":"${MARK}"}`],
  ['characters escaped twice', ['{"to":"\\u0062ob\\u0040x.io, é"}'], 'bob@x.io', `{"to":"${MARK}, é"}`],
  ['a number, which becomes a string', ['{"n":4111111111111111}'], '4111111111111111', `{"n":"${MARK}"}`],
  ['a number cut between events', ['{"n":4111', '111111111111}'], '4111111111111111', `{"n":"${MARK}"}`],
  ['part of a number cut between events', ['{"n":4111', '111111111111}'], '1111111111', `{"n":"4${MARK}11111"}`],
  ['an escape cut between events', ['{"to":"a\\u0', '06', '2c"}'], 'b', `{"to":"a${MARK}c"}`],
  ['text that is not JSON', ['mail "bob" now'], 'bob', `mail "${MARK}" now`],
];

test('the table of nested cuts has all its rows', () => expect(NESTED).toHaveLength(7));

test.each(NESTED)('cuts inside nested JSON: %s', (_what, parts, cut, expected) => {
  const frame = nestedFrame(...parts);
  expect(argumentsOf(spliceFrame(frame, cutAll(frame, cut)))).toBe(expected);
});

test('renders plain texts with their edits', () => {
  const edit = (start: number, end: number, replacement: string) => ({ start: utf16Offset(start), end: utf16Offset(end), replacement });
  expect(renderText('hello world', [])).toBe('hello world');
  expect(renderText('hello world', [edit(0, 5, 'bye'), edit(6, 11, '')])).toBe('bye ');
});

test('cuts plain text between the right bytes, broken characters included', () => {
  const bytes = Buffer.concat([Buffer.from('é'), Buffer.from([0xff, 0xe2, 0x82]), Buffer.from('bob€')]);
  const frame = frameOf(bytes, generic, 'text/plain');
  const out = spliceFrame(frame, cutAll(frame, 'bob', 'X'));
  expect(out).toEqual(Buffer.concat([Buffer.from('é'), Buffer.from([0xff, 0xe2, 0x82]), Buffer.from('X€')]));
});

test('any bytes read as text are cut where the decoder sees the text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 20 }), (before, after) => {
      const bytes = Buffer.concat([Buffer.from(before), Buffer.from('<bob>'), Buffer.from(after)]);
      const body = Buffer.concat([Buffer.from('-'), bytes]);
      const [frame, ...rest] = read([body], { format: generic, direction: 'response', contentType: 'text/plain' }).frames;
      const out = Buffer.concat([spliceFrame(frame!, cutAll(frame!, '<bob>', '')), ...rest.map((tail) => tail.bytes)]);
      expect(out).toEqual(Buffer.concat([Buffer.from('-'), Buffer.from(before), Buffer.from(after)]));
    }),
    { numRuns: runs(500) },
  );
});

/** Writes a string with some of its units as escapes. */
const withEscapes = (text: string, choices: readonly number[]): string =>
  Array.from({ length: text.length }, (_, i) => i)
    .map((i) => {
      const unit = text[i]!;
      const lone = unit >= '\ud800' && unit <= '\udfff';
      const written = lone || unit < ' ' || unit === '"' || unit === '\\' || choices[i % choices.length] === 0;
      return written ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : unit;
    })
    .join('');

const words = fc
  .array(fc.constantFrom('SECRET', 'a', 'é', '😀', '"', '\\', '\n', '€', '{', ' ', '\ud83d'), { maxLength: 12 })
  .map((parts) => parts.join(''));
const choices = fc.array(fc.nat(3), { minLength: 1, maxLength: 7 });

test('cutting bytes is the same as parsing, replacing and comparing values', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 5 }), choices, (texts, escapes) => {
      const body = `{"list": [${texts.map((text) => `"${withEscapes(text, escapes)}"`).join(' , ')}]}`;
      const frame = frameOf(body);
      const out = spliceFrame(frame, cutAll(frame, 'SECRET', '[X]')).toString();
      expect(JSON.parse(out)).toEqual({ list: texts.map((text) => text.replaceAll('SECRET', '[X]')) });
    }),
    { numRuns: runs(500) },
  );
});

test('cutting nested JSON is the same as parsing twice, replacing and comparing values, however the events cut it', () => {
  fc.assert(
    fc.property(
      fc.array(words, { minLength: 1, maxLength: 4 }),
      choices,
      fc.array(fc.nat(), { maxLength: 4 }),
      (texts, escapes, places) => {
        const nested = `{"list": [${texts.map((text) => `"${withEscapes(text, escapes)}"`).join(',')}]}`;
        const at = [0, ...places.map((place) => place % (nested.length + 1)).sort((a, b) => a - b), nested.length];
        const parts = at.slice(1).map((end, i) => `data: ${call(nested.slice(at[i], end))}\n\n`);
        const { frames } = read([Buffer.from(parts.join(''))], {
          format: openaiChat,
          direction: 'response',
          contentType: 'text/event-stream',
        });
        const out = Buffer.concat(redactAcross(frames, 'SECRET', '[X]'));
        expect(JSON.parse(argumentsOf(out))).toEqual({ list: texts.map((text) => text.replaceAll('SECRET', '[X]')) });
      },
    ),
    { numRuns: runs(500) },
  );
});

/** Replaces a word in the texts of all frames: the replacement goes where it begins. */
function redactAcross(frames: readonly Frame[], word: string, replacement: string): Buffer[] {
  const places = frames.flatMap((frame, f) => frame.segments.map(({ key, text }, segment) => ({ f, segment, key, text })));
  const cuts: (FrameCut & { readonly f: number })[] = [];
  for (const [, parts] of Map.groupBy(places, ({ key }) => key)) {
    const whole = parts.map(({ text }) => text).join('');
    for (let hit = whole.indexOf(word); hit >= 0; hit = whole.indexOf(word, hit + word.length)) {
      let from = 0;
      for (const { f, segment, text } of parts) {
        const start = Math.max(hit, from);
        const end = Math.min(hit + word.length, from + text.length);
        if (start < end) {
          const written = start === hit ? replacement : '';
          cuts.push({ f, segment, start: utf16Offset(start - from), end: utf16Offset(end - from), replacement: written });
        }
        from += text.length;
      }
    }
  }
  return frames.map((frame, f) =>
    spliceFrame(
      frame,
      cuts.filter((cut) => cut.f === f),
    ),
  );
}
