import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'maxmind-key',
  family: 'secret',
  summary: 'MaxMind licence keys: 29 characters ending in _mmk, older ones by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('(?:maxmind|geoip)[\\w .-]{0,12}(?:key|licen[cs]e)', '\\b(?:[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk|[A-Za-z0-9]{16})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `MAXMIND_LICENSE_KEY=${'r7QDc2'}c7RlFfsJ1m`,
    `{"maxmindKey": "${'r7QUup'}2inPmhBm1b"}`,
    `MaxMind license key is ${'r7QNu6'}A49urAaBSw`,
    `MAXMIND_LICENSE_KEY = '${'r7Ql6n'}NPCnUIswj2'`,
  ],
  ignores: [
    'MAXMIND_LICENSE_KEY=process.env.MAXMIND_LICENSE_KEY',
    'MAXMIND_LICENSE_KEY=<your MaxMind key>',
    `checksum=${'r7QZGf'}Q9236mFXjX`,
    `MAXMIND_LICENSE_KEY=${'x'.repeat(16)}`,
    `MaxMind answered in 120 ms, request ${'r7QZGf'}Q9236mFXjX`,
    'maxmindKey=r7QHdeN',
  ],
});
