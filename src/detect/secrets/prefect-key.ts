import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'prefect-key',
  family: 'secret',
  summary: 'Prefect API keys of users and service accounts: pnu_ or pnb_ and 36 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.prefect.io, "API keys".
  pattern: /\bpn[ub]_[A-Za-z0-9]{36}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `PREFECT_API_KEY="${'pnu_'}07nwg0io92l8uwooncu2v8p3lbbrmfah25wg"`,
    `{"token":"${'pnu_'}b3atvobmbfx0wpca64g6c94ry2t2mlfze3x6"}`,
    `my Prefect key is ${'pnu_'}xqng7ytu6hftyqkz27itzt5qwfn017byhsl5, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'pnu_'}lyjcgc7brgvazic1xc57friwem7qicd3xf26" https://api.example.org/v1`,
    `--token ${'pnu_'}cx34t2now3cifhlohxnna0zl3rtvk7tkod3i --verbose`,
  ],
  ignores: [
    `${'pnu_'}auc6fava2qzfjrxzog3wx62u8nsbe3fpnku`,
    `${'pnu_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'pnu_'}wz8gxbguc8axsbjgbymamyfr9xhpfc8mwysw`,
    'tokens of Prefect begin with pnu_ and are kept in the vault',
    'PREFECT_API_KEY=<your Prefect key>',
  ],
});
