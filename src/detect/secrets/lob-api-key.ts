import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'lob-api-key',
  family: 'secret',
  summary: 'Lob API keys, where the service is named: live_ or test_ and 35 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b(?:live|test)_[0-9a-f]{35}\b/,
  check: looksRandom,
  nearby: ['lob'],
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `LOB_API_KEY=${'live_'}624e719994f9adf0e10b2f52f25583a0325`,
    `new Lob('${'test_'}fee5886f0baa91fc69a04da94be7bc80cfa')`,
    `our Lob key is ${'live_'}466f1406b1e66617f8577dac27ae907df36 now`,
    `{"lob":"${'test_'}3d3d0aa8dc5649fa7f1fe173f307914e4a1"}`,
  ],
  ignores: [
    'lob: test_0123',
    'LOB_API_KEY=process.env.LOB_API_KEY',
    'lob_api_key: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'request 9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a took 12 ms',
    'set LOB_API_KEY in the environment first',
  ],
});
