import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'trello-token',
  family: 'secret',
  summary: 'Trello tokens: ATTA and 72 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bATTA[0-9a-f]{64}[0-9A-F]{8}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `TRELLO_TOKEN=${'ATTA'}ba23b20b2166969149ee6d74a74d761a977350431510b4e061ec6465ae4101731A2B3C4D`,
    `Authorization: Bearer ${'ATTA'}53c0a70ebb3da32651feb670a99fc357adb928fa44b5c668491a2ce36e339e181A2B3C4D`,
    `curl -H "X-Token: ${'ATTA'}d561125da1dc8bbc9ba06ca77a3bc4b21365ff8d466c82ba2db097e2e1cacfba1A2B3C4D" https://api.example.com/v1`,
    `the key is ${'ATTA'}8984275b782b946b51710330cdbc0b584484cf1f0b64941631300c8c9d18c5f41A2B3C4D, please rotate it`,
  ],
  ignores: [
    `${'ATTA'}ea7ff95ebeffe7381`,
    `x${'ATTA'}ea7ff95ebeffe7381f1d1260079311264c5fef817c40781d06b0435a9d8516621A2B3C4D`,
    `${'ATTA'}${'x'.repeat(72)}`,
    'ATTA is how such a token begins',
    'TRELLO_TOKEN=process.env.TRELLO_TOKEN',
    'trello_token: <your token>',
  ],
});
