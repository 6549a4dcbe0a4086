import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'llamacloud-key',
  family: 'secret',
  summary: 'LlamaCloud API keys: prefix llx- and 48 letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.cloud.llamaindex.ai.
  pattern: /\bllx-[A-Za-z0-9]{48}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `LLAMA_CLOUD_API_KEY=${'llx-'}wF70QdkiACtQCzKO322ekkC1CHrRAieyOuBWNBb9JxaQEiV3`,
    `token: ${'llx-'}vp7gQXkVWyvIS8ttOStYtBvrEQWYcwMl3tDxIp3emLhKZEoz\nregion: eu`,
    `my LlamaCloud key is ${'llx-'}uo7DQSkcM1ir8pjZ6DALeYJ6Lzu72NjVMQGZ5SFXFsbm3fCF, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'llx-'}x77mQ8kWEQiCRkwaWLIqQA1kBEc55lfdVUklrc01xhLFUOCN" https://api.example.org/v1`,
    `(${'llx-'}bq7oQOkuYCqA3TkVH8SAomWWAHA8Y0BIwGFMRk1Btn94ExKd)`,
  ],
  ignores: [
    `${'llx-'}6L7aQFkPKdmXiAEDgz7gfwxcUcP2m3Yf7G05ECqcO0dc802`,
    `${'llx-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'llx-'}Am7sQSkBfIECPWfCYZxnDnZST1FgvP3ZQF5RQJoiopWTc8WC`,
    'tokens of LlamaCloud begin with llx- and are kept in the vault',
    'LLAMA_CLOUD_API_KEY=<your LlamaCloud key>',
  ],
});
