import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'vercel-legacy-token',
  family: 'secret',
  summary: 'Vercel tokens from before prefixes, by the name of the service: 24 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.92,
  // vercel.com/docs, "Sign in with a token".
  pattern: assignment('vercel[\\w .-]{0,8}token', '\\b[A-Za-z0-9]{24}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `VERCEL_TOKEN=${'Jm7d'}QBkHfHncCpNJkUmcVkYF`,
    `{"vercelToken": "${'Pl7y'}QvkBe1GKYdjF76PApTta"}`,
    `export VERCEL_TOKEN='${'M57H'}QQkrQwjEeuhCId7XfrCJ'; make deploy`,
    `vercel_token: ${'567s'}QZkCBQRyCvWMx66lOfWg\nregion: eu`,
  ],
  ignores: [
    'VERCEL_TOKEN=process.env.VERCEL_TOKEN',
    'VERCEL_TOKEN=<your Vercel key>',
    `checksum=${'kb7j'}QWkz2snrjQ3mVe65iuE8`,
    'VERCEL_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxx',
    `Vercel answered in 120 ms, request ${'6w7W'}QTktnBl0k8V1ErDZUUE1`,
    `vercelToken=${'3u7c'}Qyku1UB6hRFrPivqG`,
  ],
});
