import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

/** What each vendor's tokens begin with, and what follows. Not every vendor says how long they are: the lengths leave room, the tier is flag. */
const TOKENS = [
  '\\$aact_[A-Za-z0-9_]{60,110}', // Asaas
  'api_(?:live|sandbox)(?:_[a-z]{2})?\\.[A-Za-z0-9_-]{11}\\.[A-Za-z0-9_-]{32}', // Onfido
  'crsr_[0-9a-f]{64}', // Cursor
  'hxt[pw]_[0-9a-f]{40,96}', // Hex
  'ion_[A-Za-z0-9]{42}', // Ionic
  'polar_(?:oat|pat|ora|cs)_[A-Za-z0-9]{36,60}', // Polar
  'sec-c-[A-Za-z0-9+/]{48}', // PubNub
  'unkey_[A-Za-z0-9]{20,32}', // Unkey
  'vtwn_[A-Za-z0-9]{24,40}', // Val Town
  'wandb_v1_[A-Za-z0-9_]{56,90}', // Weights & Biases
  'xox[d]-[A-Za-z0-9%_-]{60,110}', // the session cookie of Slack
  'zpka_[0-9a-f]{32}_[0-9a-f]{8}', // Zuplo
  'dvc_server_[a-z0-9_]{36,48}', // DevCycle
  'seam_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{20,28}', // Seam
  'esecret_[a-z0-9]{26}', // Anyscale
  'cf(?:ut|at|k)_[A-Za-z0-9]{40}[0-9a-f]{8}', // Cloudflare
];

export default detector({
  name: 'prefixed-token',
  family: 'secret',
  summary: 'Tokens of vendors without a detector of their own, by the prefix of each; placeholders pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.88,
  pattern: new RegExp(`(?:${TOKENS.map((token) => (token.startsWith('\\') ? token : `\\b${token}`)).join('|')})\\b`),
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ASAAS_KEY=${'$aact_'}q8Zt3LmW5xR1nB7vK9d2LkV78zLx9tQw4RbN6cAfHu2Gd5Yj0Ps8Te1Mi7XoEq`,
    `Token token=${'api_live.'}d2LkV78zLx9.q8Zt3LmW5xR1nB7vK9aZ8kQ2rT9vXc4L`,
    `export CURSOR_API_KEY=${'crsr_'}c2cdf1badd5785f04e7855ee76beac4bc961733aa62f8da82a5d4f905c0c0346`,
    `revoke ${'vtwn_'}q8Zt3LmW5xR1nB7vK9d2LkV78zL, please`,
    `client = Client("${'unkey_'}q8Zt3LmW5xR1nB7vK9d2Lk")`,
    `d=${'xoxd-'}q8Zt3LmW5xR1nB7vK9d2LkV78zLx9tQw4RbN6cAfHu2Gd5Yj0Ps8Te1Mi7XoEq%2BZ8kQ2rT9vXc4LmN7pWe`,
    `ZUPLO=${'zpka_'}3f786850e387550fdab836ed7e6dc881_de23001b`,
  ],
  ignores: [
    `${'$aact_'}${'x'.repeat(70)}`,
    'polar_oat_<your token>',
    `${'crsr_'}c2cdf1badd5785f0`,
    `${'unkey_'}your_root_key_goes_here`,
    'seam_allowance_of_the_dress_pattern',
    'ion_channel_measurements_in_neurons_of_mice_2024',
    `a${'vtwn_'}q8Zt3LmW5xR1nB7vK9d2LkV78zL`,
  ],
});
