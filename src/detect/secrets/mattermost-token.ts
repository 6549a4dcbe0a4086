import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mattermost-token',
  family: 'secret',
  summary: 'Mattermost access tokens, by the name of the service: 26 lower-case letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('mattermost[\\w .-]{0,16}(?:token|secret)', '\\b[a-z0-9]{26}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `MATTERMOST_ACCESS_TOKEN=${'klwjm6'}gs7k1xrzfahn0jjgt9sp`,
    `{"mattermostBotToken": "${'2amhnp'}t9akogl27o6k91gyr9j3"}`,
    `Mattermost token is ${'2vl2at'}9npghgwrct6gs6tx6paq`,
    `MATTERMOST_ACCESS_TOKEN = '${'g0eig3'}1814s8s6wfqcfwk82ihl'`,
  ],
  ignores: [
    'MATTERMOST_ACCESS_TOKEN=process.env.MATTERMOST_ACCESS_TOKEN',
    'MATTERMOST_ACCESS_TOKEN=<your Mattermost key>',
    `checksum=${'wm3au5'}ouqvnjh3llky8k8vrmgo`,
    `MATTERMOST_ACCESS_TOKEN=${'x'.repeat(26)}`,
    `Mattermost answered in 120 ms, request ${'wm3au5'}ouqvnjh3llky8k8vrmgo`,
    'mattermostBotToken=53acyww2q9qw',
  ],
});
