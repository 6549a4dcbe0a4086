import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ramp-secret',
  family: 'secret',
  summary: 'Ramp client secrets: prefix ramp_sec_ and 40 to 60 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.97,
  // docs.ramp.com/developer-api.
  pattern: /\bramp_sec_[A-Za-z0-9]{40,60}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `RAMP_CLIENT_SECRET=${'ramp_sec_'}lIk42Nor1nqwqjv8LORF8lRYbchRmWzysXFwTvFW6KAsqIIX`,
    `{"token":"${'ramp_sec_'}IQB97tTnAXXMu7U6K7CwoAykTlRskPEd96ZFwN9SMkrIX6lZ"}`,
    `my Ramp key is ${'ramp_sec_'}OXRusZwSl35jCV5VBhjbW83VrHlTs620Uo8JPczze0tM8GeP, what do I do with it?`,
    `client = Client('${'ramp_sec_'}4ohoc0d9xOB6Otfai2twd9Gq16CFmdJLTVuiynny5ulj3DS0')`,
  ],
  ignores: [
    `${'ramp_sec_'}ldfYz9OvdYqYHSRw`,
    `${'ramp_sec_'}000000000000000000000000000000000000000000000000`,
    `q${'ramp_sec_'}gX0fQXMBJrkrb0h7nThkKUCz8tbVWN2uvsEAVUnGCFGVAHyT`,
    'a key of Ramp begins with ramp_sec_ and is kept in the vault',
    'RAMP_CLIENT_SECRET=<your Ramp key>',
  ],
});
