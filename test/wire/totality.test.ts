import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anthropicMessages } from '../../src/wire/formats/anthropic-messages.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { openaiChat } from '../../src/wire/formats/openai-chat.ts';
import { cutPlaces, pieces, runs } from './pieces.ts';
import { lanes, read } from './reading.ts';
import { bytesOf, reasonsOf, redacted } from './redacting.ts';

const TYPES = [
  ...[
    'application/json',
    'application/x-ndjson',
    'text/event-stream',
    'text/plain',
    'text/html',
    'application/octet-stream',
    'image/png',
    '',
  ],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=b', 'multipart/mixed; boundary="b c"', 'multipart/form-data'],
];
const CHARSETS = [
  '',
  'utf-8',
  'utf-16',
  'utf-16le',
  'UTF-16BE',
  'latin1',
  'windows-1252',
  'us-ascii',
  'shift_jis',
  '"',
  'utf-8; charset=utf-16',
];

const contentType = fc
  .tuple(fc.constantFrom(...TYPES), fc.constantFrom(...CHARSETS))
  .map(([type, charset]) => (charset === '' ? type : `${type}; charset=${charset}`));

const token = fc.constantFrom(
  ...['--b\r\n', '\r\n--b--', 'Content-Type: application/json; charset=utf-16\r\n', '\r\n\r\n', 'Content-Length: 4\r\n', '\n', '\r'],
  ...['data: ', '{"a":', '"x"', '}', '[', ']', 'SECRET', '&', '=', '%53ECRET', '+', '\ufeff', 'é', '😀', '\0', '\\ud83d', '123456789', ' '],
);
const written = fc
  .tuple(fc.array(token, { maxLength: 24 }), fc.constantFrom('utf8' as const, 'utf16le' as const, 'latin1' as const), fc.boolean())
  .map(([tokens, encoding, swap]) => {
    const bytes = Buffer.from(tokens.join(''), encoding);
    return swap && bytes.length % 2 === 0 ? bytes.swap16() : bytes;
  });
const anything = fc.oneof(
  written,
  written,
  fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array)),
);

/** What must not depend on the cutting: texts by key, reasons, and the bytes. */
const shape = (parts: readonly Buffer[], options: Parameters<typeof read>[1]) => {
  const { frames, facts } = read(parts, options);
  return { lanes: lanes({ frames }), reasons: new Set(reasonsOf(frames)), bytes: bytesOf(frames).toString('latin1'), facts };
};

test('no type, charset, bytes or cutting makes a reader throw, lose a byte or read something else', () => {
  fc.assert(
    fc.property(
      anything,
      contentType,
      fc.constantFrom('request' as const, 'response' as const),
      fc.constantFrom(generic, openaiChat, anthropicMessages),
      fc.constantFrom(1 << 20, 40),
      cutPlaces,
      (bytes, type, direction, format, bodyBytes, cuts) => {
        const options = { format, direction, contentType: type, limits: { bodyBytes, eventBytes: 60, jsonDepth: 5 } };
        const whole = shape([bytes], options);
        expect(whole.bytes).toBe(bytes.toString('latin1'));
        expect(shape(pieces(bytes, cuts), options)).toEqual(whole);
      },
    ),
    { numRuns: runs(2000) },
  );
});

test('carriers without a seal together are their frame, and a redaction of nothing changes nothing', () => {
  fc.assert(
    fc.property(anything, contentType, (bytes, type) => {
      const { frames } = read([bytes], { format: generic, direction: 'request', contentType: type });
      const unsealed = frames.filter(({ seal }) => seal === undefined);
      const carried = unsealed.map(({ bytes: wire, carriers = [] }) =>
        carriers.length === 0 ? wire : Buffer.concat(carriers.map((one) => one.bytes)),
      );
      expect(carried.map((wire) => wire.toString('latin1'))).toEqual(unsealed.map((frame) => frame.bytes.toString('latin1')));
      expect(redacted(frames, 'not there').equals(bytes)).toBe(true);
    }),
    { numRuns: runs(500) },
  );
});

/** A form that looked like UTF-16 JSON does not look so any more once its bracket is percent-encoded: forms have tests of their own. */
const unsniffed = contentType.filter((type) => !type.startsWith('application/x-www-form-urlencoded'));

test('what is redacted is gone, and reads as redacted', () => {
  fc.assert(
    fc.property(anything, unsniffed, (bytes, type) => {
      const options = { format: generic, direction: 'request' as const, contentType: type };
      const { frames } = read([bytes], options);
      const after = redacted(frames, 'SECRET');
      const again = read([after], options).frames;
      const writable = (found: typeof frames) =>
        found.flatMap(({ segments }) => segments.filter(({ source }) => source.kind !== 'json-key'));
      const once = writable(frames).map(({ text }) => text.replace('SECRET', '[X]'));
      expect(
        writable(again)
          .map(({ text }) => text)
          .join(''),
      ).toBe(once.join(''));
    }),
    { numRuns: runs(1000) },
  );
});
