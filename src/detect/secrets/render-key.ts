import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'render-key',
  family: 'secret',
  summary: 'Render API keys: prefix rnd_ and 32 letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.93,
  // render.com/docs/api.
  pattern: /\brnd_[A-Za-z0-9]{32}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `RENDER_API_KEY=${'rnd_'}Eg76QikCEMR1LYHRFR5FTxuXPapM7W8v`,
    `{"token":"${'rnd_'}BJ7qQpkXLBhL9EKEgRLjlXgg8R0pdBAo"}`,
    `my Render key is ${'rnd_'}NJ7xQIkcbW2RuOZ1NtgaLh4yloFviMZA, what do I do with it?`,
    `client = Client("${'rnd_'}ZS7dQlk0FjSpFyfsA2ktrPxN3ElWaQXQ")`,
    `(${'rnd_'}kQ79QDkh2rLn7fNT5f5lXkkTct3K9mJN)`,
  ],
  ignores: [
    `${'rnd_'}NF7JQRkKxYXvRlBkeFChye5XeneDBFh`,
    `${'rnd_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'rnd_'}B47kQqkeUBn5UDbENxcbFfxSvqLxqDcq`,
    'tokens of Render begin with rnd_ and are kept in the vault',
    'RENDER_API_KEY=<your Render key>',
  ],
});
