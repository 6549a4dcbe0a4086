import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'driver-dsn',
  family: 'secret',
  summary: 'Passwords in data source names of Go: user:password@tcp(host:3306); words and variables pass.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.93,
  // github.com/go-sql-driver/mysql, "DSN". It begins with the colon: every word could be a user.
  pattern: /:[!#-&*-.0-9;=?A-~]{4,48}@(?:tcp|unix)\(/,
  check: (candidate) => isPassword(candidate.slice(1, candidate.lastIndexOf('@'))),
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `root:${'tUlp3'}nfeld9@tcp(db:3306)/shop`,
    `sql.Open("mysql", "shop:${'Zug4'}711x@tcp(127.0.0.1:3306)/orders")`,
    `dsn = 'app:${'m4rzip'}an!7@unix(/run/mysqld.sock)/app'`,
    `MYSQL_DSN=anna:${'B1rk3n'}wald@tcp(10.0.0.4)/a`,
  ],
  ignores: [
    'user:password@tcp(localhost:3306)/db',
    'root:root@tcp(db)/shop',
    'root:@tcp(db:3306)/shop',
    `${'$'}{USER}:${'$'}{PASSWORD}@tcp(db)/shop`,
    'the form is <user>:<password>@tcp(<host>)/<db>',
  ],
});
