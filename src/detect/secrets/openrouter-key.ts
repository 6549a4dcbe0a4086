import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'openrouter-key',
  family: 'secret',
  summary: 'OpenRouter API keys: prefix sk-or-v1- and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // openrouter.ai/docs, "Authentication".
  pattern: /\bsk-or-v1-[a-f0-9]{64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export OPENROUTER_API_KEY='${'sk-or-v1-'}fd28dcf92b8c6ec9497ee7b3c40701ea66479e935d19b32c35c02bbcabdad396'; make deploy`,
    `token: ${'sk-or-v1-'}40469844ae0e290349e1e7f253b17871c54f53d12651e00a8a11e4817e0da18e\nregion: eu`,
    `my OpenRouter key is ${'sk-or-v1-'}d91e503a294e4ff6c509820fa97f55ef6ff271822d75b2a0d310c96f1c160e4a, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'sk-or-v1-'}e3802f6039944381cedd05b0d02c20e5dcdadf97ef90d40d002bd342253c9eb3" https://api.example.org/v1`,
    `(${'sk-or-v1-'}9be127357ad8a03414ea36f28a7b5d5b338655c1920577962357f051812e5adb)`,
  ],
  ignores: [
    `${'sk-or-v1-'}e4382d6ff9fc27bd579b60cbd916d0b9ff9ef8bbef9762e5a5790c1f7d8221d`,
    `${'sk-or-v1-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'sk-or-v1-'}e238934b0c00a0c320bc2995398e1b388bf456e1904cc026d536fe2e6d2e923e`,
    'tokens of OpenRouter begin with sk-or-v1- and are kept in the vault',
    'OPENROUTER_API_KEY=<your OpenRouter key>',
  ],
});
