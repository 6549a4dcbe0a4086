import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'twitch-secret',
  family: 'secret',
  summary: 'Twitch client secrets and access tokens, by the name of the service: 30 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: assignment('\\btwitch[\\w .-]{0,12}(?:key|token|secret)', '\\b[a-z0-9]{30}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `TWITCH_CLIENT_SECRET=${'x76mks'}7d7fqhm385sgtinlkpjo871j`,
    `{"twitchToken": "${'funk6k'}6u1s9dfwx4lzi8usml37mjry"}`,
    `Twitch token is ${'8w69nj'}322gqe62t5togfpphydixjqa`,
    `TWITCH_CLIENT_SECRET = '${'ofpss9'}1vlhpsacwph9se8tvo7lkfwy'`,
  ],
  ignores: [
    'TWITCH_CLIENT_SECRET=process.env.TWITCH_CLIENT_SECRET',
    'TWITCH_CLIENT_SECRET=<your Twitch key>',
    `checksum=${'704q37'}pn2o71tvw4ymy5w5hr3ug6uw`,
    `TWITCH_CLIENT_SECRET=${'x'.repeat(30)}`,
    `Twitch answered in 120 ms, request ${'704q37'}pn2o71tvw4ymy5w5hr3ug6uw`,
    'twitchToken=704q37pn2',
  ],
});
