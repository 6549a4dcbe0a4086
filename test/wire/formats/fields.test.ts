import { expect, test } from 'vitest';
import { encodedBytes } from '../../../src/wire/formats/fields.ts';
import { generic } from '../../../src/wire/formats/generic.ts';
import { read, values } from '../reading.ts';

const MEDIA = {
  ...generic,
  readBody: (doc: Parameters<typeof generic.readBody>[0], sink: Parameters<typeof generic.readBody>[1]) =>
    encodedBytes(doc.root, { doc, sink, key: 'media', lane: 'user' }),
};

const texts = (json: string) => values(read([Buffer.from(json)], { format: MEDIA, direction: 'request' })).map(([, , text]) => text);

test.each([
  ['nothing', '""'],
  ['base64', '"QUJD+/8="'],
  ['base64url', '"QUJD-_8"'],
  ['base64 with escaped slashes and signs', '"Q\\/\\u002B\\u003d"'],
  ['a data URL', '"data:image/png;base64,QUJD"'],
  ['ten megabytes of it', `"${'QUJD'.repeat(10 * 1024 * 256 - 1)}"`],
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
  ['digits alone', '"4111111111111111"', ['4111111111111111']],
  ['digits and dashes', '"4111-1111-1111-1111"', ['4111-1111-1111-1111']],
  ['a long number', '4111111111111111', ['4111111111111111']],
  ['an object', '{"data":"two words"}', ['two words']],
])('reads %s', (_what, json, found) => {
  expect(texts(json)).toEqual(found);
});
