import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'infisical-token',
  family: 'secret',
  summary: 'Infisical service tokens: st. with 24, 32 and 32 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // infisical.com/docs, "Service token".
  pattern: /\bst\.[a-f0-9]{24}\.[a-f0-9]{32}\.[a-f0-9]{32}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `INFISICAL_TOKEN="${'st.'}5d9ec9308bf1d7ca97392ab8.${'741e'}b9f857b88eb2e88bd8a3ae5cf51c.${'3195'}ec9daf54274ca1fd0bf269cc2502"`,
    `{"token":"${'st.'}beee0fb2b3c9a50f5881a66c.${'157b'}27588a36bdf7f2b1e4731d5ef460.${'8284'}8bf07d844b9de94d1de56d2ae204"}`,
    `my Infisical key is ${'st.'}3bbfc27106e2a5e4e6ccb9eb.${'d3f0'}cdf9b7bd956579af982b177e28d0.${'8411'}e546d214513479fec3cd9dbf1d8f, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'st.'}f3efe4a02e8b83dace06381a.${'e915'}e9205eb788e9e2106c2bf0bc3e3e.${'c739'}73afb99b727da2ae5e7714f5bd03" https://api.example.org/v1`,
    `(${'st.'}2e9b482406ed5db4901888c9.${'0828'}354873be34f4e7f75e7f5ec23ed0.${'87b4'}f8f112d0540fd5b275754632a528)`,
  ],
  ignores: [
    `${'st.'}6e8978582257f7b61b1bdb8ce72e4d729205400be310af2fd46d0bca920dce0b3eaedb510a1b51d3a858703b9`,
    `${'st.'}000000000000000000000000.00000000000000000000000000000000.00000000000000000000000000000000`,
    `a${'st.'}66a3508b01b424c2f47bd417.${'79fe'}86af2cd757564186412d2e9d7f2d.${'1c70'}ed7aaa472fd24ffbed0757377054`,
    'tokens of Infisical begin with st. and are kept in the vault',
    'INFISICAL_TOKEN=<your Infisical key>',
  ],
});
