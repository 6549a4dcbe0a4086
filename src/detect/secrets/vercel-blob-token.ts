import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'vercel-blob-token',
  family: 'secret',
  summary: 'Vercel Blob read-write tokens: prefix, store id and secret.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // vercel.com/docs/vercel-blob.
  pattern: /\bvercel_blob_rw_[A-Za-z0-9]{12,20}_[A-Za-z0-9]{24,40}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `BLOB_READ_WRITE_TOKEN="${'vercel_blob_rw_'}Ac74QpkDMjxj9bVK_${'ur70'}QwkoB0x7B0hEJ9H6pv0Vh8QEb9"`,
    `{"token":"${'vercel_blob_rw_'}ZA7UQ6kwyQbiILR0_${'Oh7e'}Q0kDmEb8xDQNAM9tkslL8kI0BC"}`,
    `my Vercel key is ${'vercel_blob_rw_'}2x7gQNkByV1FcMzY_${'IN7H'}QEkiaPF7KTQRrgM9CnxRzpvgVN, what do I do with it?`,
    `client = Client("${'vercel_blob_rw_'}U97cQokFV8YVIvHt_${'OW73'}Qakdg69FDRI3wW2pdkxhjfWACk")`,
    `${'vercel_blob_rw_'}ao75QxkeWoV1j5gJ_${'VE7c'}QGkSoWrWu3SvrGCKjfBZvWbkk7`,
  ],
  ignores: [
    `${'vercel_blob_rw_'}Xz7JQKkHNvd32zMG5BhOqV3M1ejRNB3bqLKAhIypOXn6T`,
    `${'vercel_blob_rw_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'vercel_blob_rw_'}fr7rQrkKiIxQVhlY_${'1271'}Qpkdqrkc7zawIsUtF5Jur1purE`,
    'tokens of Vercel begin with vercel_blob_rw_ and are kept in the vault',
    'BLOB_READ_WRITE_TOKEN=<your Vercel key>',
  ],
});
