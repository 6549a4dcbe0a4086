import { assignsPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'pgpass',
  family: 'secret',
  summary: 'Lines of .pgpass: host, port, database, user and password with colons between them; variables and words pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  // postgresql.org, "The Password File". It begins with the port: every word could be a host.
  pattern: /:(?:5432|5433|6432|6543|\*):[\w.*-]{1,30}:[\w.@-]{1,30}:[!-9;-~]{4,48}(?:\w\b|[!-/;=?@^~])/,
  check: (candidate) => assignsPassword(`=${candidate.slice(candidate.lastIndexOf(':') + 1)}`),
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `db.example.com:5432:shop:anna:${'tUlp3'}nfeld9`,
    `echo "localhost:5432:*:postgres:${'Zug4'}7x11" >> ~/.pgpass`,
    `*:*:*:anna:${'m4rzip'}an!7`,
    `10.0.0.4:6432:orders:app:${'B1rk3n'}wald\n`,
  ],
  ignores: [
    'hostname:port:database:username:password',
    'localhost:5432:shop:anna:password',
    'localhost:5432:*:postgres:$PGPASSWORD',
    'db:5432:shop:anna:<password>',
    'ports: 5432:5432',
    'arn:aws:rds:*:*:db:shop-orders-2024',
    `db:5432:shop:anna:${'x'.repeat(8)}`,
  ],
});
