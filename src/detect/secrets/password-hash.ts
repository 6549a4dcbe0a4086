import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

// In the alphabet of crypt(3); the forms of passlib and PHC.
const UNIT = '[./A-Za-z0-9]';
const FORMS = [
  `(?:1|apr1)\\$${UNIT}{1,8}\\$${UNIT}{21}`,
  `5\\$(?:rounds=\\d{4,6}\\$)?${UNIT}{1,16}\\$${UNIT}{42}`,
  `6\\$(?:rounds=\\d{4,6}\\$)?${UNIT}{1,16}\\$${UNIT}{85}`,
  `[89]\\$${UNIT}{14}\\$${UNIT}{42}`,
  `g?y\\$${UNIT}{1,6}\\$${UNIT}{8,32}\\$${UNIT}{42}`,
  `2[abxy]\\$\\d\\d\\$${UNIT}{52}`,
  'argon2(?:id|i|d)\\$v=\\d\\d\\$m=\\d{2,7},t=\\d{1,2},p=\\d{1,2}\\$[A-Za-z0-9+/]{11,32}\\$[A-Za-z0-9+/]{20,42}',
];

export default detector({
  name: 'password-hash',
  family: 'secret',
  summary: 'Hashes of passwords as in shadow and htpasswd files: crypt, bcrypt, yescrypt, Argon2, LDAP, Django; they can be guessed at.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.9,
  pattern: new RegExp(
    `\\$(?:${FORMS.join('|')})(?:\\w\\b|[./+]\\B)|\\bpbkdf2_sha256\\$\\d{4,7}\\$[A-Za-z0-9]{8,32}\\$[A-Za-z0-9+/]{43}=|\\{SSHA(?:256|512)?\\}[A-Za-z0-9+/]{31,98}={0,2}`,
  ),
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'cwe:916'],
  finds: [
    `anna:${'$6$'}ab12cd34ef$NqVwYS81VP7Hb1DX8pPd5khxE3pyIgKpaUnArl63XykWZeiNNCiia3anXn9k3ksu9mI4ROnl89Sm995ytbxAk7:19000:0:99999:7:::`,
    `anna:${'$apr1$'}ab12cd34$q8Zt3LmW5xR1nB7vK9Jd0s`,
    `"password": "${'$2y$'}10$jqevt0MLaMRTvetw0tESulEETldq8b8Vw2zbJYAxyL1aCcTlN99mh"`,
    `${'$argon2id$'}v=19$m=65536,t=3,p=4$q8Zt3LmW5xR1nB7v$K9Jd0sHf2GyU4iOpE6aTcVbNwQrXz8kYmIjDl3SgPoR`,
    `rootpw ${'{SSHA}'}q8Zt3LmW5xR1nB7vK9Jd0sHf2GyU4iOp`,
    `${'pbkdf2_sha256$'}600000$q8Zt3LmW5xR1$K9Jd0sHf2GyU4iOpE6aTcVbNwQrXz8kYmIjDl3SgPoR=`,
  ],
  ignores: [
    `${'$2y$'}10$${'x'.repeat(53)}`,
    '$1$2$3 are the groups of the match',
    `${'$6$'}salt$tooshort`,
    'the hash begins with $argon2id$v=19$',
    '{SSHA}hash',
    'costs $5 or $6 a month',
  ],
});
