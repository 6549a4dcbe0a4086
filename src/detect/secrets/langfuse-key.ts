import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'langfuse-key',
  family: 'secret',
  summary: 'Langfuse secret keys: prefix sk-lf- and a UUID; public keys (pk-lf-) pass.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // langfuse.com/docs: the secret half of a project key pair.
  pattern: /\bsk-lf-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `LANGFUSE_SECRET_KEY="${'sk-lf-'}157a76b8-a426-4acf-afc9-4f97eaddc895"`,
    `{"token":"${'sk-lf-'}54be0593-1772-4d9b-a2a0-effebeadf110"}`,
    `my Langfuse key is ${'sk-lf-'}642ef6ff-e33f-4ada-ab4e-88ef148219d2, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'sk-lf-'}9998252d-e4c5-40c8-a521-c8334e0aed11" https://api.example.org/v1`,
    `(${'sk-lf-'}38a4943b-10fd-41ad-aa45-3ce687d4e3ff)`,
  ],
  ignores: [
    `${'sk-lf-'}985cc28a9418a512ca51`,
    `${'sk-lf-'}xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`,
    `a${'sk-lf-'}62be5b53-da1f-4865-af2b-a9d256c22517`,
    'tokens of Langfuse begin with sk-lf- and are kept in the vault',
    'LANGFUSE_SECRET_KEY=<your Langfuse key>',
    `LANGFUSE_PUBLIC_KEY=${'pk-lf-'}77e5e815-09f1-4df4-a27f-249b7054aac1`,
    `${'sk-lf-'}00000000-0000-0000-0000-000000000000`,
  ],
});
