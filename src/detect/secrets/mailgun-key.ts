import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mailgun-key',
  family: 'secret',
  summary: 'Mailgun private keys: key- and 32 hexadecimal digits, or three groups of them where the service is named.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b(?:key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})\b/,
  check: looksRandom,
  nearby: ['mailgun', 'mg_', 'api:key-'],
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `MAILGUN_API_KEY=${'key-'}0808929c5b4f67df808b475e7c867afd`,
    `mailgun.client({ username: "api", key: "${'8feb47'}3b7b75bd6e4ae50513eb042847-7baf7040-12a1fd96" })`,
    `curl -u 'api:${'key-'}4e64f5dd4b1c6bc6161465731486fcb9' https://api.mailgun.net/v3`,
    `{"mailgun":"${'87f783'}4515b3e97d144835bd12637e25-189937c1-bd9e748a"}`,
  ],
  ignores: [
    'mailgun: key-of-the-day',
    'key-3f786850e387550fdab836ed7e6dc881 of the cache',
    'MAILGUN_KEY=process.env.MAILGUN_KEY',
    'mailgun_key: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'request 9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a took 12 ms',
  ],
});
