import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'jsr-token',
  family: 'secret',
  summary: 'JSR access tokens: personal (jsrp_) and device (jsrd_).',
  tier: 'block',
  severity: 'critical',
  confidence: 0.93,
  // jsr.io, registry API.
  pattern: /\bjsr[pd]_[A-Za-z0-9]{32,44}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export JSR_TOKEN='${'jsrp_'}w47VQVkhqtvMRW9BoL3eFnzbe6nM8dXrfwst'; make deploy`,
    `{"token":"${'jsrp_'}Ya73QAkp4Hg3NN3MEYEKZcpgIHMBz9J43nAL"}`,
    `my JSR key is ${'jsrp_'}OC7PQOkXKY9GAGWUKN2RXrETFc00hqY2v0Xr, what do I do with it?`,
    `client = Client("${'jsrp_'}Vp72Q4klCCcDEw5UdNCCbgOEhySp2tDL1D8N")`,
    `--token ${'jsrp_'}lE7xQrkIAbXblZVF9vKxgB9jFLmfcO10CfpS --verbose`,
  ],
  ignores: [
    `${'jsrp_'}cY7YQMkrAIVrRFM6akXF`,
    `${'jsrp_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'jsrp_'}rO7vQikutRGrxGvpPul3aVw0Lslw4z3iGGA7`,
    'tokens of JSR begin with jsrp_ and are kept in the vault',
    'JSR_TOKEN=<your JSR key>',
  ],
});
