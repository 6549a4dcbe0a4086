import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'xai-key',
  family: 'secret',
  summary: 'xAI API keys: prefix xai- and 80 letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.x.ai, "API keys".
  pattern: /\bxai-[A-Za-z0-9]{80}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export XAI_API_KEY='${'xai-'}sx79QTkLLksAtnpf6bEFOOu3JkpnQRO5MRnfr6vWNKwMcC2A8WFPa2y8tOnSq5v10yEOzw3u9EAhvaWB'; make deploy`,
    `token: ${'xai-'}qM7YQsk2XpglPg2pruEDWANwJ1td5pf24hb5OECkYyf2OwpeeQ84NzpyImPsk6Vto2XisHGFsBlozmap\nregion: eu`,
    `my xAI key is ${'xai-'}gy7qQKkns6aMr0oxl4TtJ52dpkQXGwTNx2DNRAQ1mHBP44o2l6UO0RxUlnH86H9bueS8aYjx9SbCqgmv, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'xai-'}Aa7PQ1kt6MGaUy7bpgC1kzAqiJyKMrVfzXxIBUqr6DJcnBw2RRJzcCW4mrSXgGxJcysBNbC77qp2K5CX" https://api.example.org/v1`,
    `--token ${'xai-'}pP7dQAkLfSnNVEy0YGGCEzSPlX8WfVr9OOcNZj56HIfiJ5HpAHCF4PLJ4WmgNDOyjIhpXmgcv3rliP21 --verbose`,
  ],
  ignores: [
    `${'xai-'}bE7MQqkyVv8eBAXrXDCmlKqaM8A5IdyjmPij5V14Ksd0eQl6ynu32vPQgeXHKFUdKeBOk4IWysQIC3A`,
    `${'xai-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'xai-'}3y7RQQkDshGgxORzYnBm5NLhF8p1Pj8zEikNnJ88x1Qico51rl2Ju4UrFWLuxJQxizV56g5KHgERqrfC`,
    'tokens of xAI begin with xai- and are kept in the vault',
    'XAI_API_KEY=<your xAI key>',
  ],
});
