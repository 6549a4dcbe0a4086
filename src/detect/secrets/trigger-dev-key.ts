import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'trigger-dev-key',
  family: 'secret',
  summary: 'Trigger.dev secret keys and access tokens: tr_, the environment and 20 to 40 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  // trigger.dev/docs/apikeys.
  pattern: /\btr_(?:dev|prod|stg|preview|pat)_[A-Za-z0-9]{20,40}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `TRIGGER_SECRET_KEY=${'tr_pat_'}W2O8CNKWuTyLuF08G0MxnZhJ`,
    `{"token":"${'tr_pat_'}r94feshPG68rVNp5hk91Gamf"}`,
    `my Trigger.dev key is ${'tr_pat_'}ogR49AiKb6r5aLdxRj1BOz8E, what do I do with it?`,
    `client = Client('${'tr_dev_'}Z3EMHM1LIlmkwwYBEqR8WztI')`,
  ],
  ignores: [
    `${'tr_dev_'}CJ7IKnZE`,
    `${'tr_dev_'}000000000000000000000000`,
    `q${'tr_dev_'}oi6FLyZEeN5pvaPSDz6pvcYD`,
    'a key of Trigger.dev begins with tr_dev_ and is kept in the vault',
    'TRIGGER_SECRET_KEY=<your Trigger.dev key>',
  ],
});
