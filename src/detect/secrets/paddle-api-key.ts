import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'paddle-api-key',
  family: 'secret',
  summary: 'Paddle API keys: pdl_, the environment, apikey, an id and two random parts.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bpdl_(?:live|sdbx)_apikey_[0-9a-z]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}\b/,
  check: isPaddleKey,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `const client = new Client("${'pdl_live_apikey_'}da7ee9aalthcmledwe8jynpke4_r7QTLoJg4ts8WPTrPsYRQc_Qaf");`,
    `{"token":"${'pdl_sdbx_apikey_'}vu1xh6txtebpoa99wyn5r14b7g_r7QfIzUoMLcuS50x8DN6kl_oSb"}`,
    `paddle_api_key: '${'pdl_live_apikey_'}qqivhx5rak0q5nxsyod3c07zkt_r7Q2WgzP2CAG7j1MRdFLc2_2Za'`,
    `curl -H "X-Token: ${'pdl_sdbx_apikey_'}ve8x7eltoakeyrc01aszgmiiol_r7QBz1vP0lMYD54JCPuKc9_U7t" https://api.example.com/v1`,
  ],
  ignores: [
    `${'pdl_live_apikey_'}qqdsv0ipu1b9`,
    `x${'pdl_live_apikey_'}qqdsv0ipu1b95v27qsnumlei9z_r7QeKZg9qhMOWnBn0Cbkv7_SZt`,
    `${'pdl_live_apikey_'}${'x'.repeat(53)}`,
    'pdl_live_apikey_ is how such a token begins',
    'pdl_ntfset_01h7zcgmdc6tmwtjehp3sh7azf is the id of a destination',
    'PADDLE_API_KEY=process.env.PADDLE_API_KEY',
  ],
});

const PREFIX_LENGTH = 'pdl_live_apikey_'.length;

/** The check of a candidate: `apikey` in its prefix is no placeholder. */
function isPaddleKey(candidate: string): boolean {
  return looksRandom(candidate.slice(PREFIX_LENGTH));
}
