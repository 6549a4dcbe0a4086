import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'deepgram-key',
  family: 'secret',
  summary: 'Keys of Deepgram, AssemblyAI and Speechmatics, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    '(?:deepgram|assembly[_-]?ai|speechmatics)[\\w .-]{0,12}(?:key|token)',
    '\\b(?:[0-9a-f]{40}|[0-9a-f]{32}|[A-Za-z0-9]{32})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `DEEPGRAM_API_KEY=${'f55e72'}b6b3b0e0596e05dd4db47b36d58c07ef93`,
    `{"assemblyaiApiKey": "${'d63ae2'}b82dfc8fe9244ec38bc4ffd0a65f703f87"}`,
    `Deepgram API key is ${'b29a1c'}e13d2e5083844cc47abc2ba7d44b83c413`,
    `DEEPGRAM_API_KEY = '${'c05927'}48559ba31a4278096982f2b6c15c751a03'`,
  ],
  ignores: [
    'DEEPGRAM_API_KEY=process.env.DEEPGRAM_API_KEY',
    'DEEPGRAM_API_KEY=<your Deepgram key>',
    `checksum=${'fdaf99'}57ed4eaeb6ed7a8be7ea6696d5591e04ad`,
    `DEEPGRAM_API_KEY=${'x'.repeat(40)}`,
    `Deepgram answered in 120 ms, request ${'fdaf99'}57ed4eaeb6ed7a8be7ea6696d5591e04ad`,
    'assemblyaiApiKey=8e1e43a472a9d56bd21',
  ],
});
