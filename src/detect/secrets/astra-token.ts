import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'astra-token',
  family: 'secret',
  summary: 'DataStax Astra tokens: AstraCS, a client id and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.datastax.com, "Application tokens".
  pattern: /\bAstraCS:[A-Za-z]{24}:[0-9a-f]{64}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ASTRA_DB_APPLICATION_TOKEN=${'AstraCS:'}YHWMVHCjozJjzqUcpLkWBqxf:77841d4510cc06512697423ee57e8e8adc3c34879674a12ddbbb7db9fa8d4934`,
    `{"token":"${'AstraCS:'}nLNFpmELCmGCOnzfwGtUoUqb:c6549cd85f06e99dcd2d54cf1f87dd87ff79fb3b6eb67e7d2939b5a32a792c3d"}`,
    `my Astra key is ${'AstraCS:'}zWxwMroNtADLriyeWxQsOKMh:f2f8c50f3b21c93fc2b43b2601cce1a75d7b62819d0edf2a11f04e1836966304, what do I do with it?`,
    `client = Client('${'AstraCS:'}lOXfkDCPMypDOjdmjtrzakan:2e239646412f969a6a67cf855fded19cbb9520e0f6c9011d9aba555d27d7175c')`,
  ],
  ignores: [
    `${'AstraCS:'}neqniNOxsKBfRftuDdWOQMBU:5dc3`,
    `${'AstraCS:'}000000000000000000000000:0000000000000000000000000000000000000000000000000000000000000000`,
    `q${'AstraCS:'}brhQZAIAiqcdasqACcLaydyY:681631c78be2dadafb17755e7495d38dd71ea2f7be623a784c2f75ff5e110d7c`,
    'a key of Astra begins with AstraCS: and is kept in the vault',
    'ASTRA_DB_APPLICATION_TOKEN=<your Astra key>',
  ],
});
