import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'wakatime-key',
  family: 'secret',
  summary: 'WakaTime API keys: waka_ and a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\bwaka_(?:tok_[A-Za-z0-9]{40,80}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `Authorization: Bearer ${'waka_'}7a725f44-afeb-4cf8-9e78-dfa61f7a407e`,
    `curl -H "X-Token: ${'waka_tok_'}r7QpDgKpzteVSnGjvSJckZZ1KoZTKpCuuPNuM8gNXbJIfsdZWi9JrNnTozRSoeL4" https://api.example.com/v1`,
    `export WAKATIME_KEY="${'waka_'}d9dfaa22-f1f1-4bab-bd4e-d50e8ba42960"`,
    `| WAKATIME_KEY | ${'waka_tok_'}r7QY9D62IZ7b2FcrcwHLzVrQ9hAzURiPayzrT1Xc9XCr26x8TmdYffaUztZlkv15 |`,
  ],
  ignores: [
    `${'waka_'}60bcb832`,
    `x${'waka_'}60bcb832-4695-4489-8817-9de4eda630e1`,
    `${'waka_'}${'x'.repeat(36)}`,
    'waka_ is how such a token begins',
    'WAKATIME_KEY=process.env.WAKATIME_KEY',
    'wakatime_key: <your token>',
  ],
});
