import { shannonBits } from '../checks/entropy.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'aws-access-key',
  family: 'secret',
  summary: 'AWS access key ids, long-lived (AKIA) and temporary (ASIA): the prefix and 16 base-32 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/,
  check: isSpread,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `aws_access_key_id = ${'AKIA'}IOSFODNN7EXAMPLE`,
    `${'ASIA'}QWERTY234567ASDF`,
    `{"key":"${'AKIA'}2222333344445555"}`,
    `export KEY=${'AKIA'}ABCDEFGHIJKLMNOP;`,
  ],
  ignores: [
    `${'AKIA'}IOSFODNN7EXAMPL`,
    `${'AKIA'}IOSFODNN7EXAMPLES`,
    `x${'AKIA'}IOSFODNN7EXAMPLE`,
    `${'AKIA'}IOSFODNN0189MPLE`,
    `${'akia'}iosfodnn7example`,
    `${'AKIA'}${'X'.repeat(16)}`,
    'AKIA is the prefix of an access key',
  ],
});

/** The check of a candidate: no row of one letter. The vendor's own examples (…EXAMPLE) are found: their form is that of every other id. */
function isSpread(candidate: string): boolean {
  return shannonBits(candidate) >= 2;
}
