import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'deepseek-key',
  family: 'secret',
  summary: 'Keys of DeepSeek, DashScope, Moonshot, Stability and others that share the prefix sk-, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // platform.deepseek.com and others that copied the look of early OpenAI keys.
  pattern: assignment(
    '(?:deepseek|dashscope|qwen|moonshot|kimi|zhipu|siliconflow|stability)[\\w .-]{0,8}(?:key|token|secret)',
    '\\bsk-[A-Za-z0-9]{32,64}\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DEEPSEEK_API_KEY=sk-${'d7ed'}557dbbc778c6004c8b329d219af9`,
    `{"deepseekApiKey": "sk-${'7803'}79a829c4cf3ee5ba23ab9ac78417"}`,
    `export DEEPSEEK_API_KEY='sk-${'1912'}185c321c42f78028fa5bcb89e216'; make deploy`,
    `deepseek_api_key: sk-${'6530'}66463edf11bdf686c50c6a63e0f4\nregion: eu`,
  ],
  ignores: [
    'DEEPSEEK_API_KEY=process.env.DEEPSEEK_API_KEY',
    'DEEPSEEK_API_KEY=<your DeepSeek key>',
    `checksum=sk-${'1afb'}ed6a1a525f9c138edfdb7c033af7`,
    'DEEPSEEK_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `DeepSeek answered in 120 ms, request sk-${'323d'}16508b37be564eae4938a0ff55cb`,
    'deepseekApiKey=sk-3e1e8e550361f6a0',
  ],
});
