import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'salesforce-token',
  family: 'secret',
  summary: 'Salesforce session ids and access tokens: the organisation, an exclamation mark and about 96 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\b00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,100}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export SALESFORCE_TOKEN="${'00D'}r7Qa6bNIsCZJ!AQr7Q2tIBRtK5l7BtdRPU1KRkTYa7LnzzzCuv92atInEouKf2QhymJMyKwc52t9jCved1kzdJ5dAbteTMrucTF35bcxyqPUJ"`,
    `Authorization: Bearer ${'00D'}r7QPr5U0Liiw!AQr7Qq3aX3cc15h6jpvZFlZb871mgwDOpfDvuu5kNzLwwue2qTP7ccpz910r97LTUFbxuYSoieudb7Pe74ye8Qp1eHEMIpMn`,
    `--token ${'00D'}r7QIMeeU2wHW!AQr7Qyn2GNBipj0piTIWYD5OuoJUQTAVf3BGYnTmnWue2saqmrDuJBGxBCqbXYq9pXHJxW1R8uBlDjYpcGI87Zy2QC7sLosF --verbose`,
    `| SALESFORCE_TOKEN | ${'00D'}r7Q7sMjs2Zz4!AQr7QDazWtvVNcptBBOZXYIbYj4kumrzHoR90X3DClxhActcXcaBg9hIkhFi8p6FJmU6STPQyKYmISrgCH5YdoN19wckjDog |`,
  ],
  ignores: [
    '00D5g000004CKTl',
    '00D5g000004CKTl!short',
    'SALESFORCE_TOKEN=process.env.SALESFORCE_TOKEN',
    'salesforce_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'request 9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a took 12 ms',
  ],
});
