import { shannonBits } from '../checks/entropy.ts';
import { quotedValue } from '../checks/quoted-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'wordpress-salt',
  family: 'secret',
  summary: 'Keys and salts of wp-config.php: AUTH_KEY, NONCE_SALT and their like with 64 random characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.96,
  // developer.wordpress.org, "Security keys". What stands in for one is a sentence, which is shorter and has fewer bits.
  pattern: /\b(?:AUTH|SECURE_AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)['"]\s?,\s{0,12}['"][ -&(-~]{60,66}['"]/,
  check: (candidate) => shannonBits(quotedValue(candidate)) >= BITS_MIN,
  references: ['owasp-llm:LLM02:2026', 'cwe:321'],
  finds: [
    `define('AUTH_KEY',         '${'q8#Zt3L'}mW5|xR1n>B7vK9&Jd0s{Hf2GyU!4iO@pE6a~TcVbN%wQrXz8k(YmIj)D');`,
    `define( 'NONCE_SALT', '${'Vb4[n7'}QwE2]rT9yU+5iO1pA*q8Zt3?LmW5x.R1nB7v,K9Jd0s=Hf2Gy^U4iO;pE6' );`,
    `define('LOGGED_IN_KEY','${'Lk8jH5'}g/F2dS9<aP3oI6uY_q8Zt3LmW5x-R1nB7vK9Jd0:sHf2GyU4iOpE6aTz!');`,
    `define("SECURE_AUTH_SALT", "${'m4Rzip'}9n Q2wE5rT8 yU1iO4pA7 sD0fG3hJ6 kL9zX2cV5 bN8mQ1wE4 rT7yU0iO");`,
  ],
  ignores: [
    "define('AUTH_KEY',         'put your unique phrase here');",
    "define('AUTH_KEY', getenv('AUTH_KEY'));",
    `define('AUTH_KEY', '${'x'.repeat(64)}');`,
    "define('AUTH_KEY', '');",
    'AUTH_KEY and NONCE_SALT are made anew at set-up',
  ],
});

/** Random printable text of 64 characters has 5.3, a sentence 4. */
const BITS_MIN = 4.6;
