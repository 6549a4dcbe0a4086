import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'newrelic-key',
  family: 'secret',
  summary: 'New Relic user, insert, admin, synthetics and licence keys. Browser keys are public.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern:
    /\b(?:NRAK-[A-Z0-9]{27}|NRI[IQ]-[A-Za-z0-9_-]{32}|NRAA-[0-9a-f]{27}|NRSP-[a-z]{2}\d{2}[0-9A-Z]{20,60}|(?:eu01xx|[0-9a-f]{6})[0-9a-f]{30}(?:NRAL|FFFF[0-9a-f]{0,4}NRAL))\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `NEWRELIC_KEY=${'NRAK-'}3VSEC5NXXO9N23O3EZLXE5D3GPX`,
    `const client = new Client("${'NRII-'}SM2-I09Nr74_V1RvEbSTcIbniaGUq8w7");`,
    `{"token":"${'NRAA-'}87ed87179c7e1dd206c7d146b02"}`,
    `newrelic_key: '${'eu01xx'}cdfce3fe41de7746dbb6e692e622a2NRAL'`,
  ],
  ignores: [
    `${'NRAK-'}T6J1G`,
    `x${'NRAK-'}T6J1GW41AFNN2M81QDBE79827OH`,
    `${'NRAK-'}${'x'.repeat(27)}`,
    'NRAK- is how such a token begins',
    'NRJS-3f786850e387550fdab',
    'NEWRELIC_KEY=process.env.NEWRELIC_KEY',
  ],
});
