import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'bitwarden-token',
  family: 'secret',
  summary: 'Bitwarden Secrets Manager access tokens: version, UUID, 30 characters and a key in base64.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  // bitwarden.com/help/access-tokens.
  pattern: /\b0\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}==/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `BWS_ACCESS_TOKEN=${'0.'}c16f2c16-d528-50b3-5b04-2aa6ad92f729.UwZMWB2IJOqKVsy9UXRF2GG9rDAFvc:uuQ8L2c6ujRf2iCaGQpjuj==`,
    `{"token":"${'0.'}6c9f066a-a7e0-bbb2-2d42-2da486e76258.oPe5UpmmAuBm3d6cWF7HQkvUlZnM4M:JhkoOHMxPpB9ZaUnHyrMc6=="}`,
    `my Bitwarden key is ${'0.'}55f5b7e1-af23-a1bd-97d5-e79107f288da.29hsHBTtvNBlPoIuEm0SNeFlhojQ94:EDWmQc2z5o1IkPICj6oXJj==, what do I do with it?`,
    `client = Client('${'0.'}22f2fbbb-5ad7-b02e-7f41-87046fefaab7.8c3Hgjavn8T78oYTM0Id7ophJKCFHY:mvXYyyYPuGSNldc4XjlYdf==')`,
  ],
  ignores: [
    `${'0.'}0c3f162c-c9ac-8497-109d-be321d`,
    `${'0.'}00000000-0000-0000-0000-000000000000.000000000000000000000000000000:0000000000000000000000==`,
    `q${'0.'}9f4bec5a-eddc-f93e-a0fa-c9a04d05e7af.zDQvim2ong5hldfibP7d547OmNXxx9:bvf2HWINqXlcbkxUoXFRmq==`,
    'a key of Bitwarden begins with 0. and is kept in the vault',
    'BWS_ACCESS_TOKEN=<your Bitwarden key>',
  ],
});
