import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'slack-app-token',
  family: 'secret',
  summary: 'Slack app-level tokens: xapp-, a version, the app id, digits and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bxapp-\d-[A-Z0-9]{9,13}-\d{10,14}-[0-9a-f]{60,70}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `the key is ${'xapp-1-A'}DIDUTLDHJH-3594561218211-ce4e4542e51d271374c7ec02cfe6a4f08ea29264d52e32bf741913cb99487321, please rotate it`,
    `{"token":"${'xapp-1-A'}ZIC1QY690M-5723178604325-598d11b349afb697d0759769dc212f77014d37e3ae5ce41e9f0bd8a44667a3ce"}`,
    `slack_app_token: '${'xapp-1-A'}6M817H02R3-8529022149232-1f76d97464468ef19bb5b254aa2804fa8271e4df0345a1e363658ff7a059e035'`,
    `export SLACK_APP_TOKEN="${'xapp-1-A'}8X4WWNRB1Q-8459290461614-714265eaf4764e2f4b704d8cbf6a4c044e325cc9e53291c71abc15ed94467e9e"`,
  ],
  ignores: [
    `${'xapp-1-A'}24YCZF6SCJ-6057012159`,
    `x${'xapp-1-A'}24YCZF6SCJ-6057012159969-77d9ecfd7ad0cc687e5eb2fa465f01f957e5c970fb324b2d0036ee18581ba1c4`,
    `${'xapp-1-A'}${'x'.repeat(89)}`,
    'xapp-1-A is how such a token begins',
    'SLACK_APP_TOKEN=process.env.SLACK_APP_TOKEN',
    'slack_app_token: <your token>',
  ],
});
