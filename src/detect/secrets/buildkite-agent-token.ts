import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'buildkite-agent-token',
  family: 'secret',
  summary: 'Buildkite agent tokens and older API tokens, by the name of the service: 40 or 50 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // buildkite.com/docs/agent.
  pattern: assignment('buildkite[\\w .-]{0,10}(?:token|key)', '\\b(?:[a-f0-9]{40}|[a-f0-9]{50})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `BUILDKITE_AGENT_TOKEN=${'d561'}21bdf9b31842a07b493c3139dbf1b25610052d2341353d`,
    `{"buildkiteAgentToken": "${'e4d6'}577198e901fae2ac30413077c6617061076987c05ca2f2"}`,
    `export BUILDKITE_AGENT_TOKEN='${'4a03'}0ac9f562fa5ffb2f93726b3b2da9f271171d79afcb5999'; make deploy`,
    `buildkite_agent_token: ${'4e5c'}ede8c78c63665d84ea0216edd7203923105603f4d06302\nregion: eu`,
  ],
  ignores: [
    'BUILDKITE_AGENT_TOKEN=process.env.BUILDKITE_AGENT_TOKEN',
    'BUILDKITE_AGENT_TOKEN=<your Buildkite key>',
    `checksum=${'bf82'}b2b65c0c0d6b38a6c7a98ff7c3a62991c883f873921b68`,
    'BUILDKITE_AGENT_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Buildkite answered in 120 ms, request ${'c1dc'}a5ae14e3e7bb066a02fc889aa43ce8f7275ec381ba8633`,
    `buildkiteAgentToken=${'1d99'}f543fd6040c66967465e9feaf29898190862c8f9e51`,
  ],
});
