import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'google-oauth-secret',
  family: 'secret',
  summary: 'Google OAuth client secrets: prefix GOCSPX- and 28 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.99,
  // Google identity platform, client secrets since 2021.
  pattern: /\bGOCSPX-[A-Za-z0-9_-]{27}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `GOOGLE_CLIENT_SECRET="${'GOCSPX-'}6o7WQckxIBUnEk0MMuznhuvgnzEB"`,
    `{"token":"${'GOCSPX-'}027CQDkxiYpagYx8alRQmjtbpb5V"}`,
    `my Google key is ${'GOCSPX-'}L17cQQk9gglaTXLwdlNgyW2s_FsH, what do I do with it?`,
    `client = Client("${'GOCSPX-'}0W7jQ0kZo77-pxCMTQEmpsvH8gWB")`,
    `--token ${'GOCSPX-'}nd7kQfk63jl00K_zkcDJeX9Qcm2x --verbose`,
  ],
  ignores: [
    `${'GOCSPX-'}407WQ6k3UMe-MovfeNgaEf_nY4B`,
    `${'GOCSPX-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'GOCSPX-'}xb7_QFkqdeGNv20uDQGJGE4kq4IS`,
    'tokens of Google begin with GOCSPX- and are kept in the vault',
    'GOOGLE_CLIENT_SECRET=<your Google key>',
  ],
});
