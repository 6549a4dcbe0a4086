import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'inngest-signing-key',
  family: 'secret',
  summary: 'Inngest signing keys: signkey, the environment and 32 to 64 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // inngest.com/docs/platform/signing-keys.
  pattern: /\bsignkey-(?:prod|test|branch)-[0-9a-f]{32,64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `INNGEST_SIGNING_KEY=${'signkey-prod-'}ce9b2902fa05060a569d9980424aba890d74cb0ebcdfa00db8214b33ab16140c`,
    `{"token":"${'signkey-prod-'}e9b94efc3b2b3cd54ee81d8ad64ef60609dfcfb60cc0dbf07b27eb7b2798d7b7"}`,
    `my Inngest key is ${'signkey-prod-'}c310aa69e333b05e91fc2b7372ea361d36261f3dcbfdf13e793b007d528446be, what do I do with it?`,
    `client = Client('${'signkey-prod-'}05eb30b53d242fc423d60cdab8bef78bb672de172a2d38d0dba9089dae755702')`,
  ],
  ignores: [
    `${'signkey-prod-'}dbceea97414070cd33e40`,
    `${'signkey-prod-'}0000000000000000000000000000000000000000000000000000000000000000`,
    `q${'signkey-prod-'}9ffc25ffdc5582598c2a38195d97b3efadb5d95fd1343081a283872ff892ff68`,
    'a key of Inngest begins with signkey-prod- and is kept in the vault',
    'INNGEST_SIGNING_KEY=<your Inngest key>',
  ],
});
