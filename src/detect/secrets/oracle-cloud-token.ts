import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'oracle-cloud-token',
  family: 'secret',
  summary: 'Oracle Cloud customer secret keys, by the name of the service: 44 characters in base 64.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  // docs.oracle.com/iaas, "Customer secret keys" for the S3-compatible API.
  pattern: assignment('(?:\\boci|oracle[_ .-]?cloud)[\\w .-]{0,8}(?:token|secret)', '\\b[A-Za-z0-9+/]{43}='),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `OCI_AUTH_TOKEN=${'eG7q'}QKks5O6HOvmUr3gj5FMdD4YQ3iWosVVa2WNG7rI=`,
    `{"ociSecretKey": "${'LL7Y'}Qkk3Lzn8Xg6FAb5lIfoVcALAl7aGNFzcJssISbD="}`,
    `export OCI_AUTH_TOKEN='${'6L7P'}QFkOZXyEPg9iHWiE71FfROaSjie3JzUddQRkvsp='; make deploy`,
    `oci_auth_token: ${'CJ7A'}Q9k9HLETfQwEy5Wbl0ixtYFmPXnbW0SmG7epy7A=\nregion: eu`,
  ],
  ignores: [
    'OCI_AUTH_TOKEN=process.env.OCI_AUTH_TOKEN',
    'OCI_AUTH_TOKEN=<your Oracle Cloud key>',
    `checksum=${'WD7V'}QYkHACWGOD5SVsMFtrZRDu4uZbXZMkz4TgrCyzF=`,
    'OCI_AUTH_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Oracle Cloud answered in 120 ms, request ${'BB7j'}QAkFQnZgceSkDDuXsnLFWCGkB0GLMgzuH7YjHPi=`,
    `ociSecretKey=${'xx7b'}QEkURz3uUymYCkjAMeFQqf2BaH`,
  ],
});
