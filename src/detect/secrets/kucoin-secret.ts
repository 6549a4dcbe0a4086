import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'kucoin-secret',
  family: 'secret',
  summary: 'KuCoin API keys and secrets, by the name of the service: 24 hexadecimal digits, or a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: assignment('\\bkucoin[\\w .-]{0,12}(?:key|token|secret)', '\\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-f0-9]{24})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `KUCOIN_API_SECRET=${'d7747c'}ba-96fb-40a3-a6f5-b76159fc568f`,
    `{"kucoinToken": "${'9b74e4'}93-e272-49e0-acb9-d2806fdca2b5"}`,
    `KuCoin token is ${'32bd1f'}11-36fd-4c44-ab42-62b2a62d636a`,
    `KUCOIN_API_SECRET = '${'3a98ed'}d0-c3b7-4a3f-a82d-66345b32f54b'`,
  ],
  ignores: [
    'KUCOIN_API_SECRET=process.env.KUCOIN_API_SECRET',
    'KUCOIN_API_SECRET=<your KuCoin key>',
    `checksum=${'7e740e'}ad-d785-45f1-a2ff-3616478db0e0`,
    `KUCOIN_API_SECRET=${'x'.repeat(36)}`,
    `KuCoin answered in 120 ms, request ${'7e740e'}ad-d785-45f1-a2ff-3616478db0e0`,
    'kucoinToken=7e740ead-',
  ],
});
