import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'coinbase-secret',
  family: 'secret',
  summary: 'Coinbase API keys and secrets, by the name of the service.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('coinbase[\\w .-]{0,12}(?:secret|token|key)', '\\b(?:[A-Za-z0-9+/]{60,64}={0,2}|[A-Za-z0-9_-]{64}|[A-Za-z0-9]{32})'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `COINBASE_API_SECRET=${'r7QIW5'}pyOZR2hJo2dOyoMEaVo0sn00Gw`,
    `{"coinbaseApiSecret": "${'r7Q5t1'}7PToe2bzV2E4H38x5OcEYGdlDk"}`,
    `Coinbase API secret is ${'r7Qa6i'}TXq3z6NjUU031R0yLzEmDOkxDg`,
    `COINBASE_API_SECRET = '${'r7Qwst'}CiJFMJUItApXvm666NWCsSOBTe'`,
  ],
  ignores: [
    'COINBASE_API_SECRET=process.env.COINBASE_API_SECRET',
    'COINBASE_API_SECRET=<your Coinbase key>',
    `checksum=${'r7Qu4u'}d99J1qpMgwmOWX7AhP7djxHybg`,
    `COINBASE_API_SECRET=${'x'.repeat(32)}`,
    `Coinbase answered in 120 ms, request ${'r7Qu4u'}d99J1qpMgwmOWX7AhP7djxHybg`,
    'coinbaseApiSecret=r7QxdqnkU8o7Zfi',
  ],
});
