import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'vault-legacy-token',
  family: 'secret',
  summary: 'HashiCorp Vault tokens from before prefixes: s., b. or r. and 24 characters, near the word vault.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.9,
  // developer.hashicorp.com/vault, tokens until 1.9; method calls look similar, hence word, digit and mixed case.
  pattern: /\b[sbr]\.[A-Za-z0-9]{24}\b/,
  check: looksRandomMixed,
  nearby: ['vault'],
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `VAULT_TOKEN=${'s.'}yS7eQGkEsYxsMriYieISCFN1`,
    `vault login ${'s.'}ou7NQUkPLdpt3xkpUrPGtY5N`,
    `X-Vault-Token: ${'s.'}zW7LQtkrDhoEeKgFOIPBG4jP`,
    `"vault": {"token": "${'b.'}tU77Q5kQQ0AuaYK8BXdRMcQ3"}`,
  ],
  ignores: [
    'VAULT_TOKEN=s.xxxxxxxxxxxxxxxxxxxxxxxx',
    'vault: s.thisstringisalllowercase',
    'vault s.makeKubeConfigController = args',
    `key ${'s.'}2V71QbkYa4gXOrSGABUX7SbZ`,
    `vault ${'s.'}ZE7OQ5kcjoM7IO9Jw5OW`,
  ],
});
