import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'rancher-token',
  family: 'secret',
  summary: 'Rancher API tokens: token-, five characters, a colon and 54 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // ranchermanager.docs.rancher.com, "API keys".
  pattern: /\btoken-[a-z0-9]{5}:[a-z0-9]{54}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `RANCHER_TOKEN=${'token-'}exqhk:82tu884w4j3svdbhycdw8k4cf37rh7wu9x3sr1zwgh1obsq44u1epl`,
    `{"token":"${'token-'}ol1ct:r6mr4zoc3o1qww9a16tmnhnpz7ftafqvfnlteu3xvx6egwmax867ej"}`,
    `my Rancher key is ${'token-'}uc61d:2dr1z2b6tdi6ghakujhs7jb0t2d30aqzzwfn646jnc6mjrnc1a5529, what do I do with it?`,
    `client = Client('${'token-'}z54vy:izl4tmazmq72jy8kugrtby4ciilt9hhx1yeeq2wzudwde2k02wufnt')`,
  ],
  ignores: [
    `${'token-'}bwdkk:ovyrteo9mo05i3`,
    `${'token-'}00000:000000000000000000000000000000000000000000000000000000`,
    `q${'token-'}cn29z:ocvi7eb6v1zjy6bpka0gnzcjuet60i2756n921xdlwu9kom1dj9uos`,
    'a key of Rancher begins with token- and is kept in the vault',
    'RANCHER_TOKEN=<your Rancher key>',
  ],
});
