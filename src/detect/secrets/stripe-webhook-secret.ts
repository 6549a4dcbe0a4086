import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'stripe-webhook-secret',
  family: 'secret',
  summary: 'Signing secrets of webhooks as Stripe, Svix, Resend and Clerk issue them: whsec_ and 32 characters or base64.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\bwhsec_[A-Za-z0-9+/]{28,88}={0,2}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export WEBHOOK_SECRET="${'whsec_'}r7QwCl7dvvqr0V6nLuLvEMDvxj94gqa9"`,
    `const client = new Client("${'whsec_'}01f9+N5oTyEG8QMsX2l5ADSN/ztYvaHqIM+uHmTDzik=");`,
    `--token ${'whsec_'}SW5Lm1HgkqxTp2Yj6rtiXsFMUQpj91xD --verbose`,
    `curl -H "X-Token: ${'whsec_'}r7Qfi3EpFoOvCFKC7q6YyoMsVLdzJLds" https://api.example.com/v1`,
  ],
  ignores: [
    `${'whsec_'}r7QT10H`,
    `x${'whsec_'}r7QT10HqbSstolYPiUZjyetIXHcNFRm4`,
    `${'whsec_'}${'x'.repeat(32)}`,
    'whsec_ is how such a token begins',
    'WEBHOOK_SECRET=process.env.WEBHOOK_SECRET',
    'webhook_secret: <your token>',
  ],
});
