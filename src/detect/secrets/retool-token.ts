import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'retool-token',
  family: 'secret',
  summary: 'Retool access tokens: prefix retool_01 and 24 characters or more.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  // docs.retool.com/org-users/guides/retool-api.
  pattern: /\bretool_01[a-z0-9]{22,40}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `RETOOL_TOKEN=${'retool_01'}l8qdxgjuch0p1w3y01r3l73ana`,
    `{"token":"${'retool_01'}b2ariqz9bn91i7zkhviz2ad5v3"}`,
    `my Retool key is ${'retool_01'}d3e7r79lktm3xia2cnb1n5uq71, what do I do with it?`,
    `client = Client('${'retool_01'}ylkb88nsa8yf5mmtnivme5kjqf')`,
  ],
  ignores: [
    `${'retool_01'}zj2v7smo`,
    `${'retool_01'}00000000000000000000000000`,
    `q${'retool_01'}8aq9qecxayrk336mtw2910opo3`,
    'a key of Retool begins with retool_01 and is kept in the vault',
    'RETOOL_TOKEN=<your Retool key>',
  ],
});
