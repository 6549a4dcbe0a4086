import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'easypost-key',
  family: 'secret',
  summary: 'EasyPost API keys, live and test: EZAK or EZTK and 54 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bEZ[AT]K[A-Za-z0-9]{54}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `EASYPOST_KEY=${'EZAK'}r7Q0akN9nckse4F3dxXEkpsn21aHZt6EcvkZkmzIYe8P7ZMJ5pNpeK`,
    `curl -H "X-Token: ${'EZTK'}r7Q96j0M8DJInWOre6yh6I2hrDqXtXFqMspwsPJkFgQCiwyI2xNUe1" https://api.example.com/v1`,
    `const client = new Client("${'EZAK'}r7Qj7B58ueqZ4mjyuCnkciw1rXA2ByoxoxRsfaCvS4EG4ywFi795yG");`,
    `| EASYPOST_KEY | ${'EZTK'}r7QCILtdEt65EX8tUXC8tjoc9DlEbBvkvsTkJeh3yFJkG93oGRoGSJ |`,
  ],
  ignores: [
    `${'EZAK'}r7Qgggw8Xy5C`,
    `x${'EZAK'}r7Qgggw8Xy5CjN4ZgoH32OiCAnh3qa7ngzN6pGzI8ux74J0eBOSUYl`,
    `${'EZAK'}${'x'.repeat(54)}`,
    'EZAK is how such a token begins',
    'EASYPOST_KEY=process.env.EASYPOST_KEY',
    'easypost_key: <your token>',
  ],
});
