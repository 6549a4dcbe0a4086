import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'together-legacy-key',
  family: 'secret',
  summary: 'Together AI API keys without a prefix, by the name of the service: 64 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.together.ai, "Quickstart".
  pattern: assignment('together[\\w .-]{0,8}(?:key|token)', '\\b[a-f0-9]{64}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `TOGETHER_API_KEY=${'2159'}48c2f05e9c23fa8258780f8ad549d480b0433de85922194b9e44bf874ef6`,
    `{"togetherApiKey": "${'d1e1'}e6ab1b210197c02d04469b6ab93bbcd8df6161cebd1a216731abf4f32ba5"}`,
    `export TOGETHER_API_KEY='${'8cdd'}90feac92ec3256c4a685cdf2dc368a2dc6fe2b7bc68cfd5163d9ef423d3e'; make deploy`,
    `together_api_key: ${'27e3'}a24432b14c608bcf54b5adfc18f5078ed1ca2dd180604947c8c94bced2c2\nregion: eu`,
  ],
  ignores: [
    'TOGETHER_API_KEY=process.env.TOGETHER_API_KEY',
    'TOGETHER_API_KEY=<your Together key>',
    `checksum=${'7145'}0e9503afd9cdac6e36ea1b254fb5f9888ee30b952ceb37bd5c45e61970da`,
    'TOGETHER_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Together answered in 120 ms, request ${'c3a9'}0108e795908f39a678722fc618b84fa6bb12e24077731dbc7fd6cf37e165`,
    `togetherApiKey=${'ac30'}f94ee6570c5db8846398216f674710be6fdb33718e7768080c6d57804`,
  ],
});
