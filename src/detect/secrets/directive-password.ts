import { assignsPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'directive-password',
  family: 'secret',
  summary: 'Passwords behind a directive and a space: bindpw and rootpw of LDAP, requirepass of Redis, storePassword of Gradle.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern:
    /\b(?:bindpw|bind_pw|rootpw|rootbindpw|olcRootPW|requirepass|masterauth|storePassword|keyPassword|auth_pass|connection\.password):?[ \t]{1,4}["']?[!#-&(-;=?-~]{5,48}(?:\w\b|[!#-&*-/:;=?@^~])/,
  check: (candidate) => assignsPassword(`=${lastWord(candidate)}`),
  references: ['owasp-llm:LLM02:2026', 'cwe:260'],
  finds: [
    `binddn cn=admin,dc=example,dc=com\nbindpw ${'tUlp3'}nfeld9`,
    `requirepass ${'Zug4'}7x11`,
    `storePassword '${'m4rzip'}an!7'`,
    `hibernate.connection.password ${'B1rk3n'}-w4ld`,
    `auth_pass "${'q8Zt3'}LmW5"`,
  ],
  ignores: [
    'bindpw secret',
    'requirepass foobared',
    "storePassword System.getenv('STORE_PASSWORD')",
    'requirepass $REDIS_PASSWORD',
    'keyPassword keystoreProperties.password2',
    'rootpw {SSHA}hash',
    'bindpw <password>',
  ],
});

function lastWord(text: string): string {
  return text.slice(Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t')) + 1);
}
