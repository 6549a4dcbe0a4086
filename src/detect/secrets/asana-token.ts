import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'asana-token',
  family: 'secret',
  summary: 'Asana personal access tokens: a digit, one or two ids and 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\b[012]\/\d{15,17}(?:\/\d{15,17})?:[0-9a-f]{32}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export ASANA_TOKEN="${'1/'}1600352422126053:3bfa427279d622a6c6c9a8ec4570f740"`,
    `curl -H "X-Token: ${'2/'}6243764834957452/6644273484216512:f89e70be620617acb9143b04a48c46e9" https://api.example.com/v1`,
    `{"token":"${'0/'}1513562896073303:c1813804878d82715f28110facd5c364"}`,
    `asana_token: '${'1/'}3070520973278640:31d5864cbe689013929208fb72171bef'`,
  ],
  ignores: [
    '1/1203948576102938',
    'page 1/2:3f786850e387550fdab836ed7e6dc881',
    'ASANA_TOKEN=process.env.ASANA_TOKEN',
    'asana_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'request 9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a took 12 ms',
  ],
});
