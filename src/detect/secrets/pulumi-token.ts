import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'pulumi-token',
  family: 'secret',
  summary: 'Pulumi access tokens: prefix pul- and 40 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // pulumi.com/docs, "Access tokens".
  pattern: /\bpul-[a-f0-9]{40}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `PULUMI_ACCESS_TOKEN=${'pul-'}2d24961ca3b3d4f57d113d89ed965c941e05739a`,
    `token: ${'pul-'}8b1223bcad636f12ac085bff0a37a156de246e2a\nregion: eu`,
    `my Pulumi key is ${'pul-'}5df564363e45d81c438cf8ea184f986670d2c43e, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'pul-'}63ed8ec92528e3b4152e831f43f67b239c9a89bb" https://api.example.org/v1`,
    `${'pul-'}443499734f6be9aab71dcd1a10f1be69bd62ed4e`,
  ],
  ignores: [
    `${'pul-'}e4767a28d10aa8aec72d48d88858cc2f690dcc6`,
    `${'pul-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'pul-'}265c9e7c03b55634143cbe9f2bdcccc11d65da14`,
    'tokens of Pulumi begin with pul- and are kept in the vault',
    'PULUMI_ACCESS_TOKEN=<your Pulumi key>',
  ],
});
