import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'laravel-app-key',
  family: 'secret',
  summary: 'Encryption keys of Laravel applications: APP_KEY with base64: and 16 or 32 bytes.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.96,
  // laravel.com/docs/encryption: AES-128 and AES-256.
  pattern: /\bAPP_(?:PREVIOUS_)?KEYS?["']?\s{0,2}(?:=>|[:=])\s{0,2}["']?base64:(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{22}==)/,
  check: (candidate) => looksRandom(candidate.slice(candidate.indexOf('base64:') + 'base64:'.length)),
  references: ['owasp-llm:LLM02:2026', 'cwe:321'],
  finds: [
    `APP_KEY=base64:${'q8Zt3'}DNxril3RavGD5MfvJ7NScUykT8C8UBkkpdhiG3=`,
    `APP_KEY: "base64:${'Vb4n7'}7LeXSyYV4g6snRoUYA4fXr6nzrvZcmT4a4Ad5y="`,
    `export APP_KEY='base64:${'Lk8jH'}5gF2dS9aP3oI6uYz7=='`,
    `'APP_KEY' => 'base64:${'m4Rzi'}2FibpBV62h9MahWLm52mva5fiI6bGfKFI6mAez='`,
  ],
  ignores: [
    'APP_KEY=',
    'APP_KEY=base64:',
    `APP_KEY=base64:${'A'.repeat(43)}=`,
    'APP_KEY=base64:<32 bytes>',
    "'key' => env('APP_KEY')",
    'php artisan key:generate sets APP_KEY to base64: and a key',
  ],
});
