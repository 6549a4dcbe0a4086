import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'stytch-secret',
  family: 'secret',
  summary: 'Stytch project secrets: secret-, the environment, 36 characters and an equals sign.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // stytch.com/docs.
  pattern: /\bsecret-(?:live|test)-[A-Za-z0-9_-]{36}=/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `STYTCH_SECRET=${'secret-live-'}JoSNkF56iblefzKFIsvvDieWS9HlsPCv7kX8=`,
    `{"token":"${'secret-live-'}7db7kclXFhBsqRTRqLKQUhMlBA1pubuXwKjr="}`,
    `my Stytch key is ${'secret-live-'}JiaOw15PV74CKXIqsbmF4zSKLFNF5tlkMb25=, what do I do with it?`,
    `client = Client('${'secret-test-'}QocPIUBa0R9Ah2cE3Z0JnTBZRdab1dgYnZbp=')`,
  ],
  ignores: [
    `${'secret-test-'}NB8rmWFfBrrV`,
    `${'secret-test-'}000000000000000000000000000000000000=`,
    `q${'secret-live-'}c7ysTO4RzUq4h29HSSiKw6Vq9fE0QO8QJvmg=`,
    'a key of Stytch begins with secret-test- and is kept in the vault',
    'STYTCH_SECRET=<your Stytch key>',
  ],
});
