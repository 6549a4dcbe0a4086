import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'postmark-token',
  family: 'secret',
  summary: 'Postmark server and account tokens, by the name of the service: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    '(?:postmark[\\w .-]{0,16}(?:token|key)|x-postmark-(?:server|account)-token)',
    '\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `POSTMARK_SERVER_TOKEN=${'4a6799'}78-09d5-40bc-9be1-f610a2db824a`,
    `{"X-Postmark-Server-Token": "${'910c1e'}1b-255f-432a-a708-9e4bd5274b83"}`,
    `Postmark API token is ${'e0f691'}55-e6ce-465e-aaa6-3850f4800abe`,
    `POSTMARK_SERVER_TOKEN = '${'9c8e5c'}e1-9ea9-4f05-9e3d-22881221d206'`,
  ],
  ignores: [
    'POSTMARK_SERVER_TOKEN=process.env.POSTMARK_SERVER_TOKEN',
    'POSTMARK_SERVER_TOKEN=<your Postmark key>',
    `checksum=${'df4590'}95-590c-4577-9023-989169357c2d`,
    `POSTMARK_SERVER_TOKEN=${'x'.repeat(36)}`,
    `Postmark answered in 120 ms, request ${'df4590'}95-590c-4577-9023-989169357c2d`,
    'X-Postmark-Server-Token=1dbd5ac9-3d7d-43d',
  ],
});
