import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'logfire-token',
  family: 'secret',
  summary: 'Pydantic Logfire tokens: pylf_v1, the region and 40 to 50 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // logfire.pydantic.dev/docs.
  pattern: /\bpylf_v\d_(?:us|eu|unknown)_[A-Za-z0-9]{40,50}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `LOGFIRE_TOKEN=${'pylf_v1_eu_'}QxjHwAwEcVcvJM6PMRw9yQScifiQpPi0p3HKbVVbiAL`,
    `{"token":"${'pylf_v1_eu_'}POPxDpodJiF0LdE3kqIiFxNWwK0Co24flD3AkHVIEjz"}`,
    `my Logfire key is ${'pylf_v1_eu_'}3OelOjAFPCEcM8qCvZxRJ5XhTIgnMahAKVJkKf4NBfy, what do I do with it?`,
    `client = Client('${'pylf_v1_eu_'}ABAhcXRcQ330hHWA08ABIY9iXKfB4uw9MsjKQjwJhcV')`,
  ],
  ignores: [
    `${'pylf_v1_eu_'}ux8X8lrFuvlAdb`,
    `${'pylf_v1_eu_'}0000000000000000000000000000000000000000000`,
    `q${'pylf_v1_eu_'}aS0ofWC64E6aACI8oSeQeHzzLlqCLYwk5BYcqPVnUY9`,
    'a key of Logfire begins with pylf_v1_eu_ and is kept in the vault',
    'LOGFIRE_TOKEN=<your Logfire key>',
  ],
});
