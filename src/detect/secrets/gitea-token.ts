import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gitea-token',
  family: 'secret',
  summary: 'Gitea, Forgejo and Codeberg access tokens, by the name of the service: 40 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.gitea.com, "API usage"; a commit hash looks the same, hence the name.
  pattern: assignment('(?:gitea|forgejo|codeberg|gogs)[\\w .-]{0,10}(?:token|key|secret)', '\\b[a-f0-9]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `GITEA_TOKEN=${'5130'}515ebea728b21bd3cc7c133a5e24c4e2a476`,
    `{"giteaToken": "${'7e57'}69c46d6a2c7e3f709c409b92f716f91117d5"}`,
    `export GITEA_TOKEN='${'3ad8'}f0b788281c28601a4019690b2cf6980b4d91'; make deploy`,
    `gitea_token: ${'388c'}31ce28fbbbb1825e95cf4ce26ae5c6b2e46e\nregion: eu`,
  ],
  ignores: [
    'GITEA_TOKEN=process.env.GITEA_TOKEN',
    'GITEA_TOKEN=<your Gitea key>',
    `checksum=${'82bb'}f1c518f4cd0ebe9ba520a37999e62e02fe28`,
    'GITEA_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Gitea answered in 120 ms, request ${'f3d6'}0d81524e9c3f252687ac0e9c3f6868606668`,
    `giteaToken=${'6c27'}1766a8dfb01d930d422632762b878624a`,
  ],
});
