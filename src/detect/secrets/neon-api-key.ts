import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'neon-api-key',
  family: 'secret',
  summary: 'Neon API keys: napi_ and 64 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\bnapi_[a-z0-9]{50,68}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| NEON_API_KEY | ${'napi_'}caw3jit2ag2yudrxh7n9mo6ml80frgpt6x2sp6ueghfja4jlbhibb28zlde3wpqu |`,
    `const client = new Client("${'napi_'}x4t6z4ojy0xbmy3trowg8zsnlevwscljifvle72eaxdx8yfdxqarqn0u97biblv2");`,
    `NEON_API_KEY=${'napi_'}9y3hyx0qtkptp8j38ukv08vlnx7xm877kzdqrqde2clauil18ixe5rpqm8cwporp`,
    `the key is ${'napi_'}frt8p2l1g2hvmi3jujmms8zuado9jib63al58khdntpps1lb34uvlm1jou36btar, please rotate it`,
  ],
  ignores: [
    `${'napi_'}okbbi3q4u41c4ms`,
    `x${'napi_'}okbbi3q4u41c4ms05by80i8q4ou6hymt4x5cp5szdaqpzp7wx04zb14v7hpz47id`,
    `${'napi_'}${'x'.repeat(64)}`,
    'napi_ is how such a token begins',
    'NEON_API_KEY=process.env.NEON_API_KEY',
    'neon_api_key: <your token>',
  ],
});
