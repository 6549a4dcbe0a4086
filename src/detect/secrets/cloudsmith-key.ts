import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cloudsmith-key',
  family: 'secret',
  summary: 'Keys of the package hosts Cloudsmith, packagecloud and Gemfury, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // help.cloudsmith.io, packagecloud.io/docs, gemfury.com.
  pattern: assignment(
    '(?:cloudsmith|gemfury|packagecloud|fury)[\\w .-]{0,10}(?:token|key)',
    '\\b(?:[a-f0-9]{40}|[a-f0-9]{48}|[A-Za-z0-9]{20})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `CLOUDSMITH_API_KEY=${'aa0e'}cdfc58c75c19662190caf18589a32f03f0db`,
    `{"cloudsmithApiKey": "${'a75a'}e89787b3f104dcebe7dc0727e40b4766b0b6"}`,
    `export CLOUDSMITH_API_KEY='${'2015'}f68aac564d5a5255d72472f9d6402e31cef1'; make deploy`,
    `cloudsmith_api_key: ${'6975'}9ada4f3ed89dcc673194867f060fb0b9c623\nregion: eu`,
  ],
  ignores: [
    'CLOUDSMITH_API_KEY=process.env.CLOUDSMITH_API_KEY',
    'CLOUDSMITH_API_KEY=<your Cloudsmith key>',
    `checksum=${'c275'}4c6601bf6e2fb1914b13f1f2092bcec38f79`,
    'CLOUDSMITH_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Cloudsmith answered in 120 ms, request ${'55c6'}d87b66fbfee2c6b0952a8c39801422885d09`,
    `cloudsmithApiKey=${'d54f'}22d9a148ea5c1d1602af6d3bfc9eadea5`,
  ],
});
