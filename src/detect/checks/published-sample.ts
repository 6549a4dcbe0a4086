import { createHash } from 'node:crypto';

/**
 * Whether a value is one that its vendor or a standard publishes as an example: everybody has it, and it opens nothing but a sandbox or an
 * emulator. The value may have its name and an operator before it. It is compared by its first 64 units, so a long one may be cut off.
 */
export function isPublishedSample(text: string): boolean {
  let end = text.length;
  while (end > 0 && text[end - 1] === '=') end--;
  let start = end;
  while (start > 0 && !DELIMITERS.includes(text[start - 1]!)) start--;
  const head = text.slice(start, Math.min(end, start + HEAD_UNITS));
  return LENGTHS.has(head.length) && SAMPLES.has(digestOf(head));
}

/** What stands between a name and its value. */
const DELIMITERS = '=:"\'` \t\r\n';
const HEAD_UNITS = 64;
const DIGEST_DIGITS = 16;

function digestOf(head: string): string {
  return createHash('sha256').update(head).digest('hex').slice(0, DIGEST_DIGITS);
}

/** Units of the samples' heads: a value of another length needs no digest. */
const LENGTHS = new Set([10, 15, 22, 26, 28, 32, 36, 37, 39, 64]);

/** The first 64 bits of SHA-256 over the first 64 units of each sample, so that no scanner takes this file for a leak. */
const SAMPLES = new Set([
  // docs.stripe.com/api/authentication: the sample test keys of every example
  'f2d6ca16515033e5',
  '2cafc0970149a84f',
  // learn.microsoft.com, "Connect to Azurite": the key of the storage emulator
  'e1bd39a75f17bcc7',
  // learn.microsoft.com, "Azure Cosmos DB emulator": its well-known key
  '361d141620e684eb',
  // firebase.google.com/docs/reference, FirebaseOptions.apiKey, in its versions
  '6ca6473b42d9c17e',
  '279a2219c2388e7f',
  '95a4db2dd430bb3f',
  // docs.cloud.google.com/docs/authentication/api-keys: the example of a key
  'ac9265e56c79b234',
  // github.com/firebase/flutterfire: the example applications of firebase_core
  '2e6c5d746bbd2a79',
  '561c359df17fbbb0',
  '1597ab82f0c3904d',
  // github.com/firebase/firebase-js-sdk, config/ci.config.json; firebase-ios-sdk, Example/Database
  '281cbc35f6814ed4',
  'f1afd589c101a525',
  // RFC 6749 and RFC 6750: tokens and the client of the examples
  '6c96130f130ab0d6',
  '00cf4c781dc37003',
  'b8e148545b13c78b',
  'ca7459e2b26776de',
  'e9974c507d2a8021',
  '53f5da0aaa93d64c',
  // RFC 6455: the nonce of a WebSocket handshake; RFC 7617: the user of basic authentication
  'eb543dc490df6d05',
  'd05f6bb1aa2e4ccd',
  // jwt.io: the token it opens with, by algorithm and order of claims
  'b64ba217d95e8f03',
  '6cd72ab8330cfba7',
  '061e8673c2ec3dd3',
  '6f6111b2db989c89',
  'e285ebefb1809f6c',
  '5286e79231507869',
  '12abdf1284c2098c',
  '792e6eb1ce125709',
  'c29fe92807f1215a',
  '7c8307d61207e372',
]);
