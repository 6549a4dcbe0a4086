import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'shopify-token',
  family: 'secret',
  summary: 'Shopify access tokens, shared secrets and partner tokens: shp, two or three letters and 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bshp(?:at|ca|pa|ss|ua|rt|prt|tka|atk)_[0-9a-fA-F]{32}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `shopify_token: '${'shpat_'}8a75e05ff11de9f4969fe4b0e22a1a51'`,
    `| SHOPIFY_TOKEN | ${'shpca_'}9a6b3db1aa7b45e50f3ac05e14ee7a33 |`,
    `const client = new Client("${'shppa_'}43dcea44a78dd8a97655e52c5e8790f4");`,
    `the key is ${'shpss_'}57d0a4a7239030ebb1bece9bc56328ae, please rotate it`,
  ],
  ignores: [
    `${'shpat_'}8c37cf9`,
    `x${'shpat_'}8c37cf9fd69483f1e90d18b4cf63fabe`,
    `${'shpat_'}${'x'.repeat(32)}`,
    'shpat_ is how such a token begins',
    'SHOPIFY_TOKEN=process.env.SHOPIFY_TOKEN',
    'shopify_token: <your token>',
  ],
});
