import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'tavily-key',
  family: 'secret',
  summary: 'Tavily search API keys: prefix tvly- (or tvly-dev-, tvly-prod-) and 32 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.tavily.com.
  pattern: /\btvly-(?:(?:dev|prod)-)?[A-Za-z0-9]{32}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export TAVILY_API_KEY='${'tvly-'}ki7EQRkJXeOYyILWiaJx8izUGGLLSUur'; make deploy`,
    `{"token":"${'tvly-'}dh7nQqkB5GlrjiaBlIe5TrmzhbGtNoFi"}`,
    `my Tavily key is ${'tvly-'}R47GQVkkCTXJjxyxXMFtSaQuO7OjG9Q9, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'tvly-'}4O7lQWkLx5DNNkUoZdlGENe6DpaIa9mj" https://api.example.org/v1`,
    `(${'tvly-'}PM7KQ0kbpgCRqr3PyxKWESfgZzB5g4fL)`,
    `TAVILY_API_KEY=${'tvly-'}dev-${'lE7n'}Q0kHhJFaHiXCnyby90ncjwb3uOxe`,
  ],
  ignores: [
    `${'tvly-'}pN76QWkUVK2n69K8joV6mNdFkJdr0rr`,
    `${'tvly-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'tvly-'}Qm7BQ6kfT543PDSTpuaWveM8Qi4NpQuK`,
    'tokens of Tavily begin with tvly- and are kept in the vault',
    'TAVILY_API_KEY=<your Tavily key>',
  ],
});
