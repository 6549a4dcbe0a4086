import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'clickhouse-cloud-key',
  family: 'secret',
  summary: 'ClickHouse Cloud API secrets: 4b1d and 38 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b4b1d[A-Za-z0-9]{38}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `--token ${'4b1d'}r7QaA9GxSbM2pOUqB5OnOXFds7uuJkDZVnWR9P --verbose`,
    `Authorization: Bearer ${'4b1d'}r7QrjxoRDK6Q9aLL8m328T1DGraNHxUiqa5Pw1`,
    `| CLICKHOUSE_CLOUD_KEY | ${'4b1d'}r7QNxFikjkOefqJV93XMw0Dg03wDUmHCg3cMAN |`,
    `the key is ${'4b1d'}r7QO8QoqS30b8SyL6bIGwFZdp3CXc7yX72VQTL, please rotate it`,
  ],
  ignores: [
    '4b1d3f786850e387550fdab836ed7e6dc881de2301',
    'commit 4b1d3f7',
    'key = adf4b1dQwE7rTyU8iOp9aSd1fGh2jKl3zXc4vBn5mQ',
    'CLICKHOUSE_CLOUD_KEY=process.env.CLICKHOUSE_CLOUD_KEY',
    'clickhouse_cloud_key: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
