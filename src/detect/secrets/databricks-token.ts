import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'databricks-token',
  family: 'secret',
  summary: 'Databricks personal access tokens: dapi and 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bdapi[0-9a-f]{32}(?:-\d)?\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `the key is ${'dapi'}0d5839b2a4a6dfcfd71aa42c860b70cb, please rotate it`,
    `databricks_token: '${'dapi'}b77c6309a12e06963e549410970afa9c-2'`,
    `Authorization: Bearer ${'dapi'}7ef8f0b5f9468d019c9c44812201df71`,
    `--token ${'dapi'}c8606c03b7a06e639e8d988ddc84e129-2 --verbose`,
  ],
  ignores: [
    `${'dapi'}9024d98`,
    `x${'dapi'}9024d985e5013204a328cbe6386ec3ca`,
    `${'dapi'}${'x'.repeat(32)}`,
    'dapi is how such a token begins',
    'dapi0c9e1f2a3b4c5d6e7f8091a2b3c4dxyz',
    'dose3f786850e387550fdab836ed7e6dc881',
  ],
});
