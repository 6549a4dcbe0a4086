import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'matrix-token',
  family: 'secret',
  summary: 'Matrix (Synapse) access and refresh tokens: syt_ or syr_, the user, 20 letters and a check.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // github.com/element-hq/synapse, docs of access tokens.
  pattern: /\bsy[tr]_[A-Za-z0-9+/]{1,60}={0,2}_[A-Za-z]{20}_[A-Za-z0-9]{6}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `MATRIX_ACCESS_TOKEN=${'syt_'}m1bxyaBU_JegmasjBsaEpHVtsPbww_E735eo`,
    `{"token":"${'syt_'}rmRPO65l_mqydBQelwBcESwHFxJqf_I5zkUV"}`,
    `my Matrix key is ${'syt_'}nP554zGL_FZVelHwsXSwmyjZCODyx_kx0owT, what do I do with it?`,
    `client = Client('${'syt_'}ahDp5ALR_ddoABugyAUNmBePnApNd_1LtPJk')`,
  ],
  ignores: [
    `${'syt_'}bcltZk70_YLq`,
    `${'syt_'}00000000_00000000000000000000_000000`,
    `q${'syt_'}SGHwUmss_fJmkmxVkxqsryPHkrghI_MMFVaI`,
    'a key of Matrix begins with syt_ and is kept in the vault',
    'MATRIX_ACCESS_TOKEN=<your Matrix key>',
  ],
});
