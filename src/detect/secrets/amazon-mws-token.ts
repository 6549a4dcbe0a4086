import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'amazon-mws-token',
  family: 'secret',
  summary: 'Amazon Marketplace and Login with Amazon secrets: auth tokens, client secrets and refresh tokens.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // developer-docs.amazon.com/sp-api.
  pattern: /\b(?:amzn\.mws\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|amzn1\.oa2-cs\.v1\.[0-9a-f]{64})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `AMAZON_CLIENT_SECRET=${'amzn.mws.'}73929a75-52bc-df8e-76e7-d9abfc6cfbf3`,
    `{"token":"${'amzn1.oa2-cs.v1.'}7139e0f05cb07947c8f5664027fcc17152272ec924358a2f15c7c830a7b51115"}`,
    `my Amazon key is ${'amzn.mws.'}a5c39aaf-82ab-a8b4-b8ae-ccf7a8e381fb, what do I do with it?`,
    `client = Client('${'amzn1.oa2-cs.v1.'}9aa8053e9e2e6b0860e9dcde53db12034676408d5fdd2830763f6d4cd6ac6489')`,
  ],
  ignores: [
    `${'amzn.mws.'}844e8cd7-747`,
    `${'amzn.mws.'}00000000-0000-0000-0000-000000000000`,
    `q${'amzn.mws.'}2d636a3a-98ed-d0c3-b7a3-f98782d66345`,
    'a key of Amazon begins with amzn.mws. and is kept in the vault',
    'AMAZON_CLIENT_SECRET=<your Amazon key>',
  ],
});
