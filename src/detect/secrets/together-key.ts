import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'together-key',
  family: 'secret',
  summary: 'Together AI API keys with the prefix tgp_v1_ and 43 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.together.ai; keys without the prefix are 64 hexadecimal digits, see `together-legacy-key`.
  pattern: /\btgp_v1_[A-Za-z0-9_-]{42}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `TOGETHER_API_KEY="${'tgp_v1_'}vA7CQ6kWOSa6r1KAWZjInPwNIB_Jva6AcAT9vM3fEG3"`,
    `{"token":"${'tgp_v1_'}KJ7AQekYf-2hehcqedXkOThc_T2Q2zGXezWkagc0e0G"}`,
    `my Together key is ${'tgp_v1_'}5B74QDk16729h6EJOz7ElMsgbWfdPc3D7LpVquj6OHP, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'tgp_v1_'}dJ7JQxkzy_ZwRGpZmJMwTTmpsrU4b4CCQnSIbjiUKPG" https://api.example.org/v1`,
    `${'tgp_v1_'}OT7TQok5vP9BAZbo_p5IP91jJSGB6k1j5gWN68HkRiy`,
  ],
  ignores: [
    `${'tgp_v1_'}UV7lQQkS_TQJoBEqjfgYkY8k1ZUaVYF46rKfkWz_LC`,
    `${'tgp_v1_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'tgp_v1_'}oB7wQDkzJk8GIHCXZmpqkWXox-x3yZ_mM0rZLj7u0DB`,
    'tokens of Together begin with tgp_v1_ and are kept in the vault',
    'TOGETHER_API_KEY=<your Together key>',
  ],
});
