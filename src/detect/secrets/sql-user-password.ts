import { quotedValue } from '../checks/quoted-value.ts';
import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sql-user-password',
  family: 'secret',
  summary: 'Passwords in SQL that makes or changes users: IDENTIFIED BY, WITH PASSWORD, SET PASSWORD; variables and words pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.88,
  // MySQL, MariaDB and Oracle: CREATE USER; PostgreSQL: CREATE ROLE; SQL Server: CREATE LOGIN.
  pattern:
    /\b(?:identified\s(?:with\s['"]?\w{3,24}['"]?\s)?(?:by|as)(?:\spassword)?|password(?:\sfor\s[\w'"@%.-]{1,32})?\s?=?)\s?(?:password\s?)?\(?\s?['"][!#-&(-~]{4,40}['"]/i,
  check: (candidate) => isPassword(quotedValue(candidate)),
  references: ['owasp-llm:LLM02:2026', 'cwe:798'],
  finds: [
    `CREATE USER 'anna'@'%' IDENTIFIED BY '${'tUlp3'}nfeld9';`,
    `ALTER ROLE shop WITH ENCRYPTED PASSWORD '${'Zug4'}711x';`,
    `SET PASSWORD FOR 'anna'@'db' = PASSWORD('${'m4rzip'}an!');`,
    `alter user app identified with mysql_native_password by "${'B1rk3n'}wald"`,
    `CREATE LOGIN shop WITH PASSWORD = '${'q8Zt3'}LmW5!'`,
  ],
  ignores: [
    "CREATE USER 'anna'@'%' IDENTIFIED BY 'password';",
    "ALTER ROLE shop WITH PASSWORD '$DB_PASSWORD';",
    'ALTER ROLE shop WITH PASSWORD NULL;',
    "CREATE USER anna IDENTIFIED BY '<password>';",
    "identified by 'name' in the list",
    'the password for anna is kept in the vault',
  ],
});
