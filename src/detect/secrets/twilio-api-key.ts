import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'twilio-api-key',
  family: 'secret',
  summary: 'Twilio API key ids: SK and 32 hexadecimal digits.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.85,
  pattern: /\bSK[0-9a-f]{32}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'SK'}97950af1805dab101a423c1873148bd1"}`,
    `TWILIO_API_KEY=${'SK'}7cc82d22c975e8196a6afe77194228bd`,
    `--token ${'SK'}88711013a30e90209717463cc9619745 --verbose`,
    `twilio_api_key: '${'SK'}04b0e441d679d23dfb50b21ee7e4322a'`,
  ],
  ignores: [
    `${'SK'}3d39991`,
    `x${'SK'}3d399913d399d42b48d0bb630bc14217`,
    `${'SK'}${'x'.repeat(32)}`,
    'SK is how such a token begins',
    'AC3f786850e387550fdab836ed7e6dc881',
    'TWILIO_API_KEY=process.env.TWILIO_API_KEY',
  ],
});
