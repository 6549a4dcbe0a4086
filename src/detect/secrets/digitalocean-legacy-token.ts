import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'digitalocean-legacy-token',
  family: 'secret',
  summary: 'DigitalOcean tokens without a prefix and Spaces secrets, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.digitalocean.com: 64 hexadecimal digits (until 2021), Spaces secrets of 43 characters.
  pattern: assignment(
    '(?:digital[_ .-]?ocean|\\bdo_api|\\bspaces)[\\w .-]{0,8}(?:token|key|secret)',
    '\\b(?:[a-f0-9]{64}|[A-Za-z0-9+/]{43})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DIGITALOCEAN_ACCESS_TOKEN=${'6216'}ec8a52abba4518b19eec8966635d887be69ea09ffd9bea6bb4fa715529fd`,
    `{"digitaloceanToken": "${'a5f9'}2591cc5709d01a958f14795f11c30d99f4ad796b96ca7c366f9f5bb5321f"}`,
    `export DIGITALOCEAN_ACCESS_TOKEN='${'0c66'}3d3b93d8176b45519584d369dfa4fd8fce8681155c795dc5b645d2b4a118'; make deploy`,
    `digitalocean_access_token: ${'cb76'}49f03c9a66c78de2b9d6fd22cea9ff85935c8ff0440cd676041395758161\nregion: eu`,
  ],
  ignores: [
    'DIGITALOCEAN_ACCESS_TOKEN=process.env.DIGITALOCEAN_ACCESS_TOKEN',
    'DIGITALOCEAN_ACCESS_TOKEN=<your DigitalOcean key>',
    `checksum=${'5846'}8d969471aa12c9db042ae25537cf5d3becc6188e9e9a0aac3a543cfea232`,
    'DIGITALOCEAN_ACCESS_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `DigitalOcean answered in 120 ms, request ${'7bdb'}eaf6bf04d93f552844bb6ac087abb939df60fa53500d90e63ac82ea161ab`,
    `digitaloceanToken=${'68e2'}4dda6b2d178ff95f93f362405f9e0935c03c1dbce65fe6ec2be848a70`,
  ],
});
