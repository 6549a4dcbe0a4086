import { expect, test } from 'vitest';
import { redactBody } from '../../src/replay/body-redaction.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { policyFrom } from '../support/streams.ts';

const policy = policyFrom('version: 1\ndetectors:\n  "*": {action: redact}\n');
const { profile } = policy.route({ routeName: undefined, host: '', path: '' });
const options = {
  direction: 'request',
  format: generic,
  contentEncoding: undefined,
  policy,
  profile,
  engine: profile.engine('user', 'request')!,
} as const;

const after = (body: Buffer, contentType: string): Buffer => Buffer.concat(redactBody([body], { ...options, contentType }));

const EMAIL = 'anna@example.org';
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

test.each([
  [
    'UTF-16 JSON',
    utf16(`{"a":"${EMAIL}","b":"${EMAIL} x"}`),
    'application/json',
    utf16('{"a":"[REDACTED:pii.email]","b":"[REDACTED:pii.email] x"}'),
  ],
  ['a form', Buffer.from('a=anna%40example.org&b=1'), 'application/x-www-form-urlencoded', Buffer.from('a=%5BREDACTED%3Apii.email%5D&b=1')],
])('of %s in a recording only what is sensitive goes', (_what, body, contentType, expected) => {
  expect(after(body, contentType).toString('latin1')).toBe(expected.toString('latin1'));
});

test.each([
  ['UTF-16 JSON', utf16(`{"${EMAIL}":"x"}`), 'application/json'],
  ['a form', Buffer.from('anna%40example.org=x'), 'application/x-www-form-urlencoded'],
])('of %s with something sensitive in a name nothing is kept', (_what, body, contentType) => {
  expect(after(body, contentType).toString('latin1')).toBe('x'.repeat(body.length));
});

test('of a multipart body with something sensitive in a name only that goes', () => {
  const body = (name: string) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nvalue\r\n--b--\r\n`;
  expect(after(Buffer.from(body(EMAIL)), 'multipart/form-data; boundary=b').toString()).toBe(body('[REDACTED:pii.email]'));
});
