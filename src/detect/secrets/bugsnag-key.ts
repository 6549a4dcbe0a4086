import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'bugsnag-key',
  family: 'secret',
  summary: 'Bugsnag, Airbrake and Honeybadger keys, by the name of the service.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern: assignment('(?:bugsnag|airbrake|honeybadger)[\\w .-]{0,12}(?:key|token)', '\\b(?:[0-9a-f]{32}|hbp_[A-Za-z0-9]{36})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `BUGSNAG_API_KEY=${'a9e68c'}0173f79d493a54eef4179c3c82`,
    `{"airbrakeProjectKey": "${'206d2e'}9147bd123a777f377685fd3cb7"}`,
    `Honeybadger API key is ${'4cc202'}91e29b32bbef2459a9703c216c`,
    `BUGSNAG_API_KEY = '${'b2ba3c'}60f1812a0021a930a73416d12f'`,
  ],
  ignores: [
    'BUGSNAG_API_KEY=process.env.BUGSNAG_API_KEY',
    'BUGSNAG_API_KEY=<your Bugsnag key>',
    `checksum=${'640ab2'}9375cde4406fa304d00a869740`,
    `BUGSNAG_API_KEY=${'x'.repeat(32)}`,
    `Bugsnag answered in 120 ms, request ${'640ab2'}9375cde4406fa304d00a869740`,
    'airbrakeProjectKey=98411a0ec6428f1',
  ],
});
