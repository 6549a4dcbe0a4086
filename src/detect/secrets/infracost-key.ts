import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'infracost-key',
  family: 'secret',
  summary: 'Infracost API keys: prefix ico- and 32 letters and digits in mixed case.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // infracost.io/docs.
  pattern: /\bico-[A-Za-z0-9]{32}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export INFRACOST_API_KEY='${'ico-'}zg7uQ8kxDnt1XN8MNrdbQMwI9J6F07YU'; make deploy`,
    `{"token":"${'ico-'}197JQWkgQPcrY8qGn04IuW8HhVjhdXOi"}`,
    `my Infracost key is ${'ico-'}QA7vQIkM94FqMqKD71q1dGUYPJxkephE, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'ico-'}bh73QckOBSNT36qfD37jYBXM2seDNpnb" https://api.example.org/v1`,
    `${'ico-'}I87aQRkrs8jIgrgox5cvlDfuOVSqgpoz`,
  ],
  ignores: [
    `${'ico-'}9s7QQ1kXotIIVvAzIyXRhXnrfnNgq6O`,
    `${'ico-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'ico-'}p47uQHkWx1Dppf20djV2Xubp1xGVoob2`,
    'tokens of Infracost begin with ico- and are kept in the vault',
    'INFRACOST_API_KEY=<your Infracost key>',
    'https://www.notion.so/Calendario-pubblico-1bc826ecc0994dd8915be97fc3489cde',
  ],
});
