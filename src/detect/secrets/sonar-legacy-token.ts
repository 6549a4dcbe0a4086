import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sonar-legacy-token',
  family: 'secret',
  summary: 'SonarQube and SonarCloud tokens from before prefixes, by the name of the product: 40 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.sonarsource.com, tokens until 9.5.
  pattern: assignment('sonar[\\w .-]{0,10}(?:token|login|key|pass)', '\\b[A-Za-z0-9]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SONAR_TOKEN=${'1276'}57dde9b2f525973f0a033dc84220b56e28ed`,
    `{"sonarToken": "${'2bb8'}d6971b037f166bb88d0b45f8f20ce8a68b55"}`,
    `export SONAR_TOKEN='${'b819'}cc3119719df6c69c7c0dcb05626492adb99e'; make deploy`,
    `sonar_token: ${'a587'}b0786e517352fcf956063f588c54b032cd19\nregion: eu`,
  ],
  ignores: [
    'SONAR_TOKEN=process.env.SONAR_TOKEN',
    'SONAR_TOKEN=<your SonarQube key>',
    `checksum=${'9c5e'}cf5e3c30320ce2631aa192373384e77aaf8e`,
    'SONAR_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `SonarQube answered in 120 ms, request ${'945b'}8df365194692e2aef08940c1947064dca7ec`,
    `sonarToken=${'65aa'}875f22db07fe4b81a6b05d727cc50ef26`,
    'sonar.projectKey=backend-service-of-the-shop',
  ],
});
