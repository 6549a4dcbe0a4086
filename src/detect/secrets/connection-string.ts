import { isUrlPassword } from '../checks/url-password.ts';
import { detector } from '../detector.ts';

const DATABASES =
  'postgres(?:ql)?|mysqlx?|mariadb|mongodb|rediss?|valkey|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb|couchdb|couchbases?|cassandra|scylla|neo4j|bolt|ldaps?|nats|kafka|elasticsearch|influxdb|snowflake|libsql|db2|hive|trino|presto|redshift|vertica|surrealdb';

export default detector({
  name: 'connection-string',
  family: 'secret',
  summary: 'Connection URLs of databases, queues and directories with a password; placeholders and defaults such as postgres pass.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  pattern: new RegExp(
    `\\b(?:${DATABASES})(?:\\+[a-z0-9]{1,12})?:\\/\\/[\\w.%+~!*;=&-]{0,36}:[!#-&(-.0-;=?A-[\\]-~\\u00a1-\\ud7ff]{3,50}@[A-Za-z0-9[]`,
    'i',
  ),
  check: isUrlPassword,
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `DATABASE_URL=postgres://app:${'tUlp3'}nfeld9@db.example.com:5432/app`,
    `mongodb+srv://anna:${'Zug4'}711x@cluster0.ab1cd.mongodb.net/prod`,
    `redis://:${'q8Zt3'}LmW5xR1n@cache.internal:6379/0`,
    `amqps://shop:${'m4rzip'}an@mq.example.com/orders`,
    `"mysql+pymysql://root:${'B1rken'}wald@10.0.0.4/shop"`,
  ],
  ignores: [
    'postgres://user:password@localhost:5432/db',
    'postgres://postgres:postgres@localhost/test',
    `postgres://app:${'$'}{DB_PASSWORD}@db/app`,
    'redis://localhost:6379/0',
    'mongodb://<user>:<password>@cluster0.mongodb.net',
    'amqp://guest:guest@localhost:5672',
    'mysql://root@localhost/shop',
    `postgresql://app:${'x'.repeat(8)}@db/app`,
    'postgres://{user}:{password}@{host}/db',
  ],
});
