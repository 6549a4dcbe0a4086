import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'tailscale-key',
  family: 'secret',
  summary: 'Tailscale auth, API, client and webhook keys.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\btskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{20,48}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `--token ${'tskey-auth-k'}r7QPZnqHCNTRL-r7Q51TkEOpjzUS0aECprQ4N3Cn0NzYSV --verbose`,
    `tailscale_key: '${'tskey-api-k'}r7QC8xGoCNTRL-r7QuPl7iXoWRXErQR1NdBleoTAiuDNmF'`,
    `Authorization: Bearer ${'tskey-client-k'}r7QS71nfCNTRL-r7Ql9iWztmANboVYtETmQF1N8FM2pcbk`,
    `curl -H "X-Token: ${'tskey-auth-k'}r7Q7WGFeCNTRL-r7QriAGbsadKuqWehtOETaYHb3u5Np7V" https://api.example.com/v1`,
  ],
  ignores: [
    `${'tskey-auth-k'}r7QjM9EfCN`,
    `x${'tskey-auth-k'}r7QjM9EfCNTRL-r7QGDXEcdwsUOEfx1pV9FO1ikAnWuu9y`,
    `${'tskey-auth-k'}${'x'.repeat(46)}`,
    'tskey-auth-k is how such a token begins',
    'TAILSCALE_KEY=process.env.TAILSCALE_KEY',
    'tailscale_key: <your token>',
  ],
});
