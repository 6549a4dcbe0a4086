import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'oracle-login',
  family: 'secret',
  summary: 'Oracle logins with a password: user/password@host behind jdbc:oracle, sqlplus, expdp and impdp; words pass.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.93,
  pattern:
    /\b(?:jdbc:oracle:(?:thin|oci8?):|sqlplus\s(?:-[A-Za-z]{1,2}\s){0,2}|(?:imp|exp)dp\s|rman\starget\s)["']?[\w$#.-]{1,30}\/["']?[!#-&(-.0-?A-~]{4,40}["']?@/,
  check: (candidate) => isPassword(withoutQuotes(candidate.slice(candidate.indexOf('/') + 1, -1))),
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `jdbc:oracle:thin:shop/${'tUlp3'}nfeld9@db:1521:XE`,
    `sqlplus -S shop/${'Zug4'}711x@//db/XE @a.sql`,
    `impdp system/${'m4rzip'}4n@orcl full=y`,
    `jdbc:oracle:oci:shop/${'B1rk3n'}wald@//db.example.com:1521/orders`,
  ],
  ignores: [
    'jdbc:oracle:thin:@db:1521:XE',
    'jdbc:oracle:thin:scott/tiger@db:1521:XE',
    'sqlplus $USER/$PASSWORD@db',
    'sqlplus / as sysdba',
    'jdbc:oracle:thin:<user>/<password>@db',
    'impdp shop/password@orcl',
  ],
});

function withoutQuotes(text: string): string {
  const from = '"\''.includes(text[0]!) ? 1 : 0;
  return text.slice(from, '"\''.includes(text[text.length - 1]!) ? -1 : text.length);
}
