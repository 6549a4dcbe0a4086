import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mollie-key',
  family: 'secret',
  summary: 'Mollie API keys and access tokens, where the service is named.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b(?:live|test|access)_[A-Za-z0-9]{30,48}\b/,
  check: looksRandom,
  nearby: ['mollie'],
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `MOLLIE_API_KEY=${'live_'}r7QJOs4a3aZP5YerLHYyqVOkraSV2O`,
    `mollieClient({ apiKey: '${'test_'}r7QjJ9Z3lXGN7aVzrQZzjhzAGRxt9S' })`,
    `our Mollie key is ${'access_'}r7QQ9uTRTHuUvqBWQgqcP4LGTlO7cpdxkXRL6Erv now`,
    `{"mollie":{"key":"${'live_'}r7Q4yADGs0WPozzjsMqX6waYblbPmo"}}`,
  ],
  ignores: [
    'mollie: the test_suite_that_runs_every_single_night_at_two',
    'test_thisIsALongNameOfAFunctionInAFile1',
    'MOLLIE_KEY=process.env.MOLLIE_KEY',
    'mollie_key: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'request 9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a took 12 ms',
  ],
});
