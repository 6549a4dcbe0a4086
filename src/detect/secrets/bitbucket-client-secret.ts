import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'bitbucket-client-secret',
  family: 'secret',
  summary: 'Bitbucket OAuth consumer secrets, by the name of the service: 32 or 64 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // support.atlassian.com, "OAuth consumers".
  pattern: assignment('bitbucket[\\w .-]{0,10}(?:secret|key)', '\\b(?:[A-Za-z0-9]{32}|[A-Za-z0-9_=-]{64})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `BITBUCKET_CLIENT_SECRET=${'Gy7e'}QakKjSfdjB5ZM583qAE2hk6ntEC8`,
    `{"bitbucketClientSecret": "${'CA7F'}QRkjKrHnNpPm4rpC70kcxrF1ESZ3"}`,
    `export BITBUCKET_CLIENT_SECRET='${'Od7u'}Q6kJSOubUo4CT55ENd7HryDX8MrD'; make deploy`,
    `bitbucket_client_secret: ${'487M'}QHkEd5G7zTDRSTjA9vOdGpWRJgoB\nregion: eu`,
  ],
  ignores: [
    'BITBUCKET_CLIENT_SECRET=process.env.BITBUCKET_CLIENT_SECRET',
    'BITBUCKET_CLIENT_SECRET=<your Bitbucket key>',
    `checksum=${'ZL74'}QWkln0cZmWHcOjhXeVpCDGSZxxAA`,
    'BITBUCKET_CLIENT_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Bitbucket answered in 120 ms, request ${'627n'}QkkRGIO8gUopeAfDVUKNBLaZfOkE`,
    `bitbucketClientSecret=${'Z57Y'}QxkUcSeIjDzEtRezDslSeKT4n`,
  ],
});
