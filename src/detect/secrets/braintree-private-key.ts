import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'braintree-private-key',
  family: 'secret',
  summary: 'Braintree private keys, by the name of the service: 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('braintree[\\w .-]{0,12}private[ ._-]?key', '\\b[0-9a-f]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `BRAINTREE_PRIVATE_KEY=${'8cdad5'}ad578e853ce60822b6f9e14aeb`,
    `{"braintreePrivateKey": "${'8263d9'}31c8cf03b2cfe0b136067b4d35"}`,
    `Braintree private key is ${'9dcaca'}70216b86efb9c082aa53e4c4ef`,
    `BRAINTREE_PRIVATE_KEY = '${'47249a'}69e5cce8aded7d52f6eaec38d7'`,
  ],
  ignores: [
    'BRAINTREE_PRIVATE_KEY=process.env.BRAINTREE_PRIVATE_KEY',
    'BRAINTREE_PRIVATE_KEY=<your Braintree key>',
    `checksum=${'5efae0'}8dc493f9655d6863b958468978`,
    `BRAINTREE_PRIVATE_KEY=${'x'.repeat(32)}`,
    `Braintree answered in 120 ms, request ${'5efae0'}8dc493f9655d6863b958468978`,
    'braintreePrivateKey=f289ed51f0c50cb',
  ],
});
