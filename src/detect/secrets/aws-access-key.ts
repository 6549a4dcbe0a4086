import { shannonBits } from '../checks/entropy.ts';
import { isPlaceholder } from '../checks/placeholder.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'aws-access-key',
  family: 'secret',
  summary: 'AWS access key ids (AKIA, ASIA, ABIA, ACCA and 16 base-32 characters); those of manuals, which end in EXAMPLE, pass.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.aws.amazon.com/IAM, "Unique identifiers"; the manuals' own ids end in EXAMPLE.
  pattern: /\b(?:A[KSB]IA|ACCA)[A-Z2-7]{16}\b/,
  check: isSpread,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `aws_access_key_id = ${'AKIA'}QZ7M3KX5TWNB2RVD`,
    `${'ASIA'}QWERTY234567ASDF`,
    `{"key":"${'AKIA'}2222333344445555"}`,
    `export KEY=${'AKIA'}ABCDEFQRSTUVWXYM;`,
    `bearer token ${'ABIA'}QZ7M3KX5TWNB2RVD`,
    `${'ACCA'}5TWNB2RVDQZ7M3KX`,
  ],
  ignores: [
    `${'AKIA'}QZ7M3KX5TWNB2RV`,
    `${'AKIA'}QZ7M3KX5TWNB2RVDS`,
    `x${'AKIA'}QZ7M3KX5TWNB2RVD`,
    `${'AKIA'}QZ7M3KX50189MPLE`,
    `${'akia'}qz7m3kx5twnb2rvd`,
    `${'AKIA'}IOSFODNN7EXAMPLE`,
    `${'AKIA'}${'X'.repeat(16)}`,
    'AKIA is the prefix of an access key',
  ],
});

/** The check of a candidate: no row of one letter, no counting, no word for a sample. */
function isSpread(candidate: string): boolean {
  return shannonBits(candidate) >= 2 && !isPlaceholder(candidate);
}
