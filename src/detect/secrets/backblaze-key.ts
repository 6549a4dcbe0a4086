import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'backblaze-key',
  family: 'secret',
  summary: 'Backblaze B2 application keys: K00, a digit and 27 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  // backblaze.com/docs/cloud-storage-application-keys.
  pattern: /\bK00\d[A-Za-z0-9+/]{26}(?:\w\b|[+/]\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `B2_APPLICATION_KEY=${'K00'}9pGBdZqGEB1ungZfdkw43Azih2xC`,
    `{"token":"${'K00'}9DCGa6GHu56GeoEOuK3732l5FpJt"}`,
    `my Backblaze key is ${'K00'}4hvrLCvrX0W7KHaWAWxL9E1sIA4C, what do I do with it?`,
    `client = Client('${'K00'}7ADxVuTtzLZKQjClpuxHjtCbXhnF')`,
  ],
  ignores: [
    `${'K00'}27A0x5DDt`,
    `${'K00'}0000000000000000000000000000`,
    `q${'K00'}2dDQeEVFVmkDWolUTVcafqcet6S7`,
    'a key of Backblaze begins with K00 and is kept in the vault',
    'B2_APPLICATION_KEY=<your Backblaze key>',
  ],
});
