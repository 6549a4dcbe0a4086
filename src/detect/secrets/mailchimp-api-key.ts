import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mailchimp-api-key',
  family: 'secret',
  summary: 'Mailchimp API keys: 32 hexadecimal digits and the data centre.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b[0-9a-f]{32}-us\d{1,2}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export MAILCHIMP_API_KEY="${'fd18ec'}6120b9ff4250429d2d6b730574-us14"`,
    `const client = new Client("${'1aac8f'}392e858970c9340db190a95b1c-us6");`,
    `Authorization: Bearer ${'d759eb'}5f33e607da7b104871d6c25e5f-us14`,
    `| MAILCHIMP_API_KEY | ${'a17662'}e982efeeb6997d76d90462aaea-us6 |`,
  ],
  ignores: [
    '3f786850e387550fdab836ed7e6dc881-us-east-1',
    'the bucket is in us-east-1',
    'md-grid-list-with-columns-and-rows',
    'MAILCHIMP_API_KEY=process.env.MAILCHIMP_API_KEY',
    'mailchimp_api_key: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
