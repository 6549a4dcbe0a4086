import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'vercel-token',
  family: 'secret',
  summary: 'Vercel tokens: personal, integration, app, refresh and AI gateway (vcp_, vci_, vca_, vcr_, vck_).',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  // vercel.com/docs, token formats since 2025.
  pattern: /\bvc[ipark]_[A-Za-z0-9]{24,80}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `VERCEL_TOKEN="${'vcp_'}RU7UQMkyljuRt43y2w2bNfURvnZ1tV0fzszcjSA5LIYctzs371FCjisg"`,
    `{"token":"${'vcp_'}pC7nQmkDxJunXHMZYQJfldhNFtgQtNiyHt9SH0c18KaN9IL6Vs7SFAWj"}`,
    `my Vercel key is ${'vcp_'}a97nQkkFAfl55uY7DKsgllGB778qgvpSCjSOVnm2DqlyOBpazrJHuULw, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'vcp_'}9a7EQvklgjKbO0VmOs1GdvOW4hBkVKVunD7ncUPLbbTa3OpZnTA2u7zF" https://api.example.org/v1`,
    `${'vcp_'}jP7jQOkH9hsuE7HlihAdWcvU9sdVszgqDAswiia0z697mO2REUqT6fGB`,
    `AI_GATEWAY_API_KEY=${'vck_'}Uu7IQEkdYkZwbSyceUasNh1Ufkwe5O7mP5JWu28mBCK0o1jPIv0RflSW`,
  ],
  ignores: [
    `${'vcp_'}Mj77Qnkj1ryC9KQP78`,
    `${'vcp_'}xxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'vcp_'}iO76QVks3wqg0I9s5FmUrmvp5xtFDmEDPrlp0MvM2J2AQuazd3tR2kXX`,
    'tokens of Vercel begin with vcp_ and are kept in the vault',
    'VERCEL_TOKEN=<your Vercel key>',
  ],
});
