import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'supabase-key',
  family: 'secret',
  summary: 'Supabase secret keys and personal access tokens.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\b(?:sbp_(?:oauth_|v0_)?[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'sbp_'}e2f163b908cf38e053f5334e9cf61cf46b0562a1"}`,
    `--token ${'sb_secret_'}r7QrAzhAn9j8u7S8ndo4u3_r7QUV1ss --verbose`,
    `Authorization: Bearer ${'sbp_oauth_'}54ae81065bd9515d18b6a75990c8f429401a096a`,
    `supabase_key: '${'sbp_'}cf4cc7ad9986dac1b4933111a3e0233572adb120'`,
  ],
  ignores: [
    `${'sbp_'}4be5e59c9`,
    `x${'sbp_'}4be5e59c91a92af84dc1e5e6cc889615537c0a12`,
    `${'sbp_'}${'x'.repeat(40)}`,
    'sbp_ is how such a token begins',
    'sb_publishable_wJalrXUtnFEMIK7MDENGbP_xRfiCYEX',
    'SUPABASE_KEY=process.env.SUPABASE_KEY',
  ],
});
