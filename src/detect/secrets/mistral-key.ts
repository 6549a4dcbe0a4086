import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mistral-key',
  family: 'secret',
  summary: 'Mistral AI API keys, by the name of the service: 32 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.mistral.ai, "Account setup".
  pattern: assignment('mistral[\\w .-]{0,8}(?:key|token|secret)', '\\b[A-Za-z0-9]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `MISTRAL_API_KEY=${'4D7K'}QqklybcaBCUAB1FFCABEJReoBGAV`,
    `{"mistralApiKey": "${'BO7S'}Q0kqWC8KFgg0mIhWYlr0oa0ltXM6"}`,
    `export MISTRAL_API_KEY='${'DN7U'}QHk5T403mpQba0xX7SGZ4et1HnGv'; make deploy`,
    `mistral_api_key: ${'r27e'}QhkW0TULS4RnJ58Y0cvDE7ZcGSHe\nregion: eu`,
  ],
  ignores: [
    'MISTRAL_API_KEY=process.env.MISTRAL_API_KEY',
    'MISTRAL_API_KEY=<your Mistral key>',
    `checksum=${'6F7o'}QFkoL60t7CZ8f01oMtcbyfDUVPop`,
    'MISTRAL_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Mistral answered in 120 ms, request ${'sW7v'}Q2kHH3MYvFWQymYbhjWVylHiFCsz`,
    `mistralApiKey=${'W67V'}Qgk89OAU1JIRcyR6n4TJUmqNL`,
  ],
});
