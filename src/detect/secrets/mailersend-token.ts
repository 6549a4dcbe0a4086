import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mailersend-token',
  family: 'secret',
  summary: 'MailerSend API tokens: mlsn. and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bmlsn\.[0-9a-f]{64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export MAILERSEND_TOKEN="${'mlsn.'}6e323d7df067d6cf8249969686c9cc582e408b6e515a3a067981968b966db1bb"`,
    `{"token":"${'mlsn.'}fe7e4fcd99e889e02fdfe34c960548d3d1a82ecb8d57095cdcd7af9882ea8143"}`,
    `| MAILERSEND_TOKEN | ${'mlsn.'}0694fb45444fc7af29dbe9b11bfe98584905b9dd7749d8c7ff4c64d97d679e8d |`,
    `mailersend_token: '${'mlsn.'}e1123685078b4111b9e7f8ea09cfd6677d79922c2a60e9fbece2f2a70e75cedb'`,
  ],
  ignores: [
    `${'mlsn.'}d7c9031291ce034`,
    `x${'mlsn.'}d7c9031291ce0342f70b936ea4af8ccbf48d4cb8fde5a9291835445ec3ca42e9`,
    `${'mlsn.'}${'x'.repeat(64)}`,
    'mlsn. is how such a token begins',
    'MAILERSEND_TOKEN=process.env.MAILERSEND_TOKEN',
    'mailersend_token: <your token>',
  ],
});
