import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'scaleway-access-key',
  family: 'secret',
  summary: 'Scaleway access keys: SCW and 17 upper-case letters and digits, near the name or in a credential.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.85,
  // scaleway.com/en/docs/iam; the id of a key whose secret is a UUID, see `scaleway-secret-key`.
  pattern: /\bSCW[A-Z0-9]{17}\b/,
  check: looksRandom,
  nearby: ['scw_', 'scaleway', 'access_key', 'access-key', 'accesskey'],
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SCW_ACCESS_KEY=${'SCW'}CL3G09S3S9SU3PNFV`,
    `export SCW_ACCESS_KEY='${'SCW'}4Z3MB1XN2YKHMI49S'; make deploy`,
    `my Scaleway key is ${'SCW'}4QD97W7D01TCKBR7B, what do I do with it?`,
    `{"scw_":{"apiKey":"${'SCW'}25H57VAV2AF2VW1KN"}}`,
  ],
  ignores: [
    `key=${'SCW'}21PHYPD0VNHYR9T97`,
    `${'SCW'}8SQ09SAL9Z57QWCE`,
    `${'SCW'}xxxxxxxxxxxxxxxxx`,
    `a${'SCW'}KYBCLFBN5H8OHC0W4`,
    'tokens of Scaleway begin with SCW and are kept in the vault',
    'SCW_ACCESS_KEY=<your Scaleway key>',
  ],
});
