import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'apify-token',
  family: 'secret',
  summary: 'Apify API tokens: prefix apify_api_ and 36 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // docs.apify.com/platform/integrations/api.
  pattern: /\bapify_api_[A-Za-z0-9]{34,40}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `APIFY_TOKEN=${'apify_api_'}Tqq2NxN6dkTCwganNFGSzwxf6xouHcPQM3kJ`,
    `{"token":"${'apify_api_'}5YrnK9bYSE7CFWdikUkj5xcTfMgC1h83F42B"}`,
    `my Apify key is ${'apify_api_'}Bpa6X3J1eDjAOj7PuiCaZLOFujT5kzinL1B0, what do I do with it?`,
    `client = Client('${'apify_api_'}zeIVvWKIRFQS3R9jlK3IhQTOcKUqmcVpBSiS')`,
  ],
  ignores: [
    `${'apify_api_'}7QPDBhPdpwye`,
    `${'apify_api_'}000000000000000000000000000000000000`,
    `q${'apify_api_'}N1pZ7dlojyQ0WqlPAZ6vNAUDtwAq0LpjQfmE`,
    'a key of Apify begins with apify_api_ and is kept in the vault',
    'APIFY_TOKEN=<your Apify key>',
  ],
});
