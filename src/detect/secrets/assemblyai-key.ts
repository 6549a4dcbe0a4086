import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'assemblyai-key',
  family: 'secret',
  summary: 'AssemblyAI API keys, by the name of the service: 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // assemblyai.com/docs.
  pattern: assignment('(?:assembly[_ .-]?ai|\\baai)[\\w .-]{0,8}(?:key|token|secret)', '\\b[a-f0-9]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ASSEMBLYAI_API_KEY=${'acab'}dd79ee883cd55b88ec427584873a`,
    `{"assemblyaiApiKey": "${'00f2'}205566832bb02494c1c6923002d7"}`,
    `export ASSEMBLYAI_API_KEY='${'e482'}4b6446e099293179d4c03a28e23b'; make deploy`,
    `assemblyai_api_key: ${'868b'}c6dc75c4b0ec26cc5e7370597c1d\nregion: eu`,
  ],
  ignores: [
    'ASSEMBLYAI_API_KEY=process.env.ASSEMBLYAI_API_KEY',
    'ASSEMBLYAI_API_KEY=<your AssemblyAI key>',
    `checksum=${'ce7e'}c8bea04716983f46fa986a0bac44`,
    'ASSEMBLYAI_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `AssemblyAI answered in 120 ms, request ${'41cd'}ec6f06b00d2ccf4105fbc5ba7368`,
    `assemblyaiApiKey=${'47db'}a31ead1be3310b11941c62f29`,
  ],
});
