import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHmacSha256 } from '../../src/lib/hmac.ts';

test('is the HMAC-SHA-256 that Node makes, for any key and text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 600 }), (key, text) => {
      expect(createHmacSha256(key)(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
    }),
  );
});
