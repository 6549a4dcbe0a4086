import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'posthog-key',
  family: 'secret',
  summary: 'PostHog personal API keys: phx_ and 40 and more characters. Project keys (phc_) are public.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\bphx_[A-Za-z0-9]{38,56}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `curl -H "X-Token: ${'phx_'}r7QUpZhpX5FCIUJJ5pKtpyaBJkAbS9TrrNSj0D0FmjU" https://api.example.com/v1`,
    `--token ${'phx_'}r7QJEUrkPy3Vo0NRgczIADFaJM4Z4L4xwCv9hYICLQl --verbose`,
    `const client = new Client("${'phx_'}r7QF9J0vISCyLzX7vyaVZUtaj4u4WI1svRpmryp4KXC");`,
    `posthog_key: '${'phx_'}r7QbvtyJzmq6TpFlmT5Di4HeHr3owMasGhv3TDpAVAk'`,
  ],
  ignores: [
    `${'phx_'}r7QcsOetM`,
    `x${'phx_'}r7QcsOetMHcWI8FIqGQfzEotUmOQNaIz4MSMSjNz5Ih`,
    `${'phx_'}${'x'.repeat(43)}`,
    'phx_ is how such a token begins',
    `${'phc_'}Q7wE2rT5yU8iO1pA4sD6fG9hJ3kL5zX7cV9bN1mQ2wE`,
    'POSTHOG_KEY=process.env.POSTHOG_KEY',
  ],
});
