import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'browserbase-key',
  family: 'secret',
  summary: 'Browserbase API keys: prefix bb_live_ or bb_test_ and 27 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  // docs.browserbase.com.
  pattern: /\bbb_(?:live|test)_[A-Za-z0-9_-]{26}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `BROWSERBASE_API_KEY=${'bb_test_'}Fhls33JFfxMrGVVkjhx8XrfNxq9`,
    `{"token":"${'bb_live_'}83KQbKDcGujDBM9KmIYCvrxE8D5"}`,
    `my Browserbase key is ${'bb_live_'}uBZ93dCMuKL0b1IhLq8jkz6zN9X, what do I do with it?`,
    `client = Client('${'bb_live_'}VdcgQE7i5lkPLAZGpVDpqbx429W')`,
  ],
  ignores: [
    `${'bb_test_'}SmnEh8X8v`,
    `${'bb_test_'}000000000000000000000000000`,
    `q${'bb_test_'}60InytoOUedFDKRfSYNz6RwiMTS`,
    'a key of Browserbase begins with bb_test_ and is kept in the vault',
    'BROWSERBASE_API_KEY=<your Browserbase key>',
  ],
});
