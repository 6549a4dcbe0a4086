import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'analytics-secret',
  family: 'secret',
  summary: 'Secrets of Mixpanel, Amplitude, Segment and Heap, by the name of the service.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.85,
  pattern: assignment('(?:mixpanel|amplitude|segment|heap)[\\w .-]{0,8}(?:secret|write)[ ._-]?(?:key)?', '\\b[A-Za-z0-9]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `MIXPANEL_API_SECRET=${'r7Q8uu'}4H2AyCTQfIGOnw1j5Pd1i9yrhB`,
    `{"segmentWriteKey": "${'r7Q7t6'}1un9MrV1VvRefrfEvgC3spSfxx"}`,
    `Amplitude secret key is ${'r7QWVx'}qdW8z0mtTBVKEIpILvL4n5P1ZH`,
    `MIXPANEL_API_SECRET = '${'r7QLyh'}UV1fzoOaM3W5CyHwanIwty6hkC'`,
  ],
  ignores: [
    'MIXPANEL_API_SECRET=process.env.MIXPANEL_API_SECRET',
    'MIXPANEL_API_SECRET=<your Mixpanel key>',
    `checksum=${'r7QK3s'}XxbA1PCnghDGBB6b17rgEjFRLO`,
    `MIXPANEL_API_SECRET=${'x'.repeat(32)}`,
    `Mixpanel answered in 120 ms, request ${'r7QK3s'}XxbA1PCnghDGBB6b17rgEjFRLO`,
    'segmentWriteKey=r7QqUQXPLxoO9MZ',
  ],
});
