import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'planetscale-token',
  family: 'secret',
  summary: 'PlanetScale service tokens, OAuth tokens and database passwords.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bpscale_(?:tkn|oauth|pw|otkn)_[A-Za-z0-9_.=-]{32,64}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `--token ${'pscale_tkn_'}vVS4XADaazXtXLIbj4kO2BTDQKPIMU6zsCm1atmx5Vq --verbose`,
    `export PLANETSCALE_TOKEN="${'pscale_pw_'}RK1CYKx166fC3KHdkp19Lx9teS2UCCNOHuIEPOnvItF"`,
    `curl -H "X-Token: ${'pscale_oauth_'}bmwwKjcx-ZTV8DNLayLQDPwZPiJ9lXhr" https://api.example.com/v1`,
    `const client = new Client("${'pscale_tkn_'}ECbDy-be8z5q8D1JjHUwyfhYLUv8rI0SyElNa7EXx_6");`,
  ],
  ignores: [
    `${'pscale_tkn_'}nlml4P7w5`,
    `x${'pscale_tkn_'}nlml4P7w5Pxb6D7qS_tnICMNh2oFNyHIVB1SUxH8TTQ`,
    `${'pscale_tkn_'}${'x'.repeat(43)}`,
    'pscale_tkn_ is how such a token begins',
    'PLANETSCALE_TOKEN=process.env.PLANETSCALE_TOKEN',
    'planetscale_token: <your token>',
  ],
});
