import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'snyk-token',
  family: 'secret',
  summary: 'Snyk API and OAuth tokens, by the name of the service: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.snyk.io, "Authentication for API".
  pattern: assignment('snyk[\\w .-]{0,10}(?:token|key|secret|api|oauth)', '\\b[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SNYK_TOKEN=${'f860'}a64a-2c78-46eb-ac32-ca4ccd78649a`,
    `{"snykToken": "${'741b'}4f04-34db-4023-adf0-a5336851a6f9"}`,
    `export SNYK_TOKEN='${'1604'}ace5-e6c9-4be1-ad55-152e96e1357b'; make deploy`,
    `SNYK_OAUTH=${'d99e'}deef-1942-4c43-a651-537e174c2d7d`,
    `snyk_token: ${'d997'}deef-1942-4c43-a651-537e174c2d7d\nregion: eu`,
  ],
  ignores: [
    'SNYK_TOKEN=process.env.SNYK_TOKEN',
    'SNYK_TOKEN=<your Snyk key>',
    `checksum=${'7cd2'}a5a9-5345-4819-ae37-b5b0ae8e2db4`,
    'SNYK_TOKEN=00000000-0000-0000-0000-000000000000',
    `Snyk answered in 120 ms, request ${'c240'}5ffe-4a8f-4999-a2d3-6844c675a94b`,
    'snykToken=84f1cf99-a486-4abc-8abc-ee70eb3d44',
  ],
});
