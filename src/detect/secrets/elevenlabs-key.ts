import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'elevenlabs-key',
  family: 'secret',
  summary: 'ElevenLabs API keys: prefix sk_ and 48 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.96,
  // elevenlabs.io/docs; Stripe keys begin with sk_live_ or sk_test_ and are in base 62.
  pattern: /\bsk_[a-f0-9]{48}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ELEVENLABS_API_KEY="${'sk_'}46b324fde2dbfa16b1d9eeb080797d6bbf89971857b71d64"`,
    `token: ${'sk_'}a45f6b3b440a06a9d847c4e1bd905f47850a083a7c1cc013\nregion: eu`,
    `my ElevenLabs key is ${'sk_'}5256b2f5990aac570d5278fa1f691472d3a5f3e1af8edc7e, what do I do with it?`,
    `client = Client("${'sk_'}5e87d688c3c20af4595d6e967f41e9ba5685a4783b1c3124")`,
    `(${'sk_'}8e659114ebdf31c9aacaccb1c5843a059862a292595516e7)`,
  ],
  ignores: [
    `${'sk_'}0effa5ebfef8b6afd1cd3fe3ce555bbaa8c1c955da12fd6`,
    `${'sk_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'sk_'}304c06723651ab71e7333c431519b5421b2d51017d5dd5dd`,
    'tokens of ElevenLabs begin with sk_ and are kept in the vault',
    'ELEVENLABS_API_KEY=<your ElevenLabs key>',
    `${'sk_'}live_${'is7L'}QCkJ2D8ipsaj1a6tN9BB`,
  ],
});
