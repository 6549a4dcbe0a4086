import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'meraki-key',
  family: 'secret',
  summary: 'Cisco Meraki API keys, by the name of the product: 40 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: assignment('(?:\\b|_)meraki[\\w .-]{0,8}(?:key|token|secret|api)?|x-cisco-meraki-api-key', '\\b[0-9a-f]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `MERAKI_API_KEY=${'031074'}c0f44db0299a3f005a1806409155f2b935`,
    `{"merakiApiKey": "${'d154c2'}a4b5662dd94c5125aa146a97fee713ddad"}`,
    `X-Cisco-Meraki-API-Key: '${'07818a'}2881493ed6a7a1447db2ecb7f9a6892a1d'`,
    `MERAKI_API_KEY = '${'1a2363'}fd2c3df4cd8fed0fe89dda9dca162d4686'`,
  ],
  ignores: [
    `AcmeCameraKit: ${'f15a5b'}04b0f6dc6073e6db0296e6ef2d8b8d2522`,
    'MERAKI_API_KEY=process.env.MERAKI_API_KEY',
    'MERAKI_API_KEY=<your Meraki key>',
    `checksum=${'5b38ff'}3487a74297497711bd591a81ff22081838`,
    `MERAKI_API_KEY=${'x'.repeat(40)}`,
    `Meraki answered in 120 ms, request ${'5b38ff'}3487a74297497711bd591a81ff22081838`,
    'merakiApiKey=89941bdd40b9f1fd3f6',
  ],
});
