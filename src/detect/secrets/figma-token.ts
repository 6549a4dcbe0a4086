import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'figma-token',
  family: 'secret',
  summary: 'Figma personal access tokens and OAuth tokens: figd_, figo_, figu_ and more.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\bfig[dour]{1,2}_[A-Za-z0-9_-]{38,50}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export FIGMA_TOKEN="${'figd_'}Zd2UrjbTy57R3prLUs_CB5i4JGiBSGX6eTLb8QVx"`,
    `Authorization: Bearer ${'figu_'}7q1HuZEvWtew1GYJ_H_1WwBTMuyA1BaljEZMzKH0`,
    `--token ${'figd_'}66-95YHVU1yA34OnhowYv5xO-9MzE9rcN_J7zeOHZRy --verbose`,
    `| FIGMA_TOKEN | ${'figd_'}yQUSoG8BNkMZ4YpSl5YYFzHNodfcI1Cg4qURp71v |`,
  ],
  ignores: [
    `${'figd_'}rZYYxfaIs`,
    `x${'figd_'}rZYYxfaIsp1o66PHL-Rwpu3_1gunv392eM2lQG4y`,
    `${'figd_'}${'x'.repeat(40)}`,
    'figd_ is how such a token begins',
    'FIGMA_TOKEN=process.env.FIGMA_TOKEN',
    'figma_token: <your token>',
  ],
});
