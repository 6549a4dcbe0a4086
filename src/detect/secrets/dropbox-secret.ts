import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'dropbox-secret',
  family: 'secret',
  summary: 'Dropbox app keys and secrets, by the name of the service: 15 letters and digits.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern: assignment('dropbox[\\w .-]{0,12}(?:secret|key)', '\\b[a-z0-9]{15}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `DROPBOX_APP_SECRET=${'0l3n1c'}su4ekrie5`,
    `{"dropboxAppKey": "${'mill31'}a0x9g7856"}`,
    `Dropbox app secret is ${'8r5p8z'}jhfzdk6kf`,
    `DROPBOX_APP_SECRET = '${'oyd7hk'}8uia2sbjj'`,
  ],
  ignores: [
    'DROPBOX_APP_SECRET=process.env.DROPBOX_APP_SECRET',
    'DROPBOX_APP_SECRET=<your Dropbox key>',
    `checksum=${'16wn14'}3ulmdgryu`,
    `DROPBOX_APP_SECRET=${'x'.repeat(15)}`,
    `Dropbox answered in 120 ms, request ${'16wn14'}3ulmdgryu`,
    'dropboxAppKey=eg45ej',
  ],
});
