import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'axiom-token',
  family: 'secret',
  summary: 'Axiom API and personal tokens: prefix xaat- or xapt- and a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // axiom.co/docs/reference/tokens.
  pattern: /\bxa[ap]t-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `AXIOM_TOKEN=${'xapt-'}65ba5e39-6a9d-70aa-5d98-c7976d7539f5`,
    `{"token":"${'xapt-'}e2d7c9cb-4d39-06f4-017a-3ce24a7a6e1c"}`,
    `my Axiom key is ${'xaat-'}2af08f21-cb56-e01a-1634-f8e57870b4af, what do I do with it?`,
    `client = Client('${'xapt-'}1cccab4f-92d2-bbc1-de56-2d6d244b32ca')`,
  ],
  ignores: [
    `${'xapt-'}2f370997-b51`,
    `${'xapt-'}00000000-0000-0000-0000-000000000000`,
    `q${'xapt-'}1f4ae741-32e5-3535-07ba-f97eab618acb`,
    'a key of Axiom begins with xapt- and is kept in the vault',
    'AXIOM_TOKEN=<your Axiom key>',
  ],
});
