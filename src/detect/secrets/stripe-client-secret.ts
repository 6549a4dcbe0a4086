import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'stripe-client-secret',
  family: 'secret',
  summary: 'Stripe client secrets of payment, setup and checkout: they let a customer, and whoever reads them, finish that payment.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.9,
  pattern: /\b(?:pi|seti|src|cs)_[A-Za-z0-9]{14,32}_secret_[A-Za-z0-9]{20,64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| clientSecret | ${'pi_'}r7QdVMJat9VGpsG6d24eQx4e_secret_r7Qqujtp2G7sCO5Uo3OKiPioS |`,
    `clientSecret=${'seti_'}r7QJ5qbHTGCw1EyqDafLiFB3_secret_r7QpTrIzwegKmSU5CZvCbi0EK9OP1CGa`,
    `const client = new Client("${'pi_'}r7QgIp44axpOw3laIqA3FUwM_secret_r7QJVljUrIBJvRMCuYyrartdf");`,
    `--token ${'seti_'}r7Q61FXOsmAgHVC2MrZD6Pk3_secret_r7QoBX4UUhx68EwHSVWI1LmQgc1T5utb --verbose`,
  ],
  ignores: [
    `${'pi_'}r7QGgfiWI6VF7`,
    `x${'pi_'}r7QGgfiWI6VF76dRZWIL3d28_secret_r7Qk70zWK2euZ62G21QTwsr1d`,
    `${'pi_'}${'x'.repeat(57)}`,
    'pi_ is how such a token begins',
    'clientSecret=process.env.clientSecret',
    'clientsecret: <your token>',
  ],
});
