import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ory-token',
  family: 'secret',
  summary: 'Ory tokens: access, refresh and session tokens, project and workspace keys (ory_at_, ory_pat_ and others).',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  // ory.sh/docs, "API tokens".
  pattern: /\bory_(?:at|rt|ac|st|pat|apikey|wak)_[A-Za-z0-9_-]{31,90}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ORY_TOKEN=${'ory_pat_'}FmOv8UjjmdLfaro6LvBLStBZVWh01F5U`,
    `{"token":"${'ory_st_'}9DIj1mDK7xsl6isPEFBDmn8UDsznEmJ0"}`,
    `my Ory key is ${'ory_pat_'}jSHuuBjcDqnim5hptLu36D9QKGVzESCo, what do I do with it?`,
    `client = Client('${'ory_st_'}30ernua0ShkSLJmYaFg8RGGr34svepUc')`,
  ],
  ignores: [
    `${'ory_pat_'}PJjtDO1Vqh`,
    `${'ory_pat_'}00000000000000000000000000000000`,
    `q${'ory_st_'}8BXIoDejsE0WvpbAOpGrL3k8YYWSkUqk`,
    'a key of Ory begins with ory_pat_ and is kept in the vault',
    'ORY_TOKEN=<your Ory key>',
  ],
});
