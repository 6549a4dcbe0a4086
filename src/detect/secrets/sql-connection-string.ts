import { assignedValue } from '../checks/assigned-value.ts';
import { isReference, isStandIn } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sql-connection-string',
  family: 'secret',
  summary: 'Passwords in ADO.NET, ODBC, libpq and JDBC connection strings, beside a server and a user.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.93,
  pattern: /\b(?:password|pwd)\s?=\s?["'{]?[!#-%(-:=?-_a-z|~\u00a1-\ud7ff]{3,50}/i,
  nearby: ['server=', 'data source=', 'host=', 'user id=', 'uid=', 'username=', 'jdbc:', 'dbname=', 'initial catalog=', 'database='],
  check: isDatabasePassword,
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `Server=db.example.com;Database=shop;User Id=app;Password=${'tUlp3'}nfeld9;`,
    `Driver={ODBC Driver 18};Server=10.0.0.4;Uid=sa;Pwd=${'Zug4'}711x;Encrypt=yes`,
    `jdbc:mysql://db.example.com/shop?user=app&password=${'m4rzip'}an7`,
    `"host=db.example.com dbname=shop user=app password=${'q8Zt3'}LmW5"`,
  ],
  ignores: [
    'Server=db;Database=shop;User Id=app;Password=<password>;',
    'Server=db;User Id=sa;Password=password;',
    'Server=db;Uid=app;Pwd=$DB_PASSWORD;',
    'jdbc:mysql://db/shop?user=app&password={password}',
    'Server=db;Integrated Security=true;',
    '"host=db user=app password=%s"',
    'Server=db;User Id=app;Password=xxxxxxxx;',
    'connect(username=username, password=password, timeout=3)',
    'connect(username=None, password=proxy_password)',
  ],
});

/** What stands between two settings. */
const SEPARATORS = [';', '?', '&', '"', "'", ' '];

/** The check of a candidate: its value is neither a variable nor a word of documentation, whose beginning does not count either. */
function isDatabasePassword(candidate: string, before: string): boolean {
  if (!SEPARATORS.includes(before.at(-1) ?? 'none') || isArgument(before)) return false;
  const value = assignedValue(candidate);
  return (
    value.length >= 5 && !isStandIn(value) && !isReference(value) && !'password'.startsWith(value.toLowerCase()) && !value.startsWith('%')
  );
}

/** Whether the setting is an argument of a call: those of a connection string have no comma between them. */
function isArgument(before: string): boolean {
  return before.trimEnd().endsWith(',');
}
