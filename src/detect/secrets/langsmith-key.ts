import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'langsmith-key',
  family: 'secret',
  summary: 'LangSmith personal and service keys: lsv2_ with 32 and 10 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.smith.langchain.com: personal (pt) and service (sk) keys.
  pattern: /\blsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `LANGSMITH_API_KEY=${'lsv2_pt_'}9b6d7ab142dd610b0d76efab38a0e1b0_7a15791400`,
    `token: ${'lsv2_pt_'}a6a378f6e643e3e82c0d61d19f222680_99085feac7\nregion: eu`,
    `my LangSmith key is ${'lsv2_pt_'}9d0862d32c5f386180c4e871535f4dcf_70faf4ee0a, what do I do with it?`,
    `client = Client("${'lsv2_pt_'}a8f84ef58a24ad4dc5c59bf0db520ace_0e5c52ff62")`,
    `${'lsv2_pt_'}b160f0cdd3fefeb4a5b7afa3248c851f_e025854404`,
    `LANGCHAIN_API_KEY=${'lsv2_sk_'}e522ffe3b740652285b23435800386a5_b159890d0f`,
  ],
  ignores: [
    `${'lsv2_pt_'}a89285759cdea587e823e8acb5873874`,
    `${'lsv2_sk_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxx`,
    `a${'lsv2_pt_'}f2de98599b0ad5c59458424ad7d164cc_848812ac7d`,
    'tokens of LangSmith begin with lsv2_pt_ and are kept in the vault',
    'LANGSMITH_API_KEY=<your LangSmith key>',
  ],
});
