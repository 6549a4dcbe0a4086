import { expect, test } from 'vitest';
import { encodedBytes, mediaBytes } from '../../../src/wire/formats/fields.ts';
import { generic } from '../../../src/wire/formats/generic.ts';
import { read, values } from '../reading.ts';

const MEDIA = {
  ...generic,
  readBody: (doc: Parameters<typeof generic.readBody>[0], sink: Parameters<typeof generic.readBody>[1]) =>
    encodedBytes(doc.root, { doc, sink, key: 'media', lane: 'user' }),
};

const texts = (json: string) => values(read([Buffer.from(json)], { format: MEDIA, direction: 'request' })).map(([, , text]) => text);

const COUNTED = {
  ...generic,
  readBody: (doc: Parameters<typeof generic.readBody>[0], sink: Parameters<typeof generic.readBody>[1]) =>
    mediaBytes(doc.root, { doc, sink, key: 'media', lane: 'user' }),
};
const reason = (json: string) => read([Buffer.from(json)], { format: COUNTED, direction: 'request' }).frames[0]?.uninspectable;

const PICTURE = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1').toString('base64');
const LETTER = Buffer.from('Dear Ann,\nthe account is 4711.\nYours, Bo').toString('base64');

test.each([
  ['nothing', '""'],
  ['base64', '"QUJD+/8="'],
  ['base64url', '"QUJD-_8"'],
  ['base64 with escaped slashes and signs', '"Q\\/\\u002B\\u003d"'],
  ['a data URL', '"data:image/png;base64,QUJD"'],
  ['a picture', `"${PICTURE.repeat(16)}"`],
  ['a picture that claims to be a text', `"data:text/plain;base64,${PICTURE}"`],
  ['ten megabytes of it', `"${PICTURE}${'QUJD'.repeat(10 * 1024 * 256 - 1)}"`],
])('skips %s', (_what, json) => {
  expect(texts(json)).toEqual([]);
});

test.each([
  ['text', '"two words"', ['two words']],
  ['text after base64', '"QUJD QUJD"', ['QUJD QUJD']],
  ['another escape', '"QUJD\\u0041\\n"', ['QUJDA\n']],
  ['letters outside ASCII', '"QUJDé"', ['QUJDé']],
  ['a URL', '"https://example.org/a"', ['https://example.org/a']],
  ['a data URL with text', '"data:text/plain,QUJD"', ['data:text/plain,QUJD']],
  ['a data URL with a mark far behind', `"data:${'x'.repeat(200)};base64,QUJD"`, [`data:${'x'.repeat(200)};base64,QUJD`]],
  ['base64 of a text', `"${LETTER.repeat(16)}"`, [LETTER.repeat(16)]],
  ['a data URL of a text', `"data:text/plain;base64,${LETTER}"`, [`data:text/plain;base64,${LETTER}`]],
  ['a text that claims to be a picture', `"data:image/png;base64,${LETTER}"`, [`data:image/png;base64,${LETTER}`]],
  ['base64 of a text with escapes', `"data:;base64,${LETTER.slice(0, -1)}\\u003d"`, [`data:;base64,${LETTER.slice(0, -1)}=`]],
  ['digits alone', '"4111111111111111"', ['4111111111111111']],
  ['digits and dashes', '"4111-1111-1111-1111"', ['4111-1111-1111-1111']],
  ['a long number', '4111111111111111', ['4111111111111111']],
  ['an object', '{"data":"two words"}', ['two words']],
])('reads %s', (_what, json, found) => {
  expect(texts(json)).toEqual(found);
});

test.each([
  ['a picture', `"data:image/png;base64,${PICTURE}"`, 'media'],
  ['base64 without a type', `"${PICTURE.repeat(16)}"`, 'media'],
  ['nothing', '""', undefined],
  ['a text', `"data:image/png;base64,${LETTER}"`, undefined],
  ['an address', '"https://example.org/a.png"', undefined],
])('counts media that nobody reads: %s', (_what, json, counted) => {
  expect(reason(json)).toBe(counted);
});
