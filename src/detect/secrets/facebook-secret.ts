import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'facebook-secret',
  family: 'secret',
  summary: 'Facebook app secrets and client tokens, by the name of the service: 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('(?:facebook|\\bfb|instagram)[\\w .-]{0,16}(?:secret|token|key)', '\\b[0-9a-f]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `FACEBOOK_APP_SECRET=${'9f27c0'}baddde10321a0420015c0aab6a`,
    `{"facebookClientSecret": "${'56ffa1'}b05fc217d929f49f93829309a4"}`,
    `Facebook app secret is ${'03b07c'}3d6590ff2516dce535bd95b436`,
    `FB_APP_SECRET = '${'2be299'}4d074897dd14a4d1320fbfa68b'`,
  ],
  ignores: [
    'FACEBOOK_APP_SECRET=process.env.FACEBOOK_APP_SECRET',
    'FACEBOOK_APP_SECRET=<your Facebook key>',
    `checksum=${'bd5c18'}8dd9006d657b94521904107b4b`,
    `FACEBOOK_APP_SECRET=${'x'.repeat(32)}`,
    `Facebook answered in 120 ms, request ${'bd5c18'}8dd9006d657b94521904107b4b`,
    'facebookClientSecret=7c98cc6a718a0d3',
  ],
});
