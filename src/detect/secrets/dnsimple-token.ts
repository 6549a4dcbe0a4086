import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'dnsimple-token',
  family: 'secret',
  summary: 'DNSimple user and account tokens: dnsimple_u_ or dnsimple_a_ and 32 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // support.dnsimple.com/articles/api-access-token.
  pattern: /\bdnsimple_[aou]_[A-Za-z0-9]{32}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DNSIMPLE_TOKEN=${'dnsimple_a_'}6ESgLmGoA75RAEaCnlm8jikL4rBKAEee`,
    `{"token":"${'dnsimple_a_'}ISbuJFBQP2Oq07jqm70RHi1davj2oTdv"}`,
    `my DNSimple key is ${'dnsimple_a_'}W7CsscIHsIwTl2UwwPrXvtPlFN3JaynY, what do I do with it?`,
    `client = Client('${'dnsimple_a_'}XtcGogq4Rm0x1Gfwwk6DjnxwEFg5gGuf')`,
  ],
  ignores: [
    `${'dnsimple_a_'}bpLl9EKGli`,
    `${'dnsimple_a_'}00000000000000000000000000000000`,
    `q${'dnsimple_a_'}ekVDW7aUtFlj4tM2ZR56C0kt8062YOso`,
    'a key of DNSimple begins with dnsimple_a_ and is kept in the vault',
    'DNSIMPLE_TOKEN=<your DNSimple key>',
  ],
});
