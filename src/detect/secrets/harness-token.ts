import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'harness-token',
  family: 'secret',
  summary: 'Harness personal and service account tokens: pat. or sat. with account, id and secret.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // developer.harness.io, "API keys".
  pattern: /\b[ps]at\.[A-Za-z0-9_-]{22}\.[a-f0-9]{24}\.[A-Za-z0-9]{20}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `HARNESS_API_KEY="${'pat.'}Kk7YQXkebJ5YPvou1GTubW.${'3688'}2b5108333ea4a76294bc.${'jq7F'}QbkjLPTTFFYeB9Zo"`,
    `token: ${'pat.'}ZW7YQJk97FeTA1q-MobxDC.${'d42a'}2540b44e4d88a09e7458.${'wC7I'}QzkSarWQuFFsoNCH\nregion: eu`,
    `my Harness key is ${'pat.'}YJ70QGkDKz_aHuu9XrokDs.${'98c6'}58e90735233ee1c02927.${'gf7z'}QEk6xQDuqZAYBSDa, what do I do with it?`,
    `client = Client("${'pat.'}od7VQUkvP-BqZteyZFt7rM.${'d6a6'}8268fc45fab2b37b79d1.${'TQ7d'}QEk0KtsY5clP3xEl")`,
    `(${'pat.'}z-7SQakMlKJeIgCKvx-1zW.${'9ce0'}a9c3b79340af86ed5dec.${'Xw7W'}QckIh5rFdsvTVnqb)`,
  ],
  ignores: [
    `${'pat.'}D47UQbkrlxTo570vbMvh4fpJeGQO1nSta5PsNAMZ8MPSNhVcowX4UiEskeVqNw5Duz6`,
    `${'sat.'}xxxxxxxxxxxxxxxxxxxxxx.000000000000000000000000.xxxxxxxxxxxxxxxxxxxx`,
    `a${'pat.'}jc7UQ9kueEfPV0FzBKEMoj.${'b9ff'}22abd151b43a0b803831.${'bq7n'}QQkGPRyJ40xbszYW`,
    'tokens of Harness begin with pat. and are kept in the vault',
    'HARNESS_API_KEY=<your Harness key>',
  ],
});
