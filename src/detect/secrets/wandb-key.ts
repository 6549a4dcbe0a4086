import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'wandb-key',
  family: 'secret',
  summary: 'Weights & Biases API keys, by the name of the service: 40 hexadecimal digits or wandb_v1_.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.wandb.ai; keys with a version since 2025.
  pattern: assignment('wandb[\\w .-]{0,6}(?:key|token|login)', '(?:\\b[a-f0-9]{40}\\b|\\bwandb_v1_[A-Za-z0-9_]{40,60}\\b)'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `WANDB_API_KEY=${'2c5c'}0c6c4b0a648f12d9c9861ae260cb5fb544f1`,
    `{"wandbApiKey": "${'69df'}8c164eba453e0534a1dff42de280150628fe"}`,
    `export WANDB_API_KEY='${'04fe'}5feaf5f50a7bace74e18e4ff65dbc2595bc3'; make deploy`,
    `wandb_api_key: ${'d46f'}1ce5497b54960f1842a46ac825deae187ca9\nregion: eu`,
  ],
  ignores: [
    'WANDB_API_KEY=process.env.WANDB_API_KEY',
    'WANDB_API_KEY=<your Weights & Biases key>',
    `checksum=${'ac9b'}d80364313a58b46f1dafbf071924a5366cab`,
    'WANDB_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Weights & Biases answered in 120 ms, request ${'cbb4'}9fb2fd8ae8cd914a77129bb348e226d89306`,
    `wandbApiKey=${'926c'}12164b61403caab6e74906b7e7f6cd5c8`,
  ],
});
