import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'razorpay-secret',
  family: 'secret',
  summary: 'Razorpay secrets: by the name of the service, or behind a key id as in basic authentication. A key id alone is public.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern:
    /\brzp_(?:live|test)_[A-Za-z0-9]{14}(?::|['"]?\s{0,2},\s{0,2}['"]?)[A-Za-z0-9]{24}\b|\brazorpay[\w .-]{0,12}secret['"]{0,2}\s{0,2}[:=]\s{0,2}['"]?[A-Za-z0-9]{24}\b/i,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `razorpay_secret: '${'rzp_live_'}r7Qqhlj5heErxw:r7QJZ48GYi9mXqU4LOuKVHYW'`,
    `export RAZORPAY_SECRET="${'rzp_test_'}r7QVCfhWAt2IpY:r7QAwicH7eizI4QrLVzgKKKj"`,
    `--token ${'rzp_live_'}r7QMpx0eMK5f5l:r7QNTH7yFu2O8mk2THynt1w9 --verbose`,
    `curl -H "X-Token: ${'rzp_test_'}r7QzMcRRzEB0Ef:r7QIhDAG1ruavNWtR32w6TDP" https://api.example.com/v1`,
    `const rzp = new Razorpay('${'rzp_live_'}Ab3dEf6hIj9lMn', 'Q7wE2rT5yU8iO1pA4sD6fG9h')`,
    `RAZORPAY_KEY_SECRET=${'Q7wE2rT5'}yU8iO1pA4sD6fG9h`,
  ],
  ignores: [
    `${'rzp_live_'}r7Q7v9cC`,
    `x${'rzp_live_'}r7Q7v9cCvoyN54:r7QQ7tv92yypUK6UJ5aOKuvQ`,
    `${'rzp_live_'}${'x'.repeat(39)}`,
    'rzp_live_ is how such a token begins',
    `key: '${'rzp_live_'}Ab3dEf6hIj9lMn'`,
    'RAZORPAY_KEY_SECRET=process.env.RAZORPAY_SECRET',
  ],
});
