import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'line-channel-token',
  family: 'secret',
  summary: 'LINE channel secrets, by the name of the service: 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('line[ ._-]?(?:bot[ ._-]?)?channel[ ._-]?secret', '\\b[0-9a-f]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `LINE_CHANNEL_SECRET=${'c93b9c'}9ac067f9bd76cb5a38a70f36a6`,
    `{"lineChannelSecret": "${'f48ea4'}78319939d92fee2ce536c37163"}`,
    `LINE channel secret is ${'c356c6'}5ea446d92d27ee32705d842cc1`,
    `LINE_CHANNEL_SECRET = '${'38143d'}b08b3e9cfe07942b6c91837d82'`,
  ],
  ignores: [
    'LINE_CHANNEL_SECRET=process.env.LINE_CHANNEL_SECRET',
    'LINE_CHANNEL_SECRET=<your LINE key>',
    `checksum=${'f32c6f'}f6a3f8ee280ed294e101c024b2`,
    `LINE_CHANNEL_SECRET=${'x'.repeat(32)}`,
    `LINE answered in 120 ms, request ${'f32c6f'}f6a3f8ee280ed294e101c024b2`,
    'lineChannelSecret=bac427f63d7e7be',
  ],
});
