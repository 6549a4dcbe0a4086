import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'akamai-edgegrid-token',
  family: 'secret',
  summary: 'Akamai EdgeGrid client and access tokens: akab- and two groups of sixteen.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  // techdocs.akamai.com/developer, .edgerc.
  pattern: /\bakab-[a-z0-9]{16}-[a-z0-9]{16}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `access_token=${'akab-'}tcxaaep3xgmbl1xz-ewct24xeatcew5pc`,
    `{"token":"${'akab-'}fn0kp29a4476lb28-we3fb810omn4u8bb"}`,
    `my Akamai key is ${'akab-'}xflkdjacr52x3e9f-slsuu49uy9jsd491, what do I do with it?`,
    `client = Client('${'akab-'}ybvislu9tttmmtfv-epr7qwl3anw87uo5')`,
  ],
  ignores: [
    `${'akab-'}azjo939bhol`,
    `${'akab-'}0000000000000000-0000000000000000`,
    `q${'akab-'}w9n6oq5sbf8glbww-hfte095qxtl4nyf0`,
    'a key of Akamai begins with akab- and is kept in the vault',
    'access_token=<your Akamai key>',
  ],
});
