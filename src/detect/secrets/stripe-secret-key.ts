import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'stripe-secret-key',
  family: 'secret',
  summary: 'Stripe secret, restricted and ephemeral keys, live and test, and services that copied the form (Paystack, Clerk).',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  pattern: /\b(?:sk|rk|ek)_(?:live|test|prod)_[A-Za-z0-9]{16,112}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `--token ${'sk_live_'}r7QLmXHL8dkfbztoGJ3KbD8S --verbose`,
    `STRIPE_SECRET_KEY=${'rk_live_'}r7Q9Nvr6U5UjWcdpgRX1NYyvL9c6FYVeBgY951PUmhVRPUcgv333cT8hf6MwvOZziK8eOwfOFetm5dYWG7ekekMramCfZy38nhc`,
    `const client = new Client("${'sk_test_'}r7QNPiK57e0MrNtRaVRNAgZ9yGHq4DGDAAUrSnsKHWXKm6trzXnMef0azqR5qji788Z8iEGHSugu3Lp0MtKIjHNb2WDBlCrFVBB");`,
    `| STRIPE_SECRET_KEY | ${'ek_test_'}r7QpIhoPzLE9syKGUnetWHnECFU8khuq |`,
  ],
  ignores: [
    `${'sk_live_'}r7QDp`,
    `x${'sk_live_'}r7QDphwlVnU7sY6935jD4vfD`,
    `${'sk_live_'}${'x'.repeat(24)}`,
    'sk_live_ is how such a token begins',
    'pk_live_TYooMQauvdEDq54NiTphI7jx',
    'the sk_live and sk_test modes',
    'task_test_runner_configuration_for_everyone',
  ],
});
