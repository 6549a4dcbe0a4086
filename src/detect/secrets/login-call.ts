import { quotedValue } from '../checks/quoted-value.ts';
import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

const CALL =
  '(?:\\blogin|mysqli(?:_connect)?|pg_connect|\\bPDO|MySQLdb\\.connect|pymysql\\.connect|getConnection|ftp_login|HTTP(?:Basic|Digest)Auth|[Bb]asic_?[Aa]uth|\\bauth\\s?=\\s?|NetworkCredential|PasswordCredentials|PasswordAuthentication)';
const STRING = '["\'][ !#-&(-~]{1,24}["\']';
const FIRST = '(?:["\'][ !#-&(-~]{1,30}["\']|[$\\w.]{1,24})';

export default detector({
  name: 'login-call',
  family: 'secret',
  summary: 'Passwords given by their place to calls that sign in: login("user", "…"), auth=("user", "…"), mysqli, JDBC, PDO.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.84,
  pattern: new RegExp(`${CALL}\\s?\\(\\s?(?:${FIRST},\\s?)?${STRING},\\s?["'][!#-&(-~]{4,28}["']`),
  check: (candidate) => isPassword(quotedValue(candidate)),
  references: ['owasp-llm:LLM02:2026', 'cwe:798'],
  finds: [
    `server.login("anna@example.com", "${'tUlp3'}nfeld9")`,
    `mysqli_connect('db', 'shop', '${'Zug4'}711x', 'shop')`,
    `requests.get(url, auth=('anna', '${'m4rzip'}an!7'))`,
    `new PDO($dsn, 'shop', '${'B1rk3n'}wald')`,
    `DriverManager.getConnection(url, "shop", "${'q8Zt3'}LmW5")`,
    `request.basic_auth("shop", "${'9fox'}trot-8")`,
  ],
  ignores: [
    'server.login("anna@example.com", "password")',
    'server.login(user, password)',
    "auth=('user', os.environ['PASS'])",
    'mysqli_connect("localhost", "root", "")',
    "auth=('<user>', '<password>')",
    'page.login("anna", "Sign in here now")',
    'getConnection("jdbc:h2:mem:a", "sa", "secret")',
  ],
});
