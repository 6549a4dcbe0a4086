import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ai21-key',
  family: 'secret',
  summary: 'AI21 API keys, by the name of the service: 32 letters and digits or a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.ai21.com.
  pattern: assignment('ai21[\\w .-]{0,8}(?:key|token|secret)', '\\b(?:[A-Za-z0-9]{32}|[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `AI21_API_KEY=${'B877'}Quk2GresHReRKTWCOJhnFrNTM2bJ`,
    `{"ai21ApiKey": "${'8H7W'}QtkIQMzgFG0vEW418ZkaNexYFEHn"}`,
    `export AI21_API_KEY='${'Oo7j'}Q7kfjGnVZ3PVVd8eYzv8b5KgzyaG'; make deploy`,
    `ai21_api_key: ${'m07o'}QZk5xBY8N8JoR3zj8FAf3NFZnkd2\nregion: eu`,
  ],
  ignores: [
    'AI21_API_KEY=process.env.AI21_API_KEY',
    'AI21_API_KEY=<your AI21 key>',
    `checksum=${'du76'}QvkiXe6XmG8QDgiemz04iG0r94Pj`,
    'AI21_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `AI21 answered in 120 ms, request ${'aD7Y'}QukIdG1HMR4cC8t7xCRuQZlp6H1W`,
    `ai21ApiKey=${'PH7R'}Q2kruba6VLsAQZal8vVCTZmNw`,
  ],
});
