import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sparkpost-key',
  family: 'secret',
  summary: 'SparkPost API keys, by the name of the service: 40 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('sparkpost[\\w .-]{0,12}key', '\\b[0-9a-f]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `SPARKPOST_API_KEY=${'723a97'}02bccf99d62038b7998ce14e21a17b671a`,
    `{"sparkpostApiKey": "${'5c306a'}e5511be81ff5078093ea0d1f6fd40b98b3"}`,
    `SparkPost API key is ${'9d3c44'}23206f6a10cddcab7166689c0a517bd52d`,
    `SPARKPOST_API_KEY = '${'b37055'}98039e665cc431c07f50b04ff322cf59cd'`,
  ],
  ignores: [
    'SPARKPOST_API_KEY=process.env.SPARKPOST_API_KEY',
    'SPARKPOST_API_KEY=<your SparkPost key>',
    `checksum=${'236211'}a18b05abfeef4da21c2c56c5e365e81d85`,
    `SPARKPOST_API_KEY=${'x'.repeat(40)}`,
    `SparkPost answered in 120 ms, request ${'236211'}a18b05abfeef4da21c2c56c5e365e81d85`,
    'sparkpostApiKey=12f552d88ffd3b808e9',
  ],
});
