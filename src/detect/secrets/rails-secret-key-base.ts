import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'rails-secret-key-base',
  family: 'secret',
  summary: 'Session keys of Rails and Phoenix: secret_key_base with 64 characters or more.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  // guides.rubyonrails.org, "Configuring". A longer one is found by its beginning.
  pattern: /secret_key_base["']?\s{0,2}(?:=>|[:=,])\s{0,2}["']?[A-Za-z0-9+/]{60,90}/i,
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'cwe:321'],
  finds: [
    `secret_key_base: ${'3f7868'}50e387550fdab836ed7e6dc881de23001b89e6c98cb5d2aa3e8f7c2f4b1d60a9e7`,
    `SECRET_KEY_BASE=${'9b2f6f'}0c3d524a1e9a530b8f6c1d2e7a4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f${'0c3d52'}4a1e9a530b8f6c1d2e7a4c5d6e7f80`,
    `secret_key_base: "${'q8Zt3'}LmW5xR1nB7vK9Jd0sHf2GyU4iOpE6aTcVbNwQrXz8kYmIjDl3SgPoRh5uFeA7"`,
    `config.secret_key_base = '${'fd18ec'}6120b9ff4250429d2d6b730574a17662e982efeeb6997d76d90462aaea1aac'`,
  ],
  ignores: [
    'secret_key_base: <%= ENV["SECRET_KEY_BASE"] %>',
    'SECRET_KEY_BASE=$(rails secret)',
    `secret_key_base: ${'0'.repeat(64)}`,
    'secret_key_base: System.fetch_env!("SECRET_KEY_BASE")',
    'secret_key_base is missing, run rails secret',
    'secret_key_base: 3f786850',
  ],
});
