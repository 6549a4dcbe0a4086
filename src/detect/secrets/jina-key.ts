import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'jina-key',
  family: 'secret',
  summary: 'Jina AI API keys: prefix jina_ with 32 hexadecimal digits and 28 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // jina.ai/embeddings.
  pattern: /\bjina_[a-f0-9]{32}[A-Za-z0-9_-]{27}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export JINA_API_KEY='${'jina_'}40de26b14a48b812135ef922c06433d6${'4J75'}QTkL1pJxzFyUJ01OPey51tu5'; make deploy`,
    `{"token":"${'jina_'}4f2ec9a0c0fe043165703fda5e3d5efa${'tl7M'}QLkZCj1gngzMNHOcx6yPNU5X"}`,
    `my Jina key is ${'jina_'}095f4df4ed4c26ae5ceb8fcb72fa0e26${'Sy7Z'}QIkaFR6zIWU2GKze4PmMmEVg, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'jina_'}d07b2b024038d53a6523853914a13b35${'SC7R'}QPk0rzSxzvVQ7sdYvR7DlUsv" https://api.example.org/v1`,
    `${'jina_'}cd1d4b007a374fa7ab645c67298423c3${'T67q'}Qvkj9FPLfijapJucZGtKcKb4`,
  ],
  ignores: [
    `${'jina_'}Mk7GQTknbCbQBiowA_Yg3HpGRiNcE6VJNbRFDhxuXM3EC`,
    `${'jina_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'jina_'}eddcd033841fdb19d788da7862205088${'Ve77'}QekUbeMFBq5-fHvHTr3Rp2O5`,
    'tokens of Jina begin with jina_ and are kept in the vault',
    'JINA_API_KEY=<your Jina key>',
  ],
});
