import { detector } from '../detector.ts';

export default detector({
  name: 'gcp-service-account',
  family: 'secret',
  summary: 'Google service account credentials in JSON: the marker of their type or the id of their private key.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  // cloud.google.com/iam/docs/keys-create-delete; the key itself is found by `private-key`.
  pattern: /"type\\?"\s{0,4}:\s{0,4}\\?"service_account\\?"|"private_key_id\\?"\s{0,4}:\s{0,4}\\?"[a-f0-9]{40}\\?"/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    '{"type": "service_account", "project_id": "shop"}',
    `"private_key_id": "${'c90d'}ace80ae0b8c2c3c2ea53c26ff9f1a972b786"`,
    '{\n  "type" : "service_account",\n  "client_id": "1"}',
    '{\\"type\\": \\"service_account\\"}',
  ],
  ignores: [
    'type: service_account',
    '{"type": "authorized_user"}',
    '"private_key_id": "<id>"',
    'create a service_account for the build',
    '{"kind": "service_account"}',
  ],
});
