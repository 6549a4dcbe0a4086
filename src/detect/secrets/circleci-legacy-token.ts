import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'circleci-legacy-token',
  family: 'secret',
  summary: 'CircleCI tokens from before prefixes, by the name of the service: 40 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // circleci.com/docs, tokens until 2023.
  pattern: assignment('circle(?:[_ .-]?ci)?[\\w .-]{0,8}(?:token|key)', '\\b[a-f0-9]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `CIRCLECI_TOKEN=${'c172'}ff37f5e21d0c12b90323e252aecc04ff7d7d`,
    `{"circleciToken": "${'4d3c'}6dc5e2774c1b861036a54fe2df010b0071dd"}`,
    `export CIRCLECI_TOKEN='${'c754'}afde8419e66562c51dc498b635bdcb792a85'; make deploy`,
    `circleci_token: ${'5995'}aadded14dd7c1bf661e921dcb7ea3abb5685\nregion: eu`,
  ],
  ignores: [
    'CIRCLECI_TOKEN=process.env.CIRCLECI_TOKEN',
    'CIRCLECI_TOKEN=<your CircleCI key>',
    `checksum=${'ca80'}2eef57dcff22a03608c52cb07a1f89d5034a`,
    'CIRCLECI_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `CircleCI answered in 120 ms, request ${'0d79'}b8065217c35f74afdcb6116e2a9e0b8e9f08`,
    `circleciToken=${'1adc'}61191d9944b499278c67e30185d0419c1`,
  ],
});
