import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'netbird-token',
  family: 'secret',
  summary: 'NetBird personal access tokens: prefix nbp_ and 36 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  // docs.netbird.io/how-to/access-netbird-public-api.
  pattern: /\bnbp_[A-Za-z0-9]{36}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `NETBIRD_TOKEN=${'nbp_'}R1RzuNNlIFwYYgYmmdxjJu0XKTeZGVvvogDI`,
    `{"token":"${'nbp_'}yKqX44bm2k8lWcdxGJ9RZr7moywj7DhV109p"}`,
    `my NetBird key is ${'nbp_'}fmO7L4s89bfJbbvNlJoHhx9ldwVPSqagXIDa, what do I do with it?`,
    `client = Client('${'nbp_'}U7sh3TI1EW144vR8TctNKT1B7Bz5AnGIEWNP')`,
  ],
  ignores: [
    `${'nbp_'}gemnC5sp6yAi`,
    `${'nbp_'}000000000000000000000000000000000000`,
    `q${'nbp_'}F9O8pVw0I7BJ5ZhzMhlANuO2gR5AUwSiciZA`,
    'a key of NetBird begins with nbp_ and is kept in the vault',
    'NETBIRD_TOKEN=<your NetBird key>',
  ],
});
