import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'runpod-key',
  family: 'secret',
  summary: 'RunPod API keys: prefix rpa_ and 40 to 48 upper-case characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.runpod.io, "API keys".
  pattern: /\brpa_[A-Z0-9]{38,50}[a-z0-9]{0,8}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `RUNPOD_API_KEY=${'rpa_'}ZH1CWMJSOZ83FLFMXWJCU3ABNCQB0NBWMCNLQ8DHHSCJ`,
    `token: ${'rpa_'}GLEQBBASIBLMINSPN67WLDOMEZOGTM86Q5J9TV6SM0YY\nregion: eu`,
    `my RunPod key is ${'rpa_'}S9DASKJEGG9CKZXPJNCQ7AUV7ESK4WD7PU0K82PCVB9G, what do I do with it?`,
    `client = Client("${'rpa_'}SS7Q4MZD8H0D71RF096NKW9K01HHDYNM75B7HHRQ0AYX")`,
    `--token ${'rpa_'}325RY92J67J8VBXZC4RHJXH1VZNFZA9PQJI03YDC7HGR --verbose`,
  ],
  ignores: [
    `${'rpa_'}LAI945JKGZ6H508927NAPEPNKB5SNO`,
    `${'rpa_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'rpa_'}9AR2V1JL69W32H1Z1F71Q8VSIN1JU78E1G53ALQ29HYH`,
    'tokens of RunPod begin with rpa_ and are kept in the vault',
    'RUNPOD_API_KEY=<your RunPod key>',
  ],
});
