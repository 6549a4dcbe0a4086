import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'xendit-key',
  family: 'secret',
  summary: 'Xendit secret keys: xnd_, the environment and 40 to 80 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.xendit.co, "API keys"; keys of pages are xnd_public_.
  pattern: /\bxnd_(?:production|development)_[A-Za-z0-9]{40,80}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `XENDIT_SECRET_KEY=${'xnd_production_'}qapmxHcerchbMm00daHQhvviVzGEPQ443VSgPL37GwIKfphACqwVNjvJ`,
    `{"token":"${'xnd_production_'}arTj4qzGwNuXrT0CHe7jD2OMltnragHzQaQu0K4pFpLuBjshRsEJ1YVM"}`,
    `my Xendit key is ${'xnd_development_'}NIgtNRU5lRAcJ9cfkBxlGjRgM1Ogn6lv7T8vUulj6EpGt6snSoWM8JNe, what do I do with it?`,
    `client = Client('${'xnd_development_'}YDa51wZJzbperT0szQIYZpyJJIZWcdl1R8vccBqsSRwskKppV8RBppg6')`,
  ],
  ignores: [
    `${'xnd_development_'}pHV3pPLaFBHiWIjFes`,
    `${'xnd_development_'}00000000000000000000000000000000000000000000000000000000`,
    `q${'xnd_production_'}jkW9Aw0aMzpqzb0p17DFugyetHFPJJ7Vv3U8yEeXmUTf7e9ALrS3B9vC`,
    'a key of Xendit begins with xnd_development_ and is kept in the vault',
    'XENDIT_SECRET_KEY=<your Xendit key>',
  ],
});
