import { OPERATOR } from '../assignment.ts';
import { assignsPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

// To white space, a quote or markup. It ends at the end of a word: `exampl` is no placeholder any more.
const VALUE = '[!#-&(-;=?-_a-~\\u00a1-\\ud7ff]{4,63}(?:\\w\\b|[!#-&(-/:;=?@[-^{-~])';

export default detector({
  name: 'password-assignment',
  family: 'secret',
  summary: 'Passwords in code, configuration and notes; words of documentation, variables, calls and plain words pass.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.75,
  pattern: new RegExp(
    `(?:passwor[dt]|passwd|passphrase|kennwort|contraseña|mot[ _-]de[ _-]passe|\\bpwd|\\bsshpass|_pwd|_pass|\\bpass|\\b(?:db|smtp|mail|ftp|sql|ssh|user|admin|root|login)pass)${OPERATOR}${VALUE}`,
    'i',
  ),
  check: assignsPassword,
  references: ['owasp-llm:LLM02:2026', 'cwe:798'],
  finds: [
    `password = "${'wint3r'}-Falke!"`,
    `DB_PASSWORD=${'Xk7'}mQ2vL9`,
    `{"password":"${'gT5$'}rooftop"}`,
    `define('DB_PASSWORD', '${'m4rz1'}pan&co');`,
    `<password>${'Obst6'}g4rten</password>`,
    `PGPASSWORD=${'9fox'}trot-8 psql -h db`,
    `SSHPASS=${'q8Zt3'}LmW5 sshpass -e ssh anna@example.com`,
    `**Password:** ${'tUlp3'}nfeld!`,
    `spring.datasource.password: ${'B1rken'}-w4ld`,
    `const smtpPass = '${'Tr4wler'}!Fjord88';`,
    `login anna pwd: ${'Zug#4'}711`,
  ],
  ignores: [
    'password = os.environ["DB_PASSWORD"]',
    'password: process.env.PASSWORD',
    'password = getpass.getpass()',
    'password: "changeme"',
    `password="${'x'.repeat(12)}"`,
    `PASSWORD=${'$'}{DB_PASSWORD}`,
    'password: string;',
    'const password = userPassword2;',
    '"password": "<your password>"',
    'Password: required, at least 12 characters',
    'password=\nuser=anna',
    'password: secretKeyRef',
    'forgot your password? https://example.com/reset',
    'the password is weak, choose another',
    'if (password == confirmPassword) return;',
    "password: { type: 'string', minLength: 8 }",
    'password_hash: bcrypt.hash(password, 10)',
    'password == other.password',
  ],
});
