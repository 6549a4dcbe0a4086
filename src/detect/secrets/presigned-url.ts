import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'presigned-url',
  family: 'secret',
  summary: 'Signatures of presigned URLs of S3 and Google Cloud Storage: whoever has the URL has the object until it expires.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.88,
  // Signature Version 4 and its like of Google, whose signatures are longer: such a one is found by its beginning.
  pattern: /\bX-(?:Amz|Goog)-Signature=[0-9a-f]{64}/i,
  check: (candidate) => looksRandom(candidate.slice(candidate.indexOf('=') + 1)),
  references: ['owasp-llm:LLM02:2026', 'cwe:598'],
  finds: [
    `https://b.s3.amazonaws.com/k?X-Amz-Expires=900&X-Amz-Signature=${'3f7868'}50e387550fdab836ed7e6dc881de23001b89e6c98cb5d2aa3e8f7c2f4b`,
    `&X-Goog-Signature=${'9b2f6f'}0c3d524a1e9a530b8f6c1d2e7a4c5d6e7f8091a2b3c4d5e6f708192a3b4c&x=1`,
    `x-amz-signature=${'fd18ec'}6120b9ff4250429d2d6b730574a17662e982efeeb6997d76d90462aaea1a`,
    `"X-Amz-Signature=${'d759eb'}5f33e607da7b104871d6c25e5f3f786850e387550fdab836ed7e6dc8810a"`,
  ],
  ignores: [
    `X-Amz-Signature=${'0'.repeat(64)}`,
    'X-Amz-Signature=<signature>',
    'X-Amz-Signature=3f786850e387550fdab836ed7e6dc881',
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    'the parameter X-Amz-Signature holds the signature',
  ],
});
