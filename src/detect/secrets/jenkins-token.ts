import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'jenkins-token',
  family: 'secret',
  summary: 'Jenkins API tokens, by the name of the service: 11 and 32 hexadecimal digits, older ones 32.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // jenkins.io/doc, "API tokens": version 11 and 128 random bits.
  pattern: assignment('jenkins[\\w .-]{0,12}(?:token|pass|secret|key)', '\\b(?:11[a-f0-9]{32}|[a-f0-9]{32})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `JENKINS_API_TOKEN=11${'29cc'}dfbeb356eec54e22689b4be42fda`,
    `{"jenkinsToken": "11${'ae3e'}ae179fb3f7abcd6b36a6c7b4656f"}`,
    `export JENKINS_API_TOKEN='11${'50f3'}6cf9bf5a1db7d57b2df91e06f428'; make deploy`,
    `jenkins_api_token: 11${'f339'}f57123453a7cb821a33f3b040477\nregion: eu`,
  ],
  ignores: [
    'JENKINS_API_TOKEN=process.env.JENKINS_API_TOKEN',
    'JENKINS_API_TOKEN=<your Jenkins key>',
    `checksum=11${'2984'}fc0ac65c257dd81d707e37a7bb89`,
    'JENKINS_API_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Jenkins answered in 120 ms, request 11${'f8a5'}fa08d87d30639d677ae93bf962c6`,
    `jenkinsToken=11${'5c37'}146bfbedc48a15bc98e403c71`,
  ],
});
