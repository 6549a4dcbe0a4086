import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'helicone-key',
  family: 'secret',
  summary: 'Helicone API keys: sk-helicone and four groups of seven characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // docs.helicone.ai.
  pattern: /\bsk-helicone-(?:(?:eu|cp)-)?[a-z0-9]{7}(?:-[a-z0-9]{7}){3}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `HELICONE_API_KEY=${'sk-helicone-'}t3nhtti-i9ka654-xx7bryq-kge006o`,
    `{"token":"${'sk-helicone-'}ebhvg13-62rnzz7-x5vzrq2-vhr4nao"}`,
    `my Helicone key is ${'sk-helicone-'}8rzhnha-csbqkic-6mew6fy-2h5tbo6, what do I do with it?`,
    `client = Client('${'sk-helicone-'}lrxoms9-jqgfma8-4p07gs5-zstvbcl')`,
  ],
  ignores: [
    `${'sk-helicone-'}42p4j21-r3`,
    `${'sk-helicone-'}0000000-0000000-0000000-0000000`,
    `q${'sk-helicone-'}crkgg3b-wzhe3qc-c15xnkw-dyqg58v`,
    'a key of Helicone begins with sk-helicone- and is kept in the vault',
    'HELICONE_API_KEY=<your Helicone key>',
  ],
});
