import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cohere-key',
  family: 'secret',
  summary: 'Cohere API keys, by the name of the service: 40 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.cohere.com, "Going live".
  pattern: assignment('(?:cohere|\\bco_api)[\\w .-]{0,8}(?:key|token|secret)', '\\b[A-Za-z0-9]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `COHERE_API_KEY=${'EX7R'}Q8kynN2xI0vZLHcJd8abWIfwGaOnMgXb3rdj`,
    `{"cohereApiKey": "${'Xl7V'}Q0kupOc1QF7TqBuMt9DR7ipmEUxyZJKmAln7"}`,
    `export COHERE_API_KEY='${'Is7b'}QtkS1V4GOL1oJReJAUKtKxlad5sTHe3BXBBq'; make deploy`,
    `cohere_api_key: ${'487B'}QCkMGLEHNalmz9XDlJbGi96bcTGjFnKaAlFW\nregion: eu`,
  ],
  ignores: [
    'COHERE_API_KEY=process.env.COHERE_API_KEY',
    'COHERE_API_KEY=<your Cohere key>',
    `checksum=${'1s7Q'}QCkEEYwVKzi0pCSx5FrAm9EhZnEy281hV889`,
    'COHERE_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Cohere answered in 120 ms, request ${'tr7p'}QnkYccRLSGIkaQ7LPFyoseo5BsOFmamujrPQ`,
    `cohereApiKey=${'aM7a'}QNkF0LWpKPySDScnnaLUfTHie1WNqFdL4`,
  ],
});
