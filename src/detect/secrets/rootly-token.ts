import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'rootly-token',
  family: 'secret',
  summary: 'Rootly API tokens: prefix rootly_ and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // docs.rootly.com.
  pattern: /\brootly_[0-9a-f]{64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ROOTLY_TOKEN=${'rootly_'}f87ca2ba5286c797f6c130613f4426179ce4ac9544a9bdbb2ff2891dfb8c3e4b`,
    `{"token":"${'rootly_'}b1563da2660aec7a4517180bea1413cce0693de27e4a8728a1ba1b6eae971dba"}`,
    `my Rootly key is ${'rootly_'}2a8ce39c45ab1fc8683da593c1602396e200e7e158a721d53e0f8863911597b0, what do I do with it?`,
    `client = Client('${'rootly_'}984b38bec0b9553a49fa8cde9fa731c038f13c1f73bc647d255946a205dbf545')`,
  ],
  ignores: [
    `${'rootly_'}3279592344d301db9ec79`,
    `${'rootly_'}0000000000000000000000000000000000000000000000000000000000000000`,
    `q${'rootly_'}654b0ba0df68e186ecc26a5ece9868e4ab00c099d78fd6d1b34b9f49d91c5748`,
    'a key of Rootly begins with rootly_ and is kept in the vault',
    'ROOTLY_TOKEN=<your Rootly key>',
  ],
});
