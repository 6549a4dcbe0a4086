import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'context7-key',
  family: 'secret',
  summary: 'Context7 API keys: prefix ctx7sk- and a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // context7.com/docs.
  pattern: /\bctx7sk-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `CONTEXT7_API_KEY=${'ctx7sk-'}18bf3b3f-4ebd-1619-686e-196d4f399fb8`,
    `{"token":"${'ctx7sk-'}ceed4879-8e58-3617-bb3a-0984b0d96bc5"}`,
    `my Context7 key is ${'ctx7sk-'}50d6e718-04b3-e00b-a113-96bc1bf8bfeb, what do I do with it?`,
    `client = Client('${'ctx7sk-'}d4ca62af-1a8b-d20f-8db6-c12215f4159d')`,
  ],
  ignores: [
    `${'ctx7sk-'}f61d423a-296`,
    `${'ctx7sk-'}00000000-0000-0000-0000-000000000000`,
    `q${'ctx7sk-'}a33790ab-2c50-98ab-38e8-8cf387af713e`,
    'a key of Context7 begins with ctx7sk- and is kept in the vault',
    'CONTEXT7_API_KEY=<your Context7 key>',
  ],
});
