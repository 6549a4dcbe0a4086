import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'artifactory-password',
  family: 'secret',
  summary: 'Artifactory encrypted passwords, by the name of the product: AP and base 58.',
  tier: 'block',
  severity: 'high',
  confidence: 0.92,
  // jfrog.com/help, "Centrally secure passwords": AP and base 58.
  pattern: assignment('(?:artifactory|jfrog|nexus)[\\w .-]{0,5}(?:token|key|pass(?:word)?|secret)', '\\bAP[A-Za-z0-9]{30,40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ARTIFACTORY_PASSWORD=AP${'pq7f'}Q3kAhBB80mMrfYvUYu0apC6DmtAtE`,
    `{"artifactoryApiKey": "AP${'xg7A'}QOkqE5ara1ZnwQE93WC53xwExZERA"}`,
    `export ARTIFACTORY_PASSWORD='AP${'qi75'}QDkIt7VyePO6NQus7yiNz3ux7uoWO'; make deploy`,
    `artifactory_password: AP${'H57M'}QLkgLUNQHadtYqJHOcoCVimiXWgoz\nregion: eu`,
  ],
  ignores: [
    'ARTIFACTORY_PASSWORD=process.env.ARTIFACTORY_PASSWORD',
    'ARTIFACTORY_PASSWORD=<your Artifactory key>',
    `checksum=AP${'7s7O'}QSkwSMBlVrTHv6tOBisaSY4JrB5e5`,
    'ARTIFACTORY_PASSWORD=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Artifactory answered in 120 ms, request AP${'um7N'}Q2ki9ZbCY2TCDB6hPpwkX02nAWqJO`,
    'artifactoryApiKey=AP7T7aQrkupTql',
  ],
});
