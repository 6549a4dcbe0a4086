import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'onesignal-key',
  family: 'secret',
  summary: 'OneSignal API keys of apps and organisations.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bos_v2_(?:app|org)_[a-z2-7]{100,112}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `the key is ${'os_v2_app_'}c322nnxos4gfdq2o2545bi5obafmgj43d4anlhnhmkdid46oce2vzrs2neapia3urorti6pafgrxqfdhwugnrfnyztaykiy3ry7tv75, please rotate it`,
    `export ONESIGNAL_KEY="${'os_v2_org_'}c67q7u52nhc2ammtghlldef3zumwiowwzwunw66jn3ohdcoose7x4u4c6un2yaersvzyfi5cr5soe3ktiwme47mnbkyrqbkcu2i73fl"`,
    `const client = new Client("${'os_v2_app_'}ck72aejdfim7epwyrvvchlc6alagxgbpsbgsc7w3l4dtqwlzs2r2i7fsjezfremv4k22txsg3qk47t7667noyogcab2a445fcccg5c7");`,
    `Authorization: Bearer ${'os_v2_org_'}ciwa65kziwvrdkdzoyhaxmyau7shjggeqz26e3q2t7hswqnmzn6zuov6l2jzs6bwo4vphxxoe2q5c7feslmwx5avfd5kc5wttclgmt6`,
  ],
  ignores: [
    `${'os_v2_app_'}ucljsaadisr2ieifdaqc4sbf`,
    `x${'os_v2_app_'}ucljsaadisr2ieifdaqc4sbfixh6jqnnk5u4ulnys6bnbgmssnaftojgcfm776vb7yreabhxcfkvxo6c6vszmeildhnv4wucxwxnnhz`,
    `${'os_v2_app_'}${'x'.repeat(103)}`,
    'os_v2_app_ is how such a token begins',
    'ONESIGNAL_KEY=process.env.ONESIGNAL_KEY',
    'onesignal_key: <your token>',
  ],
});
