import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sourcegraph-legacy-token',
  family: 'secret',
  summary: 'Sourcegraph access tokens from before prefixes, by the name of the product: 40 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.92,
  // sourcegraph.com/docs/cli, tokens until 3.41.
  pattern: assignment('(?:sourcegraph|\\bsrc[_ .-]access[_ .-]token)', '\\b[a-f0-9]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SRC_ACCESS_TOKEN=${'2ca3'}6c027c6044798bb854e0881bfb6723a93752`,
    `{"sourcegraphToken": "${'fab4'}9d2e01c42a6106cd0e141a394439aced8d7b"}`,
    `export SRC_ACCESS_TOKEN='${'cd7c'}23f3be581a50de5b960d0484d1ed962d6b2c'; make deploy`,
    `src_access_token: ${'9fa5'}8c28bf1d5c4f7a7c40f0debc045c43b84151\nregion: eu`,
  ],
  ignores: [
    'SRC_ACCESS_TOKEN=process.env.SRC_ACCESS_TOKEN',
    'SRC_ACCESS_TOKEN=<your Sourcegraph key>',
    `checksum=${'2661'}2f6ccc4f5b55f2643e631579661a851a4a98`,
    'SRC_ACCESS_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Sourcegraph answered in 120 ms, request ${'d6cb'}83f74ce592f9008096e21d4785e4809409b2`,
    `sourcegraphToken=${'6e5c'}2c7417bb6809239188c26f89aeae5890b`,
  ],
});
